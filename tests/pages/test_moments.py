"""The demo's three prepared moments, pressed on Today and read by the shipped models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from components import recognisers, state
from demo import state as demo_state
from demo.moments import AGREE, CONTRADICT, WRONG, Moment
from diary import corrections, entries, readings, sessions
from inference.personalise import FEWEST
from tests.demo.conftest import built, demo
from tests.pages.conftest import Visit
from tests.pages.held import sessions_held
from understanding import fusion
from understanding.analyst import in_place

__all__ = ["built", "demo"]  # fixtures

pytestmark = pytest.mark.skipif(in_place() != set(fusion.SOURCES), reason="not all weights are in place")


@pytest.fixture(scope="module", autouse=True)
def models_loaded() -> None:
    recognisers.warm()


@pytest.fixture
def hana(demo: Path, cookie: Callable[[object], None]) -> Visit:
    token = demo_state.sign_in()
    cookie(token)
    return Visit(sessions.find(token), "pages/today.py")


def press(visit: Visit, moment: Moment) -> None:
    visit.press_key(f"moment_{moment.name}")
    visit.expect_calm()


def tiles(visit: Visit) -> str:
    (found,) = [html.proto.body for html in visit.app.get("html") if 'class="haru-tiles"' in html.proto.body]
    return found


def offered_mood(visit: Visit) -> str | None:
    return visit.app.session_state[state.UNDERSTANDING.of(visit.form).key].offered_mood


def test_one_press_fills_the_form_and_reads_it(hana: Visit) -> None:
    press(hana, AGREE)
    assert hana.app.text_area(key=f"note_{hana.form}").value == AGREE.line["en"]
    assert tiles(hana).count("<li") == 3
    assert offered_mood(hana) == AGREE.mood
    assert hana.says(hana.t("moment.whose")), "whose face and voice they are"
    # The words of the actor stay out of the note, which is Hana's.
    hana.app.run()
    assert hana.app.text_area(key=f"note_{hana.form}").value == AGREE.line["en"]


def test_the_buttons_hold_no_session(hana: Visit) -> None:
    hana.open("line")
    hana.app.text_area(key=f"note_{hana.form}").set_value("My own words")
    press(hana, AGREE)
    assert hana.says(hana.t("moment.replace_means")), "the dialogue is open"
    assert sessions_held(hana) == []


def test_a_second_moment_replaces_the_first_and_asks(hana: Visit) -> None:
    press(hana, AGREE)
    press(hana, CONTRADICT)
    assert hana.app.text_area(key=f"note_{hana.form}").value == CONTRADICT.line["en"]
    assert hana.says(hana.t("verdict.headline_contradiction"))
    assert offered_mood(hana) is None


def test_what_the_visitor_typed_is_replaced_only_after_a_question(hana: Visit) -> None:
    mine = hana.form
    hana.open("line")
    hana.app.text_area(key=f"note_{mine}").set_value("My own words")
    press(hana, AGREE)
    assert hana.form == mine
    assert hana.says(hana.t("moment.replace_means"))
    hana.press_key("moment_leave")
    assert hana.app.text_area(key=f"note_{mine}").value == "My own words"
    assert not hana.says(hana.t("moment.replace_means"))
    press(hana, AGREE)
    hana.press_key("moment_replace")
    hana.expect_calm()
    assert hana.app.text_area(key=f"note_{hana.form}").value == AGREE.line["en"]


def test_a_corrected_verdict_is_noted_and_counts(hana: Visit) -> None:
    before = entries.count(hana.session)
    press(hana, WRONG)
    mood = next(group for group in hana.app.button_group if group.label == hana.t("entry.mood"))
    assert mood.value == "happiness"
    mood.set_value(WRONG.mood).run()
    hana.expect_calm()
    assert any(line.value.startswith(hana.t("verdict.corrected").partition(":")[0]) for line in hana.app.markdown)
    hana.press_key("save_new")
    hana.expect_calm()
    assert entries.count(hana.session) == before + 1
    (kept,) = [entry for entry in entries.every(hana.session) if entry.note == WRONG.line["en"]]
    assert kept.mood == WRONG.mood
    assert {reading.label for reading in readings.of_entry(hana.session, kept.id)} == {"happiness"}
    # The readings of the story are made up, so this is the first one to learn from.
    assert corrections.count(hana.session, "voice") == 1
    assert hana.says(hana.t("saved.learns_soon", count=1, fewest=FEWEST))


def test_a_real_diary_has_no_moments(visit: Callable[..., Visit]) -> None:
    there = visit("pages/today.py")
    assert not any(button.key.startswith("moment_") for button in there.app.button)
