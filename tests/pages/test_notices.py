"""The bar of notices: on every page, one at a time, as long as a person needs to read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components import notice
from diary import consents
from tests.pages.conftest import UI, Visit

PAGES = sorted(page.stem for page in (UI.parent / "pages").glob("[!_]*.py"))


def bar(there: Visit) -> dict:
    (data,) = there.components("sentence")
    return data


def test_every_page_has_the_empty_bar(visit: Callable[..., Visit]) -> None:
    there = visit()
    for page in PAGES:
        there.app.switch_page(f"pages/{page}.py").run()
        there.expect_calm()
        assert (bar(there)["id"], bar(there)["sentence"]) == (None, ""), page


def test_a_change_of_settings_is_said_and_said_again(visit: Callable[..., Visit]) -> None:
    there = visit("pages/settings.py")
    ids = set()
    for allowed in (True, False):
        there.app.toggle(key="consent_face").set_value(allowed).run()
        assert there.notice == there.t("settings.consent_saved")
        ids.add(bar(there)["id"])
    assert len(ids) == 2  # the same sentence twice is two notices


def test_who_no_longer_lets_media_be_kept_learns_that_they_are_deleted(visit: Callable[..., Visit]) -> None:
    there = visit("pages/help.py")
    consents.set_given(there.session, "media", True)
    there.app.switch_page("pages/settings.py").run()
    there.app.toggle(key="consent_media").set_value(False).run()
    assert there.notice == there.t("settings.media_off")


@pytest.mark.parametrize(("characters", "seconds"), [(5, 6), (60, 6), (200, 20)])
def test_a_long_sentence_stays_longer(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch, characters: int, seconds: float
) -> None:
    there = visit()
    there.app.session_state["notice"] = notice.Shown(notice.Notice.for_reading("x" * characters))
    there.app.run()
    assert bar(there)["seconds"] == seconds
    now = notice.time.monotonic()
    monkeypatch.setattr(notice.time, "monotonic", lambda: now + seconds - 1)
    there.app.run()
    assert there.notice
    monkeypatch.setattr(notice.time, "monotonic", lambda: now + seconds + 1)
    there.app.run()
    assert not there.notice
