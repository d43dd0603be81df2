"""The demo's pages have a banner, a guide and sample recordings; a real diary has none of these."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import recognisers
from demo import state
from diary import consents, entries, sessions
from tests.demo.conftest import built, demo
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
    for step in ("record", "why", "correct", "calendar", "music"):
        assert any(on_stage.t(f"demo.step_{step}") in html.proto.body for html in app.get("html")), step
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


def test_nobodys_own_diary_offers_somebody_elses_voice(visit: Callable[..., Visit]) -> None:
    there = visit("pages/settings.py")
    consents.set_given(there.session, "voice", True)
    there.app.switch_page("pages/today.py").run()
    assert not any(toggle.key.startswith("sample_") for toggle in there.app.toggle)
    assert not any(button.key == "route_open" for button in there.app.button)
    assert not any(there.t("demo.banner") in html.proto.body for html in there.app.get("html"))
