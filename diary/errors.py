"""Everything the diary can refuse, each with the code of the sentence that tells the person what to do.

The sentence for `code` is `error.<code>` in both catalogues under assets/locales (tested). An error never
carries a password, a token or a word of anyone's diary: it may end up in a log.
"""

from __future__ import annotations


class DiaryError(Exception):
    """Something a person is to be told in one clear sentence."""

    code = "unexpected"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts
        """What the sentence needs to be exact: a number of minutes, a limit."""


# --- at the door ---------------------------------------------------------------------------------


class NameTaken(DiaryError):
    code = "name_taken"


class NameUnusable(DiaryError):
    code = "name_unusable"


class PasswordTooShort(DiaryError):
    code = "password_too_short"


class PasswordTooLong(DiaryError):
    code = "password_too_long"


class PasswordIsName(DiaryError):
    code = "password_is_name"


class PasswordsDiffer(DiaryError):
    code = "passwords_differ"


class SignInFailed(DiaryError):
    """Wrong name or wrong password: which of the two is nobody's business."""

    code = "sign_in_failed"


class WrongPassword(DiaryError):
    code = "wrong_password"


class WrongRecoveryCode(DiaryError):
    code = "wrong_recovery_code"


class TooManyTries(DiaryError):
    code = "too_many_tries"


class TooYoung(DiaryError):
    code = "too_young"


class BirthDateUnusable(DiaryError):
    code = "birth_date_unusable"


class StorageNotAllowed(DiaryError):
    """The one consent without which there is no diary."""

    code = "storage_not_allowed"


class SessionEnded(DiaryError):
    code = "session_ended"


class FormExpired(DiaryError):
    code = "form_expired"


class FormTooLarge(DiaryError):
    code = "form_too_large"


# --- entries -------------------------------------------------------------------------------------


class UnknownMood(DiaryError):
    code = "unknown_mood"


class IntensityOutOfRange(DiaryError):
    code = "intensity_out_of_range"


class DayInFuture(DiaryError):
    code = "day_in_future"


class DayTooEarly(DiaryError):
    code = "day_too_early"


class NoteTooLong(DiaryError):
    code = "note_too_long"


class TooManyTags(DiaryError):
    code = "too_many_tags"


class TagTooLong(DiaryError):
    code = "tag_too_long"


class EntryNotFound(DiaryError):
    code = "entry_not_found"


class EntryChanged(DiaryError):
    """Another tab saved this entry since it was opened here."""

    code = "entry_changed"


class KeepingNotAllowed(DiaryError):
    """Sound and pictures are kept only with the person's own switch."""

    code = "keeping_not_allowed"


class OwnTrackTooLarge(DiaryError):
    code = "own_track_too_large"


class TooManyOwnTracks(DiaryError):
    code = "too_many_own_tracks"


class Unopenable(DiaryError):
    """A sealed piece does not open with this key: damaged, or moved from another place."""

    code = "unopenable"


class KeyDoesNotFit(DiaryError):
    """Most of the diary does not open: rather the wrong key than damage, so nothing is deleted as damaged."""

    code = "key_does_not_fit"


class KeyDamaged(DiaryError):
    """The password is right, but the key that it unwraps is damaged; the recovery code's copy may be whole."""

    code = "key_damaged"


class RecoveryCodeDamaged(DiaryError):
    """The code that was to be noted down does not open; another one can be made."""

    code = "recovery_code_damaged"


# --- files that are brought in -------------------------------------------------------------------


class FileRefused(DiaryError):
    """A file that cannot be brought in; nothing was changed."""

    code = "file_unknown"


class FileUnknown(FileRefused):
    """Readable, but none of the formats the diary knows."""

    code = "file_unknown"


class FileEmpty(FileRefused):
    code = "file_empty"


class FileTooLarge(FileRefused):
    """Larger than memory should hold, packed or once unpacked."""

    code = "file_too_large"


class FileCutShort(FileRefused):
    """It begins as it should and then stops: a broken download."""

    code = "file_cut_short"


class FileDamaged(FileRefused):
    code = "file_damaged"


class FileRepeats(FileRefused):
    """A zip holds one name twice, or its entries name one recording or picture twice."""

    code = "file_repeats"


class TooManyMedia(FileRefused):
    code = "too_many_media"


class FileIsTable(FileRefused):
    """The diary's own table, which is for looking at."""

    code = "file_is_table"


class FileIsNewer(FileRefused):
    code = "file_is_newer"


class LineUnreadable(FileRefused):
    """One line or one entry is not what it should be; `place` counts from one."""

    code = "line_unreadable"


class DateUnreadable(FileRefused):
    code = "date_unreadable"


class DatesContradict(FileRefused):
    """The day comes first in one line, the month in another."""

    code = "dates_contradict"


class DatesAmbiguous(FileRefused):
    """Nothing in the file tells the day from the month: the person has to say."""

    code = "dates_ambiguous"


class MoodsUndecided(FileRefused):
    """Some moods of the file have no mood of the seven yet."""

    code = "moods_undecided"


class AnotherDiary(FileRefused):
    """The file was exported from another account; that it was one's own has to be said."""

    code = "another_diary"


class DiaryMovedOn(FileRefused):
    """Between the dry run and the real one the diary changed."""

    code = "diary_moved_on"


# --- the file underneath -------------------------------------------------------------------------


class DatabaseError(DiaryError):
    """The diary's file cannot be used just now; nothing was changed."""

    code = "database_broken"


class DatabaseBroken(DatabaseError):
    code = "database_broken"


class DatabaseBusy(DatabaseError):
    code = "database_busy"


class DatabaseReadOnly(DatabaseError):
    code = "database_read_only"


class DiskFull(DatabaseError):
    code = "disk_full"


class MigrationFailed(DatabaseError):
    code = "migration_failed"
