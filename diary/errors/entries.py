"""Errors of entries, media and music."""

from __future__ import annotations

from diary.errors.base import DiaryError


class UnknownMood(DiaryError):
    """Not one of the seven moods."""


class IntensityOutOfRange(DiaryError):
    """Not an intensity from 1 to 5."""


class DayInFuture(DiaryError):
    """The day has not come yet in the person's time zone."""


class DayTooEarly(DiaryError):
    """The day lies before the first year that a diary can have."""


class NoteTooLong(DiaryError):
    """The note has more characters than the maximum."""


class TooManyTags(DiaryError):
    """The entry has more tags than the maximum."""


class TagTooLong(DiaryError):
    """One tag has more characters than the maximum."""


class UnknownFeeling(DiaryError):
    """Not one of the feelings in assets/feelings.tsv."""


class TooManyFeelings(DiaryError):
    """The entry has more feelings than the maximum."""


class EntryNotFound(DiaryError):
    """The entry was deleted, or belongs to another person."""


class EntryChanged(DiaryError):
    """Another tab saved the entry after this one opened it."""


class EntryAltered(DiaryError):
    """Something changed the entry outside Haru, so nothing but the person's own look at it can vouch for it."""


class AlreadyBack(DiaryError):
    """What was deleted is in the diary again, from an import or another tab: undoing changes nothing."""


class KeepingNotAllowed(DiaryError):
    """The person has not allowed Haru to store recordings and pictures."""


class TooManyPhotos(DiaryError):
    """The entry has more photographs than the maximum."""


class TooManyEntries(DiaryError):
    """The account would have more entries than the operator allows (`HARU_ACCOUNT_ENTRIES`)."""


class TooMuchMedia(DiaryError):
    """The account would hold more media than the operator allows (`HARU_ACCOUNT_MEGABYTES`)."""


class OwnTrackTooLarge(DiaryError):
    """The audio has more bytes than the maximum."""


class TooManyOwnTracks(DiaryError):
    """The person has the maximum of own tracks already."""


class TooManyMusicLists(DiaryError):
    """The person has the maximum of saved lists of tracks already."""
