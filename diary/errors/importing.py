"""Errors of files that people import."""

from __future__ import annotations

from diary.errors.base import DiaryError


class FileRefused(DiaryError):
    """A file that Haru does not import; the diary did not change."""

    code = "file_unknown"


class FileUnknown(FileRefused):
    """No format that Haru knows."""


class FileEmpty(FileRefused):
    """The file has no entries."""


class FileTooLarge(FileRefused):
    """The file is larger than the limit, packed or unpacked."""


class FileTooManyMembers(FileRefused):
    """The zip has more files than Haru looks through."""


class FileTooManyEntries(FileRefused):
    """The file has more entries than Haru reads from one file."""


class FileTooSlow(FileRefused):
    """The file takes longer to read than any diary does."""


class FileCutShort(FileRefused):
    """The file stops in the middle, as after a broken download."""


class FileDamaged(FileRefused):
    """The file has a known format but cannot be read."""


class FileRepeats(FileRefused):
    """A zip or its entries name one file twice."""


class TooManyMedia(FileRefused):
    """More recordings and pictures than one entry can have."""


class TooManyValues(FileRefused):
    """More values of trackers than the diary reads from one file."""


class HealthExportEmpty(FileRefused):
    """A health app's export without sleep, steps, workouts and states of mind."""


class FileIsTable(FileRefused):
    """Haru's own table, which it only exports."""


class FileIsNewer(FileRefused):
    """A later version of Haru exported the file."""


class LineUnreadable(FileRefused):
    """One line or entry is invalid; `place` counts from one."""


class DateUnreadable(FileRefused):
    """One date is in no known form; `place` counts from one."""


class DatesContradict(FileRefused):
    """One line begins with the day, another with the month."""


class DatesAmbiguous(FileRefused):
    """The file does not show which number is the day; the person must choose."""


class MoodsUndecided(FileRefused):
    """The person has not chosen a mood for each mood of the file."""


class AnotherDiary(FileRefused):
    """Another account exported the file; the person must confirm that it was theirs."""


class DiaryMovedOn(FileRefused):
    """The diary changed between the plan and the import."""
