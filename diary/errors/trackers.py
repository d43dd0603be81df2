"""Errors of trackers."""

from __future__ import annotations

from diary.errors.base import DiaryError


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
