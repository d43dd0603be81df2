"""Undoes the last action of a person, for as long as a page offers it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer

from diary import errors
from diary.sessions import Session

_Act = Callable[[Session], object]

SECONDS = 10
"""How long a page offers it."""
_ON_THE_WAY = 5
"""Seconds in which a press may still arrive, or the person may still be at the button."""


class Undo:
    """Holds `act`, and everything that `act` needs, until it is used or the time is over.

    `done` is the key of the sentence for afterwards. With an `earlier` one, both are undone together, the last first.
    """

    def __init__(self, act: _Act, done: str = "undo.done", earlier: Undo | None = None) -> None:
        self.done = done
        self.is_used = False
        """Whether the person pressed the button: a second press changes nothing."""
        self._hold([*(earlier._take() if earlier else ()), act])

    @property
    def count(self) -> int:
        return len(self._acts)

    @property
    def is_over(self) -> bool:
        return not self._acts

    def run(self, session: Session) -> bool:
        """Whether it was still possible. If the database could not be used, the person can try again."""
        acts = self._take()
        if not acts:
            return False
        self.is_used = True
        problem = None
        while acts:
            try:
                acts[-1](session)
            except errors.DatabaseError:
                self.is_used = False
                self._hold(acts)
                raise
            except errors.DiaryError as error:
                problem = error  # the others can still be undone
            acts.pop()
        if problem:
            raise problem
        return True

    def drop(self) -> None:
        """Lets go of everything: what was deleted is then nowhere."""
        self._take()

    def _take(self) -> list[_Act]:
        self._timer.cancel()
        acts, self._acts = self._acts, []
        return acts

    def _hold(self, acts: list[_Act]) -> None:
        self._acts = acts
        # A timer, because no run may come: the person may leave the tab open and go away.
        self._timer = Timer(SECONDS + _ON_THE_WAY, self.drop)
        self._timer.daemon = True
        self._timer.start()
