from __future__ import annotations

from typing import Any

import pytest

from components import notice, undo
from components.today import saved_notice
from components.undo import Undo
from diary import errors

NOBODY: Any = None


def test_a_second_press_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser may send one before it knows what came of the first."""
    done, said = [], []
    monkeypatch.setattr(notice, "find_visitor", lambda: None)
    monkeypatch.setattr(notice, "show_after_rerun", said.append)
    monkeypatch.setattr(notice, "t", lambda key: key)
    # The form that came back with the first press is not empty.
    monkeypatch.setattr(saved_notice.open_form, "is_untouched", lambda: not done)
    monkeypatch.setattr(saved_notice.form_fields, "read_widgets", lambda: None)
    action = Undo(done.append, done="saved.undone")
    saved_notice._undo(action)
    saved_notice._undo(action)
    notice.undo(action)
    assert (len(done), said) == (1, ["saved.undone"])


def test_after_an_error_of_the_database_it_can_be_tried_again() -> None:
    calls = []

    def act(session: object) -> None:
        calls.append(session)
        if len(calls) == 1:
            raise errors.DatabaseBusy()

    action = Undo(act)
    with pytest.raises(errors.DatabaseBusy):
        action.run(NOBODY)
    assert not action.is_over
    assert action.run(NOBODY)
    assert len(calls) == 2


def test_two_are_undone_together_and_one_that_fails_stops_no_other() -> None:
    done = []

    def first(session: object) -> None:
        done.append("first")

    def second(session: object) -> None:
        raise errors.AlreadyBack()

    earlier = Undo(first)
    action = Undo(second, earlier=earlier)
    assert (earlier.count, action.count) == (0, 2)
    with pytest.raises(errors.AlreadyBack):
        action.run(NOBODY)
    assert done == ["first"]
    assert not earlier.run(NOBODY)


def test_of_two_only_what_was_not_undone_is_tried_again() -> None:
    done = []

    def first(session: object) -> None:
        if "tried" not in done:
            done.append("tried")
            raise errors.DatabaseBusy()
        done.append("first")

    action = Undo(lambda session: done.append("second"), earlier=Undo(first))
    with pytest.raises(errors.DatabaseBusy):
        action.run(NOBODY)
    assert action.run(NOBODY)
    assert done == ["second", "tried", "first"]


def test_after_any_other_error_it_is_over() -> None:
    def act(session: object) -> None:
        raise errors.AlreadyBack()

    action = Undo(act)
    with pytest.raises(errors.AlreadyBack):
        action.run(NOBODY)
    assert action.is_over
    assert not action.run(NOBODY)


def test_after_the_time_nothing_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "SECONDS", 0)
    monkeypatch.setattr(undo, "_ON_THE_WAY", 0.05)
    done: list[object] = []
    action = Undo(done.append)
    action._timer.join(timeout=30)
    assert action._acts == []
    assert not action.run(NOBODY)
    assert done == []
