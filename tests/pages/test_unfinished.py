"""Unsaved input survives a change of page, although Streamlit drops the state of a page's widgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from components import state as session_state
from components import visitor
from diary import accounts, consents, days, drafts, entries, errors, media
from tests.diary.histories import keep
from tests.pages.conftest import UI, Visit
from tests.pages.today_form import (
    allow,
    attached_in,
    photograph,
    show_picture,
    take_picture,
)
from tests.sounds import spoken
from tests.understanding.fakes import analyst_of

TODAY = days.today("Asia/Seoul")
ELSEWHERE = sorted(
    f"pages/{page.name}" for page in (UI.parent / "pages").glob("*.py") if page.name not in ("today.py", "__init__.py")
)
NOTE = "a heavy day"


def go(there: Visit, page: str) -> None:
    there.app.switch_page(page).run()
    there.expect_calm()


def away_and_back(there: Visit, page: str = "pages/help.py") -> None:
    go(there, page)
    go(there, "pages/today.py")


def write(there: Visit, day: date | None = None, at: time | None = None) -> None:
    there.app.text_area[0].set_value(NOTE).run()
    there.app.button_group[0].set_value("fear").run()
    there.field("intensity").set_value(5).run()
    there.app.text_input(key=f"new_tag_{there.form}").set_value("rain, work").run()
    if day:
        there.app.date_input[0].set_value(day).run()
        there.app.time_input[0].set_value(at).run()
    there.expect_calm()


def expect_written(there: Visit, day: date = TODAY, at: time | None = None) -> None:
    app = there.app
    assert (app.text_area[0].value, app.button_group[0].value) == (NOTE, "fear")
    assert (there.field("intensity").value, there.field("tags").value) == (5, ["rain", "work"])
    assert app.date_input[0].value == day
    if at:
        assert app.time_input[0].value == at


def test_what_is_written_is_there_after_another_page_and_a_reload(visit: Callable[..., Visit]) -> None:
    there = visit()
    write(there)
    assert len(ELSEWHERE) > 8
    for page in ELSEWHERE:
        away_and_back(there, page)
        expect_written(there)
        there.app.run()
        expect_written(there)
        away_and_back(there, page)
        expect_written(there)
        expect_written(Visit(there.session, "pages/today.py"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_another_day_and_its_time_are_part_of_what_is_written(visit: Callable[..., Visit], language: str) -> None:
    there = visit(language=language)
    day, at = TODAY - timedelta(days=3), time(21, 15)
    write(there, day, at)
    away_and_back(there)
    expect_written(there, day, at)
    again = Visit(there.session, "pages/today.py")
    expect_written(again, day, at)
    again.press("entry.save")
    (kept,) = entries.every(again.session)
    assert (kept.day, kept.note, kept.mood, kept.intensity, kept.tags) == (day, NOTE, "fear", 5, ("rain", "work"))
    assert days.local_time(kept.happened_at, kept.timezone) == at


def test_the_last_change_arrives_with_the_change_of_page(visit: Callable[..., Visit]) -> None:
    """Streamlit joins two requests that come at once: what was typed then arrives on the other page."""
    there = visit()
    there.app.text_area[0].set_value(NOTE)
    there.app.button_group[0].set_value("fear")
    go(there, "pages/help.py")
    draft = drafts.load(there.session).content
    assert (draft["fields"]["note"], draft["fields"]["mood_choice"]) == (NOTE, "fear")  # safe before Today is seen
    go(there, "pages/today.py")
    assert (there.app.text_area[0].value, there.app.button_group[0].value) == (NOTE, "fear")


def test_what_the_person_cleared_stays_cleared(visit: Callable[..., Visit]) -> None:
    there = visit()
    day = TODAY - timedelta(days=3)
    write(there, day, time(21, 15))
    there.app.text_area[0].set_value("").run()
    there.app.button_group[0].set_value(None).run()
    there.field("tags").set_value([]).run()
    there.app.date_input[0].set_value(TODAY).run()
    for again in (there, Visit(there.session, "pages/today.py")):
        away_and_back(again)
        assert (again.app.text_area[0].value, again.app.button_group[0].value) == ("", None)
        assert (again.field("tags").value, again.app.date_input[0].value) == ([], TODAY)


def test_after_saving_the_form_is_empty_on_every_page(visit: Callable[..., Visit]) -> None:
    there = visit()
    write(there)
    away_and_back(there)
    there.press("entry.save")
    away_and_back(there)
    assert (there.app.text_area[0].value, there.app.button_group[0].value) == ("", None)
    assert drafts.load(there.session) is None
    assert entries.count(there.session) == 1


def test_another_language_changes_no_word_of_it(visit: Callable[..., Visit]) -> None:
    there = visit(language="ko")
    write(there)
    go(there, "pages/settings.py")
    there.app.button_group(key="language_choice").set_value("en").run()
    go(there, "pages/today.py")
    expect_written(there)
    accounts.set_language(there.session, "ko")  # in another tab
    there.app.run()
    there.app.run()
    expect_written(there)


def test_signed_out_and_in_again_it_is_there(visit: Callable[..., Visit], cookie: Callable[[object], None]) -> None:
    there = visit()
    write(there)
    go(there, "pages/settings.py")
    held = visitor.session_cookie()
    cookie(None)
    there.app.run()
    assert session_state.FORM_FIELDS.key not in there.app.session_state
    cookie(held)
    expect_written(Visit(there.session, "pages/today.py"))


def test_a_page_that_could_not_be_drawn_takes_nothing(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit()
    write(there)

    def fail(*_: object) -> None:
        raise errors.DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(consents, "given", fail)
        there.app.run()
        assert there.app.error
    there.app.run()
    expect_written(there)


def test_a_draft_that_could_not_be_read_just_now_is_not_written_over(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit()
    write(there)

    def fail(*_: object) -> None:
        raise errors.DatabaseError

    again = AppTest.from_file(UI, default_timeout=90)
    with monkeypatch.context() as broken:
        broken.setattr(drafts, "load", fail)
        again.run()
        assert again.error
    again.run()
    assert not again.error
    assert (again.text_area[0].value, again.button_group[0].value) == (NOTE, "fear")


def test_a_mood_that_was_offered_and_changed_stays_changed(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value(NOTE).run()
    there.press("analyse.button")
    assert there.app.button_group[0].value == "sadness"
    away_and_back(there)
    assert there.app.button_group[0].value == "sadness"
    assert there.says("came closest to \ue6a6\xa0Sadness")
    there.app.button_group[0].set_value("fear").run()
    away_and_back(there)
    assert there.app.button_group[0].value == "fear"
    assert [reading["source"] for reading in drafts.load(there.session).content["readings"]] == ["words", "fusion"]
    again = Visit(there.session, "pages/today.py")
    assert again.app.button_group[0].value == "fear"
    assert again.says("came closest to \ue6a6\xa0Sadness")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_recording_and_a_picture_stay_while_the_page_is_open(
    visit: Callable[..., Visit], models_are: Callable, language: str
) -> None:
    models_are(analyst_of())
    there = allow(visit(language=language), "voice", "face", "media")
    write(there)
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    show_picture(there, photograph())
    for _ in range(2):
        away_and_back(there)
        expect_written(there)
        assert attached_in(there) == {"voice": spoken(), "face": photograph()}
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert sorted(media.content(there.session, found.id) for found in media.of_entry(there.session, kept.id)) == sorted(
        [spoken(), photograph()]
    )
    away_and_back(there)
    assert not attached_in(there)


def test_a_recording_that_arrives_with_the_change_of_page_stays(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "media")
    there.app.audio_input[0].upload("clip.wav", spoken())
    away_and_back(there)
    assert attached_in(there) == {"voice": spoken()}


def test_a_recording_or_picture_that_was_taken_out_or_replaced_does_not_come_back(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "face", "media")
    take_picture(there, (photograph(), photograph(40), photograph(80)))
    away_and_back(there)
    assert attached_in(there) == {"face": photograph(40)}
    there.press("attached.remove_face")
    away_and_back(there)
    assert not attached_in(there)
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    away_and_back(there)
    there.app.audio_input[0].upload("more.wav", spoken(1.0)).run()
    away_and_back(there)
    there.app.button_group[0].set_value("fear").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, kept.id)
    assert media.content(there.session, medium.id) == spoken(1.0)
    there.open("speak")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    away_and_back(there)
    there.press("attached.remove_voice")
    away_and_back(there)
    assert not attached_in(there)


def test_a_file_that_is_no_picture_does_no_harm(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = allow(visit(), "face")
    write(there)
    show_picture(there, b"not a picture at all")
    away_and_back(there)
    expect_written(there)
    assert attached_in(there) == {"face": b"not a picture at all"}


def test_a_run_before_the_page_was_drawn_sets_no_empty_value(visit: Callable[..., Visit]) -> None:
    """A person may tap a mood while such a run is on its way; the value that it sets would undo the tap."""
    there = visit()
    there.app.text_area[0].set_value(NOTE)
    there.app.session_state[session_state.FORM_FIELDS_DRAWN.key] = False
    there.app.run()
    moods = there.app.button_group[0].proto
    assert not moods.set_value
    assert there.app.text_area[0].proto.set_value


def test_a_permission_that_is_withdrawn_meanwhile_takes_the_recording_with_it(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "face")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    show_picture(there, photograph())
    go(there, "pages/settings.py")
    there.app.toggle(key="consent_voice").set_value(False).run()
    go(there, "pages/today.py")
    assert attached_in(there) == {"face": photograph()}


def test_readings_of_a_recording_that_is_gone_stay_in_the_draft(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice")
    there.app.text_area[0].set_value(NOTE).run()
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    again = Visit(there.session, "pages/help.py")
    for _ in range(2):
        go(again, "pages/today.py")
        assert again.app.text_area[0].value == NOTE
        assert {reading["source"] for reading in drafts.load(there.session).content["readings"]} == {
            "voice",
            "words",
            "fusion",
        }
        go(again, "pages/help.py")


def test_changes_of_an_older_entry_stay_until_saved_or_cancelled(visit: Callable[..., Visit]) -> None:
    there = visit("pages/help.py")
    keep(there.session, TODAY.isoformat(), "happiness", note="before", tags=("walk",))
    (entry,) = entries.every(there.session)
    go(there, "pages/today.py")
    at = f"entry_{entry.id}"
    there.press("entry.edit")
    there.app.text_area(key=f"note_{at}").set_value("changed").run()
    there.app.button_group(key=f"mood_choice_{at}").set_value("fear").run()
    there.app.button_group(key=f"intensity_{at}").set_value(1).run()
    there.app.button_group(key=f"tags_{at}").set_value([]).run()
    there.app.date_input(key=f"day_{at}").set_value(TODAY - timedelta(days=1)).run()
    away_and_back(there)
    assert there.app.text_area(key=f"note_{at}").value == "changed"
    assert there.app.button_group(key=f"mood_choice_{at}").value == "fear"
    assert there.app.button_group(key=f"intensity_{at}").value == 1
    assert there.app.button_group(key=f"tags_{at}").value == []
    assert there.app.date_input(key=f"day_{at}").value == TODAY - timedelta(days=1)
    there.press_key(f"cancel_{entry.id}")
    there.press("entry.edit")
    assert there.app.text_area(key=f"note_{at}").value == "before"
    assert there.app.button_group(key=f"tags_{at}").value == ["walk"]
    there.app.text_area(key=f"note_{at}").set_value("changed again").run()
    away_and_back(there)
    there.press("entry.save_changes")
    (entry,) = entries.every(there.session)
    assert (entry.note, entry.mood) == ("changed again", "happiness")


def test_what_is_written_for_an_earlier_day_stays_with_that_day(visit: Callable[..., Visit]) -> None:
    there = visit("pages/days.py")

    def note() -> str | None:
        return next((area.value for area in there.app.text_area), None)

    def open_form(day: date) -> None:
        there.app.session_state[f"add_{day.isoformat()}"] = True
        there.open_day(day)

    first, second = TODAY - timedelta(days=40), TODAY - timedelta(days=41)
    open_form(first)
    there.app.text_area[0].set_value(NOTE).run()
    there.app.button_group[0].set_value("fear").run()
    there.app.time_input[0].set_value(time(21, 15)).run()
    go(there, "pages/help.py")
    go(there, "pages/days.py")
    assert note() == NOTE  # and the place to write is open again
    assert there.app.time_input[0].value == time(21, 15)
    open_form(second)
    assert note() == ""
    open_form(first)
    assert note() == NOTE
    there.press("entry.save")
    there.expect_calm()
    (kept,) = entries.every(there.session)
    assert (kept.day, kept.note, kept.mood) == (first, NOTE, "fear")
    open_form(first)
    assert note() == ""


def test_after_midnight_a_day_that_nobody_chose_is_today(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit()
    write(there)
    for later in (1, 2):
        monkeypatch.setattr(days, "today", lambda _zone, later=later: TODAY + timedelta(days=later))
        there.app.run()
        expect_written(there, TODAY + timedelta(days=later))
        away_and_back(there)
        expect_written(there, TODAY + timedelta(days=later))
    write(there, TODAY, time(21, 15))
    monkeypatch.setattr(days, "today", lambda _zone: TODAY + timedelta(days=3))
    for _ in range(2):
        there.app.run()
        expect_written(there, TODAY, time(21, 15))
        away_and_back(there)
