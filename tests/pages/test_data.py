"""The page *Your data*: the content of the downloads, and an import step by step."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from components import state as session_state
from components.text import plain
from diary import consents, entries, photos, trackers
from diary.entries import NewEntry
from tests.diary.transfer import health_exports, test_day_one, test_journey
from tests.pages.conftest import Visit

PAGE = "pages/data.py"
ZONE = "Asia/Seoul"
DAYLIO = (
    "full_date,date,weekday,time,mood,activities,note_title,note\n"
    '2026-03-10,March 10,Tuesday,9:05 pm,rad,walk,,"laughed"\n'
    "2026-03-09,March 9,Monday,08:30,zorg,,,\n"
)


def upload(there: Visit, name: str, content: bytes) -> None:
    there.app.file_uploader[0].upload(name, content).run()
    assert not there.app.exception, there.app.exception


def in_march(there: Visit, day: int) -> str:
    """A day of March 2026 as every page writes it."""
    return {"ko": f"2026. 3. {day}.", "en": f"{day} Mar 2026"}[there.session.language]


def test_what_was_read_is_gone_once_the_person_leaves_the_page(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    upload(there, "daylio.csv", DAYLIO.encode())
    assert {"arrival"} <= there.app.session_state[session_state.PAGE_CACHE.key].keys()
    there.app.switch_page("pages/help.py").run()
    assert there.app.session_state[session_state.PAGE_CACHE.key].keys() == {"page"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_file_is_brought_in_only_after_every_mood_and_the_button(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    upload(there, "daylio.csv", DAYLIO.encode())
    assert there.says(there.t("error.moods_undecided", count=1))
    rad, zorg = (box for box in there.app.selectbox if box.key.startswith("bring_mood_"))
    assert rad.value == "happiness"
    assert zorg.value is None
    zorg.set_value("anger").run()
    assert there.app.table[0].value.iloc[:, 0].tolist() == [plain(in_march(there, day)) for day in (10, 9)]
    assert there.says(there.t("import.new", count="2", first=in_march(there, 9), last=in_march(there, 10)))
    assert entries.count(there.session) == 0

    there.press("import.button", count="2")
    there.expect_calm()
    assert there.says(there.t("import.done", count="2"))
    assert [(entry.mood, entry.intensity, entry.note) for entry in entries.every(there.session)] == [
        ("anger", 3, ""),
        ("happiness", 5, "laughed"),
    ]
    # The uploader is empty again; the same file once more finds everything here.
    upload(there, "daylio.csv", DAYLIO.encode())
    zorg = next(box for box in there.app.selectbox if box.key.startswith("bring_mood_") and box.value is None)
    zorg.set_value("leave_out").run()
    assert there.says(there.t("import.already_here", count="1"))
    assert there.says(there.t("import.left_out", count="1"))
    assert next(b for b in there.app.button if b.key == "bring_in").disabled


def test_a_file_of_another_diary_waits_for_the_persons_word(visit: Callable[..., Visit], stranger) -> None:
    from diary.transfer import export

    entries.add(stranger, NewEntry("fear", 3, date(2026, 1, 2), ZONE, note="older diary"))
    there = visit(PAGE)
    upload(there, "haru.json", export.as_json(stranger))
    assert there.says(there.t("error.another_diary"))
    assert entries.count(there.session) == 0
    there.app.checkbox[0].check().run()
    there.press("import.button", count="1")
    assert [entry.note for entry in entries.every(there.session)] == ["older diary"]


def test_unclear_dates_are_asked_about(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    upload(there, "d.csv", b"full_date,time,mood,activities,note\n03/04/2026,,good,,\n")
    assert there.says(there.t("error.dates_ambiguous"))
    there.app.radio[0].set_value("day").run()
    assert there.says({"ko": "2026. 4. 3.", "en": "3 Apr 2026"}[there.session.language])


def test_rubbish_gets_its_sentence_and_changes_nothing(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    before = json.dumps([str(entry) for entry in entries.every(there.session)])
    for content, code in (
        (b"hello", "file_unknown"),
        (b"", "file_empty"),
        (b'{"format": "haru", ', "file_cut_short"),
    ):
        upload(there, "x.json", content)
        assert there.app.error[0].value == there.t(f"error.{code}")
    assert json.dumps([str(entry) for entry in entries.every(there.session)]) == before


SLEEP_TABLE = "date,value\n2026-03-01,7.5\n2026-03-02,8\nsome day,8\n2026-03-04,a lot\n"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_table_of_a_tracker_is_seen_before_it_comes_in(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    name = there.t("tracker.suggest_sleep")
    upload(there, f"{name}.csv", SLEEP_TABLE.encode())
    field = next(field for field in there.app.text_input if field.key.startswith("bring_tracker_"))
    assert field.value == name, "a table without names is named after its file"
    kind = next(box for box in there.app.selectbox if box.key.startswith("bring_kind_"))
    assert kind.value == "count"
    kind.set_value("hours").run()
    there.expect_calm()
    assert there.says(there.t("import.new_trackers", names=f"😴 {name}"))
    assert there.says(there.t("import.tracker_values", count="2", first=in_march(there, 1), last=in_march(there, 2)))
    assert there.says(there.t("import.tracker_unreadable", count="2", lines="4, 5"))
    assert there.app.table[0].value.iloc[:, 2].tolist() == ["7\\:30", "8\\:00"]
    assert there.app.table[0].value.iloc[:, 0].tolist() == [plain(in_march(there, day)) for day in (1, 2)]
    assert trackers.every(there.session) == []
    there.press("import.button", count="2")
    there.expect_calm()
    (tracker,) = trackers.every(there.session)
    assert trackers.between(there.session, date.min, date.max) == {
        tracker.id: {date(2026, 3, 1): 450, date(2026, 3, 2): 480}
    }
    # Again: it joins the tracker, and nothing is new. A name that cannot be stored is refused before.
    upload(there, f"{name}.csv", SLEEP_TABLE.encode())
    assert there.says(there.t("import.joins", name=f"😴 {name}"))
    next(box for box in there.app.selectbox if box.key.startswith("bring_kind_")).set_value("hours").run()
    assert there.says(there.t("import.tracker_values_here", count="2"))
    assert there.app.button(key="bring_in").disabled
    next(field for field in there.app.text_input if field.key.startswith("bring_tracker_")).set_value("x" * 1000).run()
    assert there.app.error[0].value == there.t("error.tracker_name_too_long", characters=40)


def test_a_column_that_holds_no_values_is_left_out_unless_chosen(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    upload(there, "mine.csv", b"date,Steps,Weather\n2026-03-01,8000,rain\n2026-03-02,9000,sun\n")
    there.expect_calm()
    assert [box.value for box in there.app.selectbox if box.key.startswith("bring_kind_")] == ["count", "leave_out"]
    there.press("import.button", count="2")
    there.expect_calm()
    assert [tracker.label for tracker in trackers.every(there.session)] == ["👟 Steps"]


def test_the_trackers_can_be_downloaded_as_a_table(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    labels = [button.proto.label for button in there.app.get("download_button")]
    assert there.t("export.tracker_csv") not in labels
    trackers.add(there.session, trackers.Tracker("Sleep", "😴", "minutes"))
    there.app.run()
    labels = [button.proto.label for button in there.app.get("download_button")]
    assert there.t("export.tracker_csv") in labels


def test_another_diarys_entries_without_a_mood_wait_for_one(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE, "en")
    upload(there, "2026.zip", test_day_one.exported(test_day_one.entry(videos=[{}])))
    assert there.says(there.t("error.moods_undecided", count=1))
    (mood,) = (box for box in there.app.selectbox if box.key.startswith("bring_mood_"))
    assert (mood.label, mood.value) == (there.t("import.no_mood", count="1"), None)
    mood.set_value("neutral").run()
    there.expect_calm()
    assert there.says(there.t("import.media_left_out", count="1"))
    assert there.says(there.t("import.attachments_left_out", count="1"))
    there.press("import.button", count="1")
    there.expect_calm()
    assert [entry.mood for entry in entries.every(there.session)] == ["neutral"]


def test_numbers_of_journey_are_not_guessed(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE, "en")
    upload(there, "journey.zip", test_journey.exported(test_journey.entry(mood=5)))
    (mood,) = (box for box in there.app.selectbox if box.key.startswith("bring_mood_"))
    assert (mood.label, mood.value) == (there.t("import.mood_journey", mood="5", count="1"), None)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_numbers_of_journey_stand_in_order_with_what_was_written(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    written = [(4, "*Rain*"), (0, "No mood"), (2, "x" * 60), (4, ""), (4, "Sun"), (4, "Wind")]
    made = (
        test_journey.entry(id=str(number), mood=mood, text=text, photos=[])
        for number, (mood, text) in enumerate(written)
    )
    upload(there, "journey.zip", test_journey.exported(*made))
    labels = [box.label for box in there.app.selectbox if box.key.startswith("bring_mood_")]
    numbered = [there.t("import.mood_journey", mood=mood, count=count) for mood, count in (("2", "1"), ("4", "4"))]
    assert labels == [*numbered, there.t("import.no_mood", count="1")]
    assert there.says(there.t("import.moods_means_journey"))
    assert not there.says(there.t("import.moods_means"))
    day = plain(in_march(there, 11))
    captions = [caption.value for caption in there.app.caption]
    examples = [caption for caption in captions if caption.startswith(day)]
    assert examples == [f"{day} · {'x' * 40}…", f"{day} · \\*Rain\\*", f"{day} · Sun"]


def test_pictures_are_allowed_where_they_would_be_left_out(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    upload(there, "journey.zip", test_journey.exported(test_journey.entry()))
    next(box for box in there.app.selectbox if box.key.startswith("bring_mood_")).set_value("neutral").run()
    assert there.says(there.t("import.media_left_out", count="1"))
    there.app.toggle(key="import_consent_media").set_value(True).run()
    there.expect_calm()
    assert there.notice == there.t("settings.consent_saved")
    assert "media" in consents.given(there.session.account_id)
    assert there.says(there.t("import.media", count="1"))
    assert "import_consent_media" not in [toggle.key for toggle in there.app.toggle]
    there.press("import.button", count="1")
    (entry,) = entries.every(there.session)
    assert list(photos.between(there.session, entry.day, entry.day)) == [entry.id]


def test_an_import_leads_to_its_month(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)

    def links() -> list[str]:
        return [link.proto.query_string for link in there.app.get("page_link") if link.proto.query_string]

    upload(there, "journey.zip", test_journey.exported(test_journey.entry(photos=[])))
    next(box for box in there.app.selectbox if box.key.startswith("bring_mood_")).set_value("neutral").run()
    assert "month=2026-03" not in links()
    there.press("import.button", count="1")
    assert "month=2026-03" in links()
    there.app.switch_page("pages/help.py").run()
    there.app.switch_page(PAGE).run()
    assert "month=2026-03" not in links()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_health_export_is_seen_before_it_becomes_trackers(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    content = health_exports.apple_health(
        health_exports.steps("2026-03-01 08:00:00 +0900", 3000, "Phone"),
        health_exports.steps("2026-03-01 08:00:00 +0900", 4000, "Watch"),
        health_exports.steps("2026-03-02 08:00:00 +0900", 5000, "Phone"),
        health_exports.state_of_mind("2026-03-02 08:00:00 +0900", "0.5"),
    )
    upload(there, "export.xml", content)
    there.expect_calm()
    steps_name, mind_name = there.t("tracker.suggest_steps"), there.t("import.health_state_of_mind_name")
    assert there.says(there.t("import.is_apple_health", count="3"))
    first, last = plain(in_march(there, 1)), plain(in_march(there, 2))
    assert there.says(there.t("import.health_days", first=first, last=last, count="2"))
    assert there.says(there.t("import.new_trackers", names=f"👟 {steps_name}, 🧠 {mind_name}"))
    source, mind = (box for box in there.app.selectbox if box.key.startswith("health_source_"))
    assert source.options == [there.t("import.health_largest"), "Phone", "Watch", there.t("import.leave_out")]
    mind.set_value("leave_out").run()
    assert trackers.every(there.session) == []
    there.press("import.button", count="2")
    there.expect_calm()
    (tracker,) = trackers.every(there.session)
    values = {date(2026, 3, 1): 4000, date(2026, 3, 2): 5000}
    assert trackers.between(there.session, date.min, date.max) == {tracker.id: values}
    # Again, and from one device: every day has its value already.
    upload(there, "export.xml", content)
    next(box for box in there.app.selectbox if box.key.startswith("health_source_")).set_value("Phone").run()
    assert there.says(there.t("import.tracker_values_here", count="2"))


def test_two_series_of_a_health_export_need_two_names(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    content = health_exports.apple_health(
        health_exports.steps("2026-03-01 08:00:00 +0900", 3000),
        health_exports.workout("2026-03-01 08:00:00 +0900", 30),
    )
    upload(there, "export.xml", content)
    for field in there.app.text_input:
        if field.key.startswith("health_name_"):
            field.set_value("Same")
    there.app.run()
    assert there.app.error[0].value == there.t("error.tracker_name_taken")


def test_the_diary_can_be_downloaded_as_markdown(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE, "en")
    entries.add(there.session, NewEntry("fear", 4, date(2026, 3, 2), ZONE))
    there.app.run()
    (button,) = (
        button for button in there.app.get("download_button") if button.proto.label == there.t("export.markdown_button")
    )
    assert button.proto.id
    assert not [toggle for toggle in there.app.toggle if toggle.key == "markdown_media"], "there is nothing kept yet"
