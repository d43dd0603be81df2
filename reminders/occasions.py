"""What a reminder is about: the day, if nothing was kept yet, or the week that is ready to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Occasion:
    """The texts by their locale keys; none says anything of the diary."""

    asks: str
    """The text on a lock screen or in a channel."""
    subject: str
    """Of the mail, and its content below."""
    content: str
    path: str = ""
    """The page that it leads to."""
    unless_kept: bool = False
    """Whether it is not sent once something of that day was kept."""
    prefix: str = ""
    """Tells its sendings from those of another occasion on the same day."""


@dataclass(frozen=True)
class Message:
    """One reminder for one person, wherever it goes."""

    occasion: Occasion
    account_id: str
    language: str
    day: date | None
    """The person's calendar day; None for one that they asked for to see it."""
    expires: datetime
    """When nobody needs it any more."""


DAILY = Occasion("reminder.asks", "reminder.summary", "reminder.description", unless_kept=True)
WEEKLY = Occasion("weekly.ready", "weekly.ready", "weekly.description", path="/history", prefix="week-")
