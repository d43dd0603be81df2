"""Errors of accounts, sessions and forms."""

from __future__ import annotations

from diary.errors.base import DiaryError


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
