from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from components import state as session_state
from components import visitor
from components.demo import banner
from diary import consents, database, days, entries, errors, sessions, spoken_language
from diary.entries import NewEntry
from emotions import BY_KEY
from tests.pages.conftest import UI, AppTest, Visit
from web import logs

PAGES = {
    "pages/today.py": "today.question",
    "pages/days.py": "days.title",
    "pages/year.py": "days.title",
    "pages/find.py": "days.title",
    "pages/history.py": "history.title",
    "pages/data.py": "data.title",
    "pages/music.py": "music.title",
    "pages/settings.py": "settings.title",
    "pages/more.py": "nav.more",
    "pages/help.py": "help.title",
}
ZONE = "Asia/Seoul"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_in_both_languages(visit: Callable[..., Visit], language: str) -> None:
    there = visit(language=language)
    for page, title in PAGES.items():
        there.app.switch_page(page).run()
        there.expect_calm()
        assert there.app.title[0].value == there.t(title, name="Jiwoo"), page


def test_nobody_sees_a_page_without_a_session(visit: Callable[..., Visit], cookie: Callable) -> None:
    there = visit()
    signed_in = visitor.session_cookie()
    for page, title in PAGES.items():
        for rubbish in (None, "", "x" * 43, object()):
            cookie(signed_in)
            there.app.switch_page(page).run()
            assert there.app.title[0].value == there.t(title, name="Jiwoo"), page
            cookie(rubbish)
            there.app.run()
            assert not there.app.title, (page, rubbish)
            assert there.says(there.t("session.ended")), (page, rubbish)
            assert session_state.ACCOUNT_ID.key not in there.app.session_state, (page, rubbish)


def test_the_cookie_of_an_apptest_is_not_mistaken_for_a_person(data_folder) -> None:
    """There `st.context.cookies.get()` is a MagicMock, which is true."""
    app = AppTest.from_file(UI, default_timeout=30).run()
    assert not app.title
    assert not app.exception


def test_a_session_ended_elsewhere_ends_here_at_the_next_action(visit: Callable[..., Visit]) -> None:
    there = visit()
    sessions.end_all(there.session.account_id)
    there.app.run()
    assert not there.app.title
    assert there.says("signed out")


def test_a_session_ended_while_a_page_is_drawn_keeps_nothing(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit()
    # After the session was found, and before the draft is saved.
    monkeypatch.setattr(banner, "banner", lambda: sessions.end_all(there.session.account_id))
    there.app.text_area[0].set_value("half a line").run()
    there.expect_calm()
    assert there.says(there.t("session.ended"))
    assert session_state.ACCOUNT_ID.key not in there.app.session_state
    with database.connect() as db:
        assert db["drafts"].count == 0


def test_another_persons_cookie_finds_nothing_of_the_first(
    visit: Callable[..., Visit], sign_up: Callable, cookie: Callable
) -> None:
    there = visit()
    entries.add(there.session, NewEntry("anger", 3, days.today(ZONE), ZONE, note="not yours"))
    there.app.run()
    assert there.says("not yours")
    there.app.text_area[0].set_value("half-typed and mine").run()
    cookie(sign_up("Somebody else"))
    there.app.run()
    assert there.app.title[0].value == there.t("today.question", name="Somebody else")
    assert not there.says("not yours")
    assert there.app.text_area[0].value == ""


def test_keeping_a_day(visit: Callable[..., Visit]) -> None:
    there = visit()
    there.press("entry.save")
    assert there.app.error[0].value == there.t("error.unknown_mood")
    there.app.button_group[0].set_value("sadness").run()
    there.field("intensity").set_value(5).run()
    there.app.text_area[0].set_value("<b>a</b> line :smile:").run()
    there.field("tags").set_value(["work"]).run()
    there.press("entry.save")
    there.expect_calm()
    (kept,) = entries.every(there.session)
    assert (kept.mood, kept.intensity, kept.note, kept.tags) == ("sadness", 5, "<b>a</b> line :smile:", ("work",))
    assert (kept.day, kept.timezone, kept.source, kept.time_known) == (days.today(ZONE), ZONE, "hand", True)
    assert there.says("<b>a</b> line :smile:")
    assert there.says(there.t("today.saved", mood="\ue6a6\xa0Sadness"))
    # The form is empty again, and pressing on saves nothing twice.
    assert there.app.text_area[0].value == ""
    there.press("entry.save")
    assert entries.count(there.session) == 1


def test_a_day_that_cannot_be_is_refused_and_the_text_stays(visit: Callable[..., Visit]) -> None:
    there = visit(language="ko")
    there.app.button_group[0].set_value("anger").run()
    there.app.text_area[0].set_value("아직 여기").run()
    for day, error in (
        (days.today(ZONE) + timedelta(days=1), errors.DayInFuture()),
        (date(1899, 12, 31), errors.DayTooEarly(year=1900)),
    ):
        there.app.date_input[0].set_value(day).run()
        there.press("entry.save")
        assert there.app.error[0].value == there.t(f"error.{error.code}", **error.facts)
        assert there.app.text_area[0].value == "아직 여기"
        assert entries.count(there.session) == 0


def test_when_it_cannot_be_saved_the_text_stays(visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    there = visit()
    there.app.button_group[0].set_value("anger").run()
    there.app.text_area[0].set_value("still here").run()

    def refuse(*_: object, **__: object) -> None:
        raise refusal()

    for refusal in (errors.DiskFull, errors.DatabaseReadOnly, errors.DatabaseBusy, errors.DatabaseBroken):
        with monkeypatch.context() as patch:
            patch.setattr(entries, "add", refuse)
            there.press("entry.save")
        assert there.app.error[0].value == there.t(f"error.{refusal.code}")
        assert there.app.text_area[0].value == "still here"
    there.press("entry.save")
    assert [entry.note for entry in entries.every(there.session)] == ["still here"]


def test_an_earlier_day_is_found_among_the_days(visit: Callable[..., Visit]) -> None:
    there = visit()
    day = days.today(ZONE).replace(day=1) - timedelta(days=3)
    there.app.button_group[0].set_value("fear").run()
    there.app.date_input[0].set_value(day).run()
    assert there.app.time_input[0].value is None
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert (kept.day, kept.time_known) == (day, False)
    there.app.switch_page("pages/days.py").run()
    assert not there.says("**\ue6a3\xa0Fear**")
    there.press("days.earlier")
    there.open_day(day)
    assert there.says("**\ue6a3\xa0Fear**")
    there.press("days.today")
    assert not there.says("**\ue6a3\xa0Fear**")


def test_changing_an_entry(visit: Callable[..., Visit]) -> None:
    there = visit()
    entry_id = entries.add(there.session, NewEntry("anger", 3, days.today(ZONE), ZONE, note="before", tags=("mine",)))
    there.app.run()
    there.press("entry.edit")
    there.app.text_area(key=f"note_entry_{entry_id}").set_value("after").run()
    there.press("entry.save_changes")
    there.expect_calm()
    changed = entries.get(there.session, entry_id)
    assert (changed.note, changed.mood, changed.tags, changed.version) == ("after", "anger", ("mine",), 2)
    assert there.notice == there.t("entry.changed")


def test_changing_what_another_tab_changed_first(visit: Callable[..., Visit]) -> None:
    there = visit()
    entry_id = entries.add(there.session, NewEntry("anger", 3, days.today(ZONE), ZONE, note="before"))
    there.app.run()
    there.press("entry.edit")
    entries.change(there.session, entry_id, 1, NewEntry("anger", 3, days.today(ZONE), ZONE, note="the other tab"))
    there.app.text_area(key=f"note_entry_{entry_id}").set_value("this tab")
    there.press("entry.save_changes")
    assert there.says(there.t("entry.joined"))
    assert there.app.text_area(key=f"note_entry_{entry_id}").value == "this tab\n\nthe other tab"
    assert entries.get(there.session, entry_id).note == "the other tab"  # until the person has seen both
    there.press("entry.save_changes")
    assert entries.get(there.session, entry_id).note == "this tab\n\nthe other tab"


def test_leaving_the_edit_changes_nothing(visit: Callable[..., Visit]) -> None:
    there = visit()
    entry_id = entries.add(there.session, NewEntry("anger", 3, days.today(ZONE), ZONE, note="before"))
    there.app.run()
    there.press("entry.edit")
    there.app.text_area(key=f"note_entry_{entry_id}").set_value("after").run()
    there.press("entry.cancel")
    assert entries.get(there.session, entry_id).note == "before"
    assert there.says("before")


def test_the_language_is_changed_at_once_and_kept(visit: Callable[..., Visit]) -> None:
    there = visit("pages/settings.py", "en")
    there.app.button_group[0].set_value("ko").run()
    assert there.app.title[0].value == "설정"
    there.app.switch_page("pages/today.py").run()
    assert "오늘은 어떤가요" in there.app.title[0].value


def test_consents_are_given_and_withdrawn(visit: Callable[..., Visit]) -> None:
    there = visit("pages/settings.py")
    there.app.toggle(key="consent_voice").set_value(True).run()
    assert consents.given(there.session.account_id) == {"diary", "voice"}
    there.app.toggle(key="consent_voice").set_value(False).run()
    assert consents.given(there.session.account_id) == {"diary"}


def test_the_language_of_recordings_is_asked_once_writing_down_is_allowed(visit: Callable[..., Visit]) -> None:
    there = visit("pages/settings.py")
    key = "choose_spoken_language"
    assert key not in [group.key for group in there.app.button_group]
    there.app.toggle(key="consent_transcript").set_value(True).run()
    assert consents.given(there.session.account_id) == {"diary", "transcript"}
    assert there.app.button_group(key=key).value == "detected"
    there.app.button_group(key=key).set_value("ko").run()
    there.expect_calm()
    assert spoken_language.of(there.session) == ("ko",)


def test_the_persons_own_time_zone_decides_what_today_is(visit: Callable[..., Visit]) -> None:
    there = visit()
    there.app.context["timezone"] = "Pacific/Kiritimati"
    there.app.run()
    there.app.button_group[0].set_value("happiness").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert (kept.timezone, kept.day) == ("Pacific/Kiritimati", days.today("Pacific/Kiritimati"))


def test_help_says_someone_near_first(visit: Callable[..., Visit]) -> None:
    there = visit("pages/help.py", "ko")
    assert there.app.info[0].value == there.t("help.someone_near")
    numbers = " ".join(heading.value for heading in there.app.subheader)
    for number in ("109", "1577-0199", "1388", "988"):
        assert f"[{number}](tel:" in numbers


def test_an_unforeseen_error_is_one_sentence_and_keeps_what_was_written_out_of_the_log(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    there = visit()
    secret = " ".join(["my", "secret", "line"])
    handler, lines = logs.handler("json"), io.StringIO()
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines)

    def fail(*_: object) -> None:
        raise ValueError(secret)

    with monkeypatch.context() as patch:
        patch.setattr(entries, "of_day", fail)
        patch.setattr(logging.getLogger("haru.ui"), "handlers", [handler])
        there.app.run()
    (line,) = lines.getvalue().splitlines()
    number = there.t("unexpected.number", number=json.loads(line)["request"])
    assert there.app.error[0].value == f"{there.t('error.unexpected')} {number}"
    assert "ValueError" in caplog.text
    assert secret not in caplog.text


@pytest.mark.parametrize("name", ["*bold*", "<b>x</b>", ":smile: $x$", "[a](javascript:alert(1))"])
def test_a_name_is_never_markdown(visit: Callable[..., Visit], name: str) -> None:
    title = visit(name=name).app.title[0].value
    for mark in "*<>:[]$":
        assert mark not in title.replace(f"\\{mark}", "")


def test_every_mood_is_offered_with_its_face_and_word(visit: Callable[..., Visit]) -> None:
    there = visit(language="ko")
    offered = [option.content for option in there.app.button_group[0].proto.options]
    assert offered == [emotion.ko for emotion in BY_KEY.values()]
