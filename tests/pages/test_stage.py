"""The demo's pages have a banner, a guide and sample recordings; a real diary has none of these."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from components import recognisers
from components.demo import route
from components.demo.route import ROUTE
from demo import state, story
from diary import consents, entries, sessions
from tests.demo.conftest import TODAY, built, demo
from tests.pages.conftest import Visit

__all__ = ["built", "demo"]  # fixtures


@pytest.fixture(scope="module", autouse=True)
def models_loaded() -> None:
    recognisers.warm()


@pytest.fixture
def on_stage(demo: Path, cookie: Callable[[object], None]) -> Visit:
    token = state.sign_in()
    cookie(token)
    return Visit(sessions.find(token), "pages/today.py")


def wait_until_written_down(app: AppTest) -> None:
    """A browser runs the page again by itself while the recording is written down; here the test does."""
    for _ in range(120):
        if not any(button.key.startswith("stop_writing_") for button in app.button):
            return
        time.sleep(0.25)
        app.run()
    raise AssertionError("the recording was not written down within half a minute")


def test_without_a_microphone_the_route_still_works(on_stage: Visit) -> None:
    app = on_stage.app
    app.button(key="route_open").click().run()
    on_stage.expect_calm()
    buttons = {"analyse": on_stage.t("analyse.button"), "why": on_stage.t("verdict.why")}
    for step in ROUTE:
        means = on_stage.t(f"demo.step_{step.name}_means", **buttons)
        assert any(means in unescape(html.proto.body) for html in app.get("html")), step
    on_stage.open("speak", "face")
    (voice,) = [toggle for toggle in app.toggle if toggle.key.startswith("sample_voice_")]
    voice.set_value(True).run()
    assert on_stage.says(on_stage.t("sample.voice_means")), "marked as what it is"
    wait_until_written_down(app)
    before = entries.count(on_stage.session)
    on_stage.press("analyse.button")
    on_stage.expect_calm()
    mood = next(group for group in app.button_group if group.label == on_stage.t("entry.mood"))
    mood.set_value("surprise").run()
    on_stage.press_key("save_new")
    assert entries.count(on_stage.session) == before + 1


def links(there: Visit) -> dict[str, tuple[str, dict[str, str]]]:
    """Where *Previous step* and *Next step* lead: page and address; none where there is no such step."""
    found = {link.proto.label: link.proto for link in there.app.get("page_link") if not link.proto.disabled}
    names = {"back": there.t("demo.back"), "next": there.t("demo.next")}
    return {
        side: (found[name].page, dict(parse_qsl(found[name].query_string)))
        for side, name in names.items()
        if name in found
    }


def step_shown(there: Visit) -> str:
    (strip,) = [html.proto.body for html in there.app.get("html") if 'class="haru-strip"' in html.proto.body]
    return re.findall(r"<span>(.*?)</span>", strip)[0]


def test_the_strip_walks_along_the_route_to_the_right_page_and_day(on_stage: Visit) -> None:
    passed = story.day_of(story.PASSED, TODAY)
    (day,) = {entry.new_entry.day for entry in story.entries_until(TODAY, "en") if "I passed." in entry.new_entry.note}
    assert passed == day
    walked = []
    while "next" in (sides := links(on_stage)):
        assert ("back" in sides) == bool(walked)
        page, address = sides["next"]
        walked.append((page, {name: value for name, value in address.items() if name != "step"}))
        # As the browser opens the link; AppTest forgets the address when the page changes.
        on_stage.app.switch_page(f"pages/{page or 'today'}.py")
        on_stage.app.query_params.clear()
        on_stage.app.query_params.update(address)
        on_stage.app.run()
        on_stage.expect_calm()
        assert step_shown(on_stage) == f"{len(walked) + 1}/{len(ROUTE)}"
    assert walked == [
        ("", {}),
        ("", {}),
        ("days", {"day": passed.isoformat()}),
        ("history", {}),
        ("report", {"of": f"{passed:%Y-%m}"}),
        ("music", {}),
    ]
    # A page of the visitor's own choice changes nothing.
    on_stage.app.query_params.clear()
    on_stage.app.switch_page("pages/settings.py").run()
    assert step_shown(on_stage) == f"{len(ROUTE)}/{len(ROUTE)}"


@pytest.mark.parametrize(("cookie_says", "step"), [("4", 4), ("0", 1), ("99", 1), ("<script>", 1)])
def test_a_reload_finds_the_step_by_its_cookie(
    demo: Path, cookie: Callable[[object], None], monkeypatch: pytest.MonkeyPatch, cookie_says: str, step: int
) -> None:
    token = state.sign_in()
    cookie(token)
    monkeypatch.setattr(route, "_stored_step", lambda: cookie_says)
    there = Visit(sessions.find(token), "pages/today.py")
    assert step_shown(there) == f"{step}/{len(ROUTE)}"


def test_nobodys_own_diary_offers_somebody_elses_voice(visit: Callable[..., Visit]) -> None:
    there = visit("pages/settings.py")
    consents.set_given(there.session, "voice", True)
    there.app.switch_page("pages/today.py").run()
    assert not any(toggle.key.startswith("sample_") for toggle in there.app.toggle)
    assert not any(button.key == "route_open" for button in there.app.button)
    assert not any('class="haru-strip"' in html.proto.body for html in there.app.get("html"))
    assert not any(there.t("demo.banner") in html.proto.body for html in there.app.get("html"))
