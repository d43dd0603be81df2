"""Two people on the page of trusted people: what one shows, the other sees, and nothing once either ended it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.text import plain
from diary import accounts, days, entries, sessions, trusted
from diary.entries import NewEntry
from diary.sessions import Session
from tests.pages.conftest import Visit

PAGE, NOTE = "pages/trusted.py", "what nobody else may read"


@pytest.fixture
def jiwoo(sign_up: Callable[..., str]) -> Session:
    """Somebody who kept today."""
    session = sessions.find(sign_up("Jiwoo the first"))
    assert session is not None
    today = days.today(session.timezone)
    entries.add(session, NewEntry(mood="fear", intensity=3, day=today, timezone=session.timezone, note=NOTE))
    return session


def shown(there: Visit) -> str:
    return str(there.app.main) + "".join(element.proto.body for element in there.app.get("html"))


def test_from_the_code_to_the_end(jiwoo: Session, visit: Callable[..., Visit]) -> None:
    mina = visit(PAGE, name="Mina")
    code = trusted.invite(jiwoo, "Mina", "Jiwoo", trusted.MOODS)
    mina.app.text_input(key="trusted_code").set_value(code)
    mina.press("trusted.look_at_it")
    assert mina.says(plain(mina.t("trusted.offers_moods", name="Jiwoo")))
    assert not mina.says(plain(mina.t("trusted.kept_today", name="Jiwoo"))), "before she agreed"
    mina.press("trusted.agree")
    assert mina.says(plain(mina.t("trusted.kept_today", name="Jiwoo")))
    assert "Fear" in shown(mina)
    assert NOTE not in shown(mina)
    (allowed,) = trusted.allowed(jiwoo)
    assert (allowed.name, allowed.looked_at is not None) == ("Mina", True)
    trusted.choose(jiwoo, allowed.id, trusted.KEPT)
    mina.app.run()
    assert "Fear" not in shown(mina)
    trusted.end(jiwoo, allowed.id)
    mina.app.run()
    assert not mina.says("Jiwoo")


def test_a_deleted_account_is_seen_by_nobody(jiwoo: Session, visit: Callable[..., Visit]) -> None:
    mina = visit(PAGE, name="Mina")
    trusted.accept(mina.session, trusted.invite(jiwoo, "Mina", "Jiwoo", trusted.KEPT), "Mina")
    mina.app.run()
    assert mina.says(plain(mina.t("trusted.kept_today", name="Jiwoo")))
    accounts.delete(jiwoo)
    mina.app.run()
    assert not mina.says("Jiwoo")


def test_the_one_who_looks_may_end_it(jiwoo: Session, visit: Callable[..., Visit]) -> None:
    mina = visit(PAGE, name="Mina")
    trusted.accept(mina.session, trusted.invite(jiwoo, "Mina", "Jiwoo", trusted.KEPT), "Mina")
    mina.app.run()
    mina.press("trusted.look_no_more")
    assert not mina.says("Jiwoo")
    assert trusted.allowed(jiwoo) == []


def test_inviting_shows_a_code_once_and_settings_name_who_sees(visit: Callable[..., Visit], stranger: Session) -> None:
    there = visit(PAGE)
    there.app.text_input(key="trusted_their_name").set_value("Mina")
    there.press("trusted.make_code")
    code = there.app.code[0].value
    there.press("trusted.noted")
    assert not there.app.code
    trusted.accept(stranger, code, "Mina herself")
    there.app.switch_page("pages/settings.py").run()
    assert there.says("Mina herself")
    assert there.says(plain(there.t("trusted.not_looked")))
    trusted.seen(stranger)
    there.app.run()
    assert not there.says(plain(there.t("trusted.not_looked")))
    there.press("trusted.end")
    assert trusted.seen(stranger) == []


@pytest.mark.parametrize("name", ["", "x"])
def test_a_name_is_asked_for(visit: Callable[..., Visit], name: str) -> None:
    there = visit(PAGE)
    there.app.text_input(key="trusted_their_name").set_value(name)
    there.press("trusted.make_code")
    assert there.says(there.t("trusted.name_unusable", most=40))
    assert not there.app.code


def test_a_wrong_code_says_so(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE, language="ko")
    there.app.text_input(key="trusted_code").set_value("00000")
    there.press("trusted.look_at_it")
    assert there.says(there.t("trusted.code_wrong"))
