"""The session is looked up once in each run, and never taken from an earlier run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components import state as session_state
from components import visitor
from diary import sessions
from tests.pages.conftest import Visit


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The session cookies that were looked up."""
    found: list[object] = []
    find = sessions.find

    def count(cookie: object):
        found.append(cookie)
        return find(cookie)

    monkeypatch.setattr(visitor.sessions, "find", count)
    return found


def test_one_run_of_a_page_makes_one_session_lookup(visit: Callable[..., Visit], lookups: list[object]) -> None:
    there = visit()
    for page in ("today", "days", "year", "find", "history", "data", "music", "settings", "help", "models"):
        there.app.switch_page(f"pages/{page}.py").run()
        lookups.clear()
        there.app.run()
        there.expect_calm()
        assert len(lookups) == 1, page


def test_each_run_looks_up_anew(visit: Callable[..., Visit], lookups: list[object]) -> None:
    there = visit()
    lookups.clear()
    there.app.run()
    there.app.run()
    assert len(lookups) == 2


def test_nothing_of_a_session_lies_in_the_session_state(visit: Callable[..., Visit]) -> None:
    """It holds the key of the diary, and a tab may be idle for hours."""
    there = visit()
    held = there.app.session_state._state.filtered_state
    assert session_state.ACCOUNT_ID.key in held
    assert not [key for key, value in held.items() if isinstance(value, sessions.Session)]


def test_outside_of_a_run_nobody_is_there() -> None:
    with pytest.raises(RuntimeError):
        visitor.visitor()
