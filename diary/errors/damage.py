"""Errors of sealed content and keys that are damaged."""

from __future__ import annotations

from diary.errors.base import DiaryError


class Unopenable(DiaryError):
    """Sealed content that is damaged, moved or sealed with another key."""


class KeyDoesNotFit(DiaryError):
    """Most entries do not open, so the key may be wrong: nothing is deleted."""


class KeyDamaged(DiaryError):
    """The password is right, but its copy of the key is damaged."""


class RecoveryCodeDamaged(DiaryError):
    """The readable copy of the recovery code does not open; the person can renew the code."""
