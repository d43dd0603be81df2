"""Fixtures that run pages by Streamlit's AppTest: the whole script, with a signed-in person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from components import recognisers, state, visitor
from diary import sessions
from diary.sessions import Session
from language import say
from tests.understanding.fakes import HOW
from understanding import fusion
from understanding.analyst import Analyst
from web import streamlit_private

UI = Path(__file__).parents[2] / "ui.py"


class Visit:
    """A person on one page."""

    def __init__(self, session: Session, page: str) -> None:
        self.session = session
        self.app = AppTest.from_file(UI, default_timeout=90)  # a busy machine is slow, not wrong
        self.app.run()
        if page != "pages/today.py":
            self.app.switch_page(page).run()
        self.expect_calm()

    def t(self, key: str, **values: object) -> str:
        return say(self.session.language, key, **values)

    def expect_calm(self) -> None:
        assert not self.app.exception, [exception.value for exception in self.app.exception]
        assert not self.app.error, [error.value for error in self.app.error]

    @property
    def form(self) -> str:
        """The form of the new entry."""
        return self.app.session_state[state.NEW_ENTRY_FORM.key]

    def field(self, name: str):
        """The pills of this field in the new entry's form: `intensity`, `tags`, `parts`."""
        return self.app.button_group(key=f"{name}_{self.form}")

    def open(self, *parts: str) -> None:
        """Opens parts of the new entry's form: `speak`, `face` …; a closed one has neither recorder nor camera."""
        chips = self.field("parts")
        chips.set_value([*chips.value, *(part for part in parts if part not in chips.value)]).run()
        self.expect_calm()

    def press(self, key: str, **values: object) -> None:
        """Presses the first button with this label."""
        wanted = self.t(key, **values)
        next(button for button in self.app.button if button.label == wanted).click().run()
        assert not self.app.exception

    def press_key(self, key: str) -> None:
        self.app.button(key=key).click().run()
        assert not self.app.exception

    def open_day(self, day: date) -> None:
        """Opens this day on the page of days by the address, as its button in the calendar does."""
        self.app.query_params.clear()
        self.app.query_params["day"] = day.isoformat()
        self.app.run()
        self.expect_calm()

    def says(self, text: str) -> bool:
        kinds = ("title", "header", "subheader", "markdown", "caption", "text", "success", "warning", "error", "info")
        spoken = [data[name] for name in ("sentence", "saved") for data in self.components(name)]
        return any(text in sentence for sentence in spoken) or any(
            text in element.value for kind in kinds for element in getattr(self.app, kind)
        )

    @property
    def notice(self) -> str:
        """The sentence in the bar of notices; empty on a page without a person."""
        return next((data["sentence"] for data in self.components("sentence")), "")

    def components(self, name: str) -> list[dict]:
        """The data of the custom components whose data have this name."""
        drawn = [json.loads(found.proto.json) for found in self.app.get("bidi_component")]
        return [data for data in drawn if name in data]


@pytest.fixture(autouse=True, scope="package")
def installed_packages_are_searched_once() -> Iterator[None]:
    """Each AppTest searches every installed package for components, which takes longer than most pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def pages_only_by_navigation() -> Iterator[None]:
    """Sets for AppTest what app.py sets for the real server; AppTest resets it before every run."""
    with streamlit_private.app_tests_register_pages_only_by_navigation():
        yield


@pytest.fixture
def cookie(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Replaces the function that reads the session cookie, because AppTest cannot set cookies."""

    def hold(value: object) -> None:
        monkeypatch.setattr(visitor, "session_cookie", lambda: value)

    return hold


@pytest.fixture
def visit(sign_up: Callable[..., str], cookie: Callable[[object], None]) -> Callable[..., Visit]:
    def visit_page(page: str = "pages/today.py", language: str = "en", name: str = "Jiwoo") -> Visit:
        token = sign_up(name, language=language)
        cookie(token)
        return Visit(sessions.find(token), page)

    return visit_page


@pytest.fixture
def models_are(monkeypatch: pytest.MonkeyPatch) -> Callable[[Analyst], None]:
    monkeypatch.setattr(fusion, "settings", lambda: HOW)
    monkeypatch.setattr(recognisers, "in_place", lambda: frozenset(fusion.SOURCES))
    monkeypatch.setattr(recognisers, "can_write_down", lambda: False)

    def use(made: Analyst) -> None:
        monkeypatch.setattr(recognisers, "_analyst", lambda: made)
        monkeypatch.setattr(recognisers, "_loaded", made)

    return use
