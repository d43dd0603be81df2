"""Errors of reminders and of trusted people."""

from __future__ import annotations

from diary.errors.base import DiaryError


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
