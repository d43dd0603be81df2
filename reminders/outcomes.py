"""What may come of sending a reminder, other than that it was sent."""

from __future__ import annotations

from datetime import timedelta


class Gone(Exception):
    """The place does not exist any more: Haru deletes it."""


class NotSent(Exception):
    """The service did not take the message; another try may succeed."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Rejected(Exception):
    """The service will not take this message, today at least."""
