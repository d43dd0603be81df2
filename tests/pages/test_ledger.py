"""A diary that was changed outside Haru: the bar says so once, *Days* marks the entry, *Your data* says what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diary import database, days, entries, ledger_check
from diary.sessions import Session
from tests.diary.histories import SEOUL, keep
from tests.pages.conftest import Visit

TODAY = days.today(SEOUL)


@pytest.fixture
def two_entries(visit: Callable[..., Visit]) -> Callable[..., Visit]:
    def make(**how: str) -> Visit:
        there = visit("pages/help.py", **how)
        for note in ("the first", "the second"):
            keep(there.session, TODAY.isoformat(), "happiness", note=note)
        return there

    return make


def go_to(there: Visit, page: str) -> None:
    there.app.switch_page(f"pages/{page}.py").run()
    there.expect_calm()


def change_outside(session: Session) -> None:
    first, second = entries.every(session)
    with database.transaction() as db:
        db.execute("update entries set mood = 'anger' where id = ?", [first.id])
        db.execute("delete from entries where id = ?", [second.id])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_where_all_matches_your_data_says_so(two_entries: Callable[..., Visit], language: str) -> None:
    there = two_entries(language=language)
    go_to(there, "data")
    assert there.says(there.t("ledger.fits", changes="2"))
    assert not there.says(there.t("ledger.differs"))
    go_to(there, "days")
    assert not there.says(there.t("entry.altered"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_differs_is_said_until_the_person_has_compared_it(
    two_entries: Callable[..., Visit], language: str
) -> None:
    there = two_entries(language=language)
    change_outside(there.session)
    go_to(there, "days")
    there.open_day(TODAY)
    assert there.says("the first")  # no word is hidden
    assert there.says(there.t("entry.altered"))
    go_to(there, "data")
    assert there.says(there.t("ledger.differs"))
    for sentence in (there.t("ledger.altered_entries", count=1), there.t("ledger.missing", count=1)):
        assert there.says(sentence)
    assert not there.says(there.t("ledger.incomplete"))
    there.press("ledger.accept")
    assert there.notice == there.t("ledger.accepted")
    assert there.says(there.t("ledger.fits", changes="3"))
    assert not there.says(there.t("ledger.differs"))


def test_the_bar_says_it_at_the_first_opening(two_entries: Callable[..., Visit]) -> None:
    there = two_entries()
    change_outside(there.session)
    first = Visit(there.session, "pages/help.py")
    assert first.notice != first.t("ledger.notice")  # this browser opened the diary before the change
    ledger_check._checked.clear()
    again = Visit(there.session, "pages/help.py")
    assert again.notice == again.t("ledger.notice")
