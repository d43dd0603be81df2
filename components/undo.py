"""Undoes the last action of a person, for as long as a page offers it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer

from diary import errors
from diary.sessions import Session

SECONDS = 10
"""How long a page offers it."""
_ON_THE_WAY = 5
"""Seconds in which a press may still arrive, or the person may still be at the button."""


class Undo:
    """Holds `act`, and everything that `act` needs, until it is used or the time is over.

    `done` is the key of the sentence for afterwards.
    """

    def __init__(self, act: Callable[[Session], object], done: str = "undo.done") -> None:
        self.done = done
        self.is_used = False
        """Whether the person pressed the button: a second press changes nothing."""
        self._hold(act)

    @property
    def is_over(self) -> bool:
        return self._act is None

    def run(self, session: Session) -> bool:
        """Whether it was still possible. If the database could not be used, the person can try again."""
        act, self._act = self._act, None
        if act is None:
            return False
        self._timer.cancel()
        self.is_used = True
        try:
            act(session)
        except errors.DatabaseError:
            self.is_used = False
            self._hold(act)
            raise
        return True

    def drop(self) -> None:
        """Lets go of everything: what was deleted is then nowhere."""
        self._timer.cancel()
        self._act = None

    def _hold(self, act: Callable[[Session], object]) -> None:
        self._act: Callable[[Session], object] | None = act
        # A timer, because no run may come: the person may leave the tab open and go away.
        self._timer = Timer(SECONDS + _ON_THE_WAY, self.drop)
        self._timer.daemon = True
        self._timer.start()
