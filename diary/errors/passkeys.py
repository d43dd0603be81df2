"""Errors of passkeys."""

from __future__ import annotations

from diary.errors.base import DiaryError


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
