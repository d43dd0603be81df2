"""The pieces of an entry's form: moods, chips, tags and what is attached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from components import state as session_state
from diary import entries
from diary.entries import NewEntry
from language import LANGUAGES
from tests.pages.conftest import Visit
from tests.pages.today_form import allow, attach, attached_in
from tests.sounds import spoken
from tests.understanding.fakes import analyst_of


def add_tag(there: Visit, text: str) -> None:
    there.app.text_input(key=f"new_tag_{there.form}").set_value(text).run()
    there.expect_calm()


def test_tags_are_chips_and_the_most_used_come_first(visit: Callable[..., Visit]) -> None:
    there = visit()
    there.open("tags")
    assert len(there.field("tags").options) == 8  # suggestions, until there are enough of one's own
    add_tag(there, "#rain,  long   walk")
    assert there.field("tags").value == ["rain", "long walk"]
    there.field("tags").set_value(["long walk"]).run()  # a tap takes one out again
    there.app.button_group[0].set_value("neutral").run()
    there.press("entry.save")
    assert [entry.tags for entry in entries.every(there.session)] == [("long walk",)]
    assert there.field("tags").options[0] == "\\#long walk"


def test_a_tag_that_cannot_be_stays_in_its_field_with_a_sentence(visit: Callable[..., Visit]) -> None:
    there = visit(language="ko")
    there.open("tags")
    long = "가" * (entries.TAG_LENGTH_MAX + 1)
    add_tag(there, long)
    (said,) = there.app.warning
    assert said.value == there.t("error.tag_too_long", characters=entries.TAG_LENGTH_MAX)
    assert there.app.text_input(key=f"new_tag_{there.form}").value == long
    assert there.field("tags").value == []
    add_tag(there, ",".join(map(str, range(entries.TAGS_MAX + 1))))
    (said,) = there.app.warning
    assert said.value == there.t("error.too_many_tags", most=entries.TAGS_MAX)
    add_tag(there, ",".join(map(str, range(entries.TAGS_MAX))))
    assert not there.app.warning
    assert len(there.field("tags").value) == entries.TAGS_MAX


def test_a_closed_part_keeps_what_is_in_it_and_its_chip_says_so(visit: Callable[..., Visit]) -> None:
    there = visit()
    there.open("line")
    there.app.text_area[0].set_value("a line").run()
    there.field("parts").set_value([]).run()
    assert f"{there.t('part.line')} ✓" in there.field("parts").options
    again = Visit(there.session, "pages/today.py")
    assert again.field("parts").value == ["line"]  # a draft opens what has content
    again.app.button_group[0].set_value("fear").run()
    again.field("parts").set_value([]).run()
    again.press("entry.save")
    assert [entry.note for entry in entries.every(there.session)] == ["a line"]


def test_a_microphone_is_there_only_while_its_part_is_open(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice")
    assert there.app.audio_input
    attach(there, voice=spoken())
    there.field("parts").set_value([]).run()
    assert not there.app.audio_input
    assert attached_in(there) == {"voice": spoken()}
    there.press("attached.remove_voice")
    assert attached_in(there) == {}


def test_a_button_elsewhere_keeps_the_entry_in_its_own_run(visit: Callable[..., Visit]) -> None:
    there = visit()
    there.app.session_state[f"mood_choice_{there.form}"] = "anger"
    there.app.session_state[session_state.KEEP_PRESSED.of(there.form).key] = True
    there.app.run()
    there.expect_calm()
    assert [entry.mood for entry in entries.every(there.session)] == ["anger"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_beyond_what_an_account_may_keep_stays_in_its_form_with_a_sentence(
    visit: Callable[..., Visit], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit(language=language)
    entries.add(there.session, NewEntry("anger", 3, date(2026, 1, 2), "Asia/Seoul"))
    monkeypatch.setenv("HARU_ACCOUNT_ENTRIES", "1")
    there.app.session_state[f"mood_choice_{there.form}"] = "happiness"
    there.app.session_state[session_state.KEEP_PRESSED.of(there.form).key] = True
    there.app.run()
    assert there.says(there.t("error.too_many_entries", most="1"))
    assert there.app.session_state[f"mood_choice_{there.form}"] == "happiness"
    assert [entry.mood for entry in entries.every(there.session)] == ["anger"]
