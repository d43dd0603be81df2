"""Errors of the second factor."""

from __future__ import annotations

from diary.errors.base import DiaryError


class WrongCode(DiaryError):
    """A code of the second factor is wrong, was used before, or is too old."""


class SignInTooOld(DiaryError):
    """The password was typed too long ago; the sign-in begins again."""


class SetupTooOld(DiaryError):
    """The secret of an app was shown too long ago; a new one is made."""


class SecondFactorOff(DiaryError):
    """The second factor was switched off in another tab."""
