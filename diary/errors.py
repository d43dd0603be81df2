"""The errors that the diary raises. `errors.NoteTooLong().code` is "note_too_long".

Each class has a sentence for the person, `error.<code>` in both catalogues under assets/locales. An error carries no
password, no token and no note, because it may be logged.

DiaryError
  x SignUpRefused
    x SignUpClosed
    x InvitationNeeded
    x InvitationUnknown
    x InvitationUsed
    x InvitationExpired
  x NameTaken
  x NameUnusable
  x PasswordTooShort
  x PasswordTooLong
  x PasswordIsName
  x PasswordTooCommon
  x PasswordsDiffer
  x SignInFailed
  x AccountLocked
  x WrongPassword
  x WrongRecoveryCode
  x WrongPin
  x NoPin
  x PinUnusable
  x PinTooEasy
  x TooManyTries
    x TooManyGuesses
    x TooManyRequests
  x TooYoung
  x BirthDateUnusable
  x StorageNotAllowed
  x SessionEnded
    x SessionLocked
  x FormExpired
  x FormTooLarge
  x ServerBusy
  x TokenNameUnusable
  x TokenWithoutScope
  x TokenLastsTooLong
  x TooManyTokens
  x RequestRefused
    x TokenMissing
    x TokenUnknown
    x ScopeMissing
    x NothingHere
    x MethodUnknown
    x BodyNotJson
    x BodyTooLarge
    x BodyUnreadable
    x FieldMissing
    x FieldUnknown
    x FieldWrong
    x TooManyDays
  x ChallengeExpired
  x PasskeyUnknown
  x PasskeyRefused
  x PasskeyWithoutSecret
  x PasskeyGaveNoSecret
  x PasskeyDoesNotOpen
  x PasskeyCopied
  x PasskeyKnown
  x PasskeyNotFound
  x PasskeyNameUnusable
  x PasskeysNeedName
  x PasskeysElsewhere
  x TooManyPasskeys
  x WrongCode
  x SignInTooOld
  x SetupTooOld
  x SecondFactorOff
  x IdentityTaken
  x ProviderError
    x ProviderUnreachable
    x ProviderAnswerWrong
    x ProviderRefused
  x UnknownMood
  x IntensityOutOfRange
  x DayInFuture
  x DayTooEarly
  x NoteTooLong
  x TooManyTags
  x TagTooLong
  x UnknownFeeling
  x TooManyFeelings
  x EntryNotFound
  x EntryChanged
  x EntryAltered
  x AlreadyBack
  x KeepingNotAllowed
  x TooManyPhotos
  x TooManyEntries
  x TooMuchMedia
  x OwnTrackTooLarge
  x TooManyOwnTracks
  x TooManyMusicLists
  x TooManyTrackers
  x TrackerNameEmpty
  x TrackerNameTooLong
  x TrackerNameTaken
  x EmojiUnusable
  x UnknownTrackerKind
  x TrackerValueOutOfRange
  x TrackerNotFound
  x ReminderWithoutDay
  x DeviceUnusable
  x TooManyDevices
  x AddressUnusable
  x CodeWrong
  x TooManyTrusted
  x LinkUnusable
  x ReminderNotSent
  x Unopenable
  x KeyDoesNotFit
  x KeyDamaged
  x RecoveryCodeDamaged
  x FileRefused
    x FileUnknown
    x FileEmpty
    x FileTooLarge
    x FileTooManyMembers
    x FileTooManyEntries
    x FileTooSlow
    x FileCutShort
    x FileDamaged
    x FileRepeats
    x TooManyMedia
    x TooManyValues
    x HealthExportEmpty
    x FileIsTable
    x FileIsNewer
    x LineUnreadable
    x DateUnreadable
    x DatesContradict
    x DatesAmbiguous
    x MoodsUndecided
    x AnotherDiary
    x DiaryMovedOn
  x DatabaseError
    x DatabaseBroken
    x DatabaseBusy
    x DatabaseReadOnly
    x DiskFull
    x MigrationFailed
"""

from __future__ import annotations

import re

_CAPITAL = re.compile("(?<!^)(?=[A-Z])")


class DiaryError(Exception):
    """An error with one clear sentence for the person."""

    code = "unexpected"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts
        """Values for the sentence: a number of minutes, a limit."""

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            cls.code = _CAPITAL.sub("_", cls.__name__).lower()


# Accounts, sessions and forms


class SignUpRefused(DiaryError):
    """Nobody can make an account in this way."""


class SignUpClosed(SignUpRefused):
    """This server takes no new people."""


class InvitationNeeded(SignUpRefused):
    """This server takes new people by invitation only."""


class InvitationUnknown(SignUpRefused):
    """The link was never made, is not whole, or was revoked."""


class InvitationUsed(SignUpRefused):
    """An account was made with the link before."""


class InvitationExpired(SignUpRefused):
    """The link was valid for some days only."""


class NameTaken(DiaryError):
    """Another account has this name."""


class NameUnusable(DiaryError):
    """The name is too short, too long or not visible."""


class PasswordTooShort(DiaryError):
    """The password has fewer characters than the minimum."""


class PasswordTooLong(DiaryError):
    """The password has more characters than the maximum."""


class PasswordIsName(DiaryError):
    """The password is the name, perhaps with digits and signs."""


class PasswordTooCommon(DiaryError):
    """Guessing programs try the password first."""


class PasswordsDiffer(DiaryError):
    """The two typed passwords differ."""


class SignInFailed(DiaryError):
    """Wrong name or wrong password; the person does not learn which."""


class AccountLocked(DiaryError):
    """The operator locked the account; told only to a person who has a session, the password or the code."""


class WrongPassword(DiaryError):
    """A signed-in person typed a wrong password."""


class WrongRecoveryCode(DiaryError):
    """Wrong name or wrong recovery code."""


class WrongPin(DiaryError):
    """The PIN does not fit; some tries are left."""


class NoPin(DiaryError):
    """This browser has no PIN, or not any more after too many wrong ones."""


class PinUnusable(DiaryError):
    """A PIN has some digits and nothing else."""


class PinTooEasy(DiaryError):
    """A PIN that people try first, such as 1234."""


class TooManyTries(DiaryError):
    """The throttle refuses further tries for a while."""


class TooManyGuesses(TooManyTries):
    """Too many tries at a name or from an address; a browser that the account knows need not wait."""


class TooManyRequests(TooManyTries):
    """A program asks more often than a token or an address may."""


class TooYoung(DiaryError):
    """Korean law requires a guardian's consent, for which Haru cannot ask."""


class BirthDateUnusable(DiaryError):
    """The date lies in the future or too far in the past."""


class StorageNotAllowed(DiaryError):
    """The person did not give the one consent that a diary needs."""


class SessionEnded(DiaryError):
    """The person is not signed in any more."""


class SessionLocked(SessionEnded):
    """The person is signed in, but Haru is locked: it needs the PIN, a passkey or the password first."""


class FormExpired(DiaryError):
    """The form's token is missing or too old."""


class FormTooLarge(DiaryError):
    """The form's content is larger than the server accepts."""


class ServerBusy(DiaryError):
    """Too many people sign in at once."""


# Tokens and the API


class TokenNameUnusable(DiaryError):
    """The name of a token is empty, too long or not visible."""


class TokenWithoutScope(DiaryError):
    """The token would be allowed nothing."""


class TokenLastsTooLong(DiaryError):
    """Not one of the times for which a token can be valid."""


class TooManyTokens(DiaryError):
    """The account has the most tokens already that it may have."""


class RequestRefused(DiaryError):
    """A request to the API that it does not answer."""

    code = "body_unreadable"


class TokenMissing(RequestRefused):
    """The request has no token."""


class TokenUnknown(RequestRefused):
    """The token is wrong, revoked or over."""


class ScopeMissing(RequestRefused):
    """The token may not do this."""


class NothingHere(RequestRefused):
    """The API has no such address."""


class MethodUnknown(RequestRefused):
    """The address has no such method."""


class BodyNotJson(RequestRefused):
    """The body is not said to be JSON."""


class BodyTooLarge(RequestRefused):
    """The body has more bytes than the API reads."""


class BodyUnreadable(RequestRefused):
    """The body is no JSON object."""


class FieldMissing(RequestRefused):
    """The request lacks a value that it needs."""


class FieldUnknown(RequestRefused):
    """The request has a value that the API does not know: perhaps a misspelt one."""


class FieldWrong(RequestRefused):
    """A value has another type or form."""


class TooManyDays(RequestRefused):
    """More days than one answer has."""


# Passkeys


class ChallengeExpired(DiaryError):
    """What the browser answers is too old, was answered before, or is not its own."""


class PasskeyUnknown(DiaryError):
    """No account of this server has this passkey."""


class PasskeyRefused(DiaryError):
    """The answer of a passkey cannot be checked, or is wrong."""


class PasskeyWithoutSecret(DiaryError):
    """A new passkey has no secret (PRF) that could open the diary; nothing is stored."""


class PasskeyGaveNoSecret(DiaryError):
    """The passkey is right, but this browser did not pass on its secret."""


class PasskeyDoesNotOpen(DiaryError):
    """The passkey is right, but its copy of the key does not open."""


class PasskeyCopied(DiaryError):
    """The counter of the passkey did not grow, as if somebody had copied it."""


class PasskeyKnown(DiaryError):
    """An account has this passkey already."""


class PasskeyNotFound(DiaryError):
    """The passkey was removed, or belongs to another person."""


class PasskeyNameUnusable(DiaryError):
    """The name of a passkey is empty, too long or not visible."""


class PasskeysNeedName(DiaryError):
    """Browsers make passkeys for host names only, and this address is a number."""


class PasskeysElsewhere(DiaryError):
    """Passkeys belong to the public address (`HARU_PUBLIC_URL`), and this page came from another."""


class TooManyPasskeys(DiaryError):
    """The person has the maximum of passkeys already."""


# The second factor


class WrongCode(DiaryError):
    """A code of the second factor is wrong, was used before, or is too old."""


class SignInTooOld(DiaryError):
    """The password was typed too long ago; the sign-in begins again."""


class SetupTooOld(DiaryError):
    """The secret of an app was shown too long ago; a new one is made."""


class SecondFactorOff(DiaryError):
    """The second factor was switched off in another tab."""


# Sign-in by a provider


class IdentityTaken(DiaryError):
    """Another account is linked to this identity already."""


class ProviderError(DiaryError):
    """The organisation's provider did not say who the person is."""

    code = "provider_answer_wrong"


class ProviderUnreachable(ProviderError):
    """The provider does not answer, or says that it cannot."""


class ProviderAnswerWrong(ProviderError):
    """What the provider answers cannot be checked, or is not about this sign-in."""


class ProviderRefused(ProviderError):
    """The person stopped at the provider, or it let them not in."""


# Entries, media and music


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


# Trackers


class TooManyTrackers(DiaryError):
    """The person has the maximum of trackers already."""


class TrackerNameEmpty(DiaryError):
    """The name of a tracker has no visible character."""


class TrackerNameTooLong(DiaryError):
    """The name of a tracker has more characters than the maximum."""


class TrackerNameTaken(DiaryError):
    """Another tracker of the person has this name."""


class EmojiUnusable(DiaryError):
    """Not exactly one emoji."""


class UnknownTrackerKind(DiaryError):
    """Not one of the four kinds of trackers."""


class TrackerValueOutOfRange(DiaryError):
    """The value lies outside the range of the tracker's kind."""


class TrackerNotFound(DiaryError):
    """The tracker was deleted, or belongs to another person."""


# Reminders


class ReminderWithoutDay(DiaryError):
    """No day of the week was chosen."""


class DeviceUnusable(DiaryError):
    """What the browser named as its push service cannot be used: a wrong address or wrong keys."""


class TooManyDevices(DiaryError):
    """The account already has the most devices that it may have."""


class AddressUnusable(DiaryError):
    """An address that no reminder can go to."""


class CodeWrong(DiaryError):
    """The code that confirms an address is wrong, too old, or was tried too often."""


class TooManyTrusted(DiaryError):
    """The person already lets so many see that they are well."""


class LinkUnusable(DiaryError):
    """A link that stops mails is cut short, changed, or of another server's secret."""


class ReminderNotSent(DiaryError):
    """The push service, the mail server or the channel did not take a message that the person asked for."""


# Damage


class Unopenable(DiaryError):
    """Sealed content that is damaged, moved or sealed with another key."""


class KeyDoesNotFit(DiaryError):
    """Most entries do not open, so the key may be wrong: nothing is deleted."""


class KeyDamaged(DiaryError):
    """The password is right, but its copy of the key is damaged."""


class RecoveryCodeDamaged(DiaryError):
    """The readable copy of the recovery code does not open; the person can renew the code."""


# Import


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


# Database


class DatabaseError(DiaryError):
    """The database cannot be used now; nothing changed."""

    code = "database_broken"


class DatabaseBroken(DatabaseError):
    """Damaged or missing."""


class DatabaseBusy(DatabaseError):
    """Locked for too long."""


class DatabaseReadOnly(DatabaseError):
    """The server cannot write to the file or its folder."""


class DiskFull(DatabaseError):
    """The server's disk has no space left."""


class MigrationFailed(DatabaseError):
    """The database is as it was before."""
