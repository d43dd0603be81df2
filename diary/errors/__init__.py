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
  x Unopenable
  x KeyDoesNotFit
  x KeyDamaged
  x RecoveryCodeDamaged
  x DatabaseError
    x DatabaseBroken
    x DatabaseBusy
    x DatabaseReadOnly
    x DiskFull
    x MigrationFailed
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
  x IdentityTaken
  x ProviderError
    x ProviderUnreachable
    x ProviderAnswerWrong
    x ProviderRefused
  x ReminderWithoutDay
  x DeviceUnusable
  x TooManyDevices
  x AddressUnusable
  x CodeWrong
  x TooManyTrusted
  x LinkUnusable
  x ReminderNotSent
  x WrongCode
  x SignInTooOld
  x SetupTooOld
  x SecondFactorOff
  x TooManyTrackers
  x TrackerNameEmpty
  x TrackerNameTooLong
  x TrackerNameTaken
  x EmojiUnusable
  x UnknownTrackerKind
  x TrackerValueOutOfRange
  x TrackerNotFound
"""

from diary.errors.accounts import *
from diary.errors.api import *
from diary.errors.base import *
from diary.errors.damage import *
from diary.errors.database import *
from diary.errors.entries import *
from diary.errors.importing import *
from diary.errors.passkeys import *
from diary.errors.provider import *
from diary.errors.reminders import *
from diary.errors.second_factor import *
from diary.errors.trackers import *
