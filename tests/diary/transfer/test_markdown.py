"""The export as Markdown: a file for each day, whose text reads as it was written."""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import date, time

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from diary import calendar, consents, entries, photos, trackers
from diary.entries import NewEntry
from diary.photos import NewPhoto
from diary.sessions import Session
from diary.trackers import Tracker
from diary.transfer import export_parts, markdown
from diary.transfer.markdown_text import as_tag, as_written, quoted
from tests.diary.damaging import turn_a_bit
from tests.diary.transfer.conftest import ZONE

DAY = date(2026, 11, 30)


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def properties(text: str) -> dict:
    return yaml.safe_load(text.split("---\n")[1])


def shown(text: str) -> list[str]:
    """The lines of Markdown as a page shows them, without empty ones."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").render(text)
    assert not re.search(r"<(?!/?p>|br ?/?>)", page), page
    plain = html.unescape(re.sub(r"</?p>", "\n", re.sub(r"<br ?/?>\n", "\n", page))).replace("\xa0", " ")
    return [line.rstrip().replace("\t", "    ") for line in plain.split("\n") if line.strip()]


def lines_of(note: str) -> list[str]:
    note = note.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").replace("\xa0", " ")
    return [line.rstrip() for line in note.split("\n") if line.strip()]


@pytest.mark.parametrize(
    "note",
    [
        "# no heading\n#tag and ## two",
        "- no list\n* nor this\n+ nor that\n1. nor one\n12) nor two",
        "*not* **bold** _nor_ __this__ ~~gone~~ ==lit== `code` $x$ %%hidden%%",
        "[[no link]] [nor](this) ![nor](that) <b>nor</b> <!-- that --> &amp; &nbsp;",
        "no heading\n===\nnor this\n---\n***\n___",
        "    no code\n\tnor this\n  two spaces",
        "> no quote\n| no | table |\n|---|---|\n| a | b |",
        "```\nno fence\n```\n~~~\nnor this\n~~~",
        "one\n\n\n\ntwo\nthree",
        "ends with a backslash\\\nand two spaces  \nnext",
        "하루 🌙 ^block {curly} 5 < 6 > 4 \\*escaped\\*",
        "^^^\n: no definition\n$$\nmath\n$$",
        "[^1]: no footnote\n[x]: https://example.org",
    ],
)
def test_a_note_reads_as_it_was_written(note: str) -> None:
    assert shown(as_written(note)) == lines_of(note)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab1 \n\t\\`*_[]<>&~=$|#^!{}-+:.)(\"'/>하"), max_size=30))
@example("a\n\t-\n  1.\n")
@example("&#35;\n<a>\n    \n- ")
def test_any_note_reads_as_it_was_written(note: str) -> None:
    assert shown(as_written(note)) == lines_of(note)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@example("yes")
@example('"\u2028\x85\x00: - #')
def test_any_text_is_a_property(text: str) -> None:
    assert yaml.safe_load(f"x: {quoted(text)}") == {"x": text}


@pytest.mark.parametrize(
    ("tag", "safe"), [("비 오는 날", "비-오는-날"), ("a, b#c", "a-b-c"), ("Work/Home", "Work/Home"), ("(…)", "…")]
)
def test_tags_as_obsidian_takes_them(tag: str, safe: str) -> None:
    assert as_tag(tag) == safe


@pytest.fixture
def writer(person: Session) -> Session:
    """Two entries on one day, a tracker with a value on it and one on a day without an entry."""
    entries.add(
        person,
        NewEntry("fear", 4, DAY, ZONE, note="# 무서웠다\n- 정말", tags=("비 오는 날", "밤"), at=time(9, 5)),
    )
    entries.add(person, NewEntry("happiness", 2, DAY, ZONE, tags=("밤",), feelings=("proud",), at=time(21, 30)))
    for tracker, value in (
        (Tracker("잠: 밤", "😴", "minutes", "a" * 32), 450),
        (Tracker("yes", "✅", "yes_no", "b" * 32), 1),
        (Tracker("무게", "⚖️", "count", "c" * 32), 62.5),
    ):
        trackers.add(person, tracker)
        trackers.set_value(person, tracker.id, DAY, value, ZONE)
    trackers.set_value(person, "a" * 32, date(2025, 1, 2), 60, ZONE)
    return person


def test_a_day_with_its_properties_and_its_entries(writer: Session) -> None:
    made = files(markdown.as_zip(writer))
    assert made.keys() == {"2026/2026-11-30.md", "2025/2025-01-02.md"}
    text = made["2026/2026-11-30.md"].decode()
    assert properties(text) == {
        "date": DAY,
        "mood": "Happiness",
        "strength": 2,
        "moods": ["Fear", "Happiness"],
        "tags": ["비-오는-날", "밤"],
        "feelings": [entries_feeling("proud")],
        "trackers": {"잠: 밤": "7:30", "yes": True, "무게": 62.5},
    }
    assert [line for line in text.split("\n") if line.startswith("## ")] == [
        "## 09:05 Fear 4/5",
        "## 21:30 Happiness 2/5",
    ]
    assert "\\# 무서웠다  \n\\- 정말\n" in text
    assert properties(made["2025/2025-01-02.md"].decode()) == {
        "date": date(2025, 1, 2),
        "trackers": {"잠: 밤": "1:00"},
    }


def entries_feeling(key: str) -> str:
    from feelings import BY_KEY

    return BY_KEY[key].name("en")


def test_the_day_shows_the_mood_that_the_calendar_shows(writer: Session) -> None:
    calendar.DAYS_MOOD.choose(writer, "strongest")
    found = properties(files(markdown.as_zip(writer))["2026/2026-11-30.md"].decode())
    assert (found["mood"], found["strength"]) == ("Fear", 4)


def test_pictures_lie_beside_their_day_only_if_wanted(diarist: Session) -> None:
    assert not [name for name in files(markdown.as_zip(diarist)) if not name.endswith(".md")]
    made = files(markdown.as_zip(diarist, with_media=True))
    others = {name: content for name, content in made.items() if not name.endswith(".md")}
    assert len(others) == 2
    (with_media,) = (text.decode() for name, text in made.items() if b"![](" in text)
    named = re.findall(r"!\[\]\(([^)]+)\)", with_media)
    assert {f"2026/{name}" for name in named} == others.keys()


def test_photographs_are_in_it_and_damaged_ones_cost_only_themselves(person: Session) -> None:
    consents.set_given(person, "media", True)
    pictures = [NewPhoto(b"\xff\xd8one\xff\xd9"), NewPhoto(b"\xff\xd8two\xff\xd9")]
    entry_id = entries.add(person, NewEntry("fear", 4, DAY, ZONE), photos=pictures)
    turn_a_bit("photos", "sealed", "id", photos.of_entry(person, entry_id)[0].id)
    made = files(markdown.as_zip(person, with_media=True))
    assert made[f"2026/2026-11-30-{entry_id[:8]}-1.jpg"] == b"\xff\xd8two\xff\xd9"
    assert len(made) == 2


def test_parts_of_one_day_have_different_names(writer: Session) -> None:
    ids = [entry.id for entry in entries.every(writer)]
    parts = [export_parts.Part(DAY, DAY, frozenset({entry_id})) for entry_id in ids]
    first, second = (files(markdown.as_zip(writer, part)) for part in parts)
    assert len(first) == len(second) == 1
    assert first.keys() != second.keys()


def test_a_damaged_entry_is_left_out(writer: Session) -> None:
    turn_a_bit("entries", "sealed", "id", entries.every(writer)[0].id)
    text = files(markdown.as_zip(writer))["2026/2026-11-30.md"].decode()
    assert text.count("\n## ") == 1


def test_half_a_character_breaks_no_file(diarist: Session) -> None:
    text = files(markdown.as_zip(diarist))["2026/2026-01-02.md"].decode()
    assert "한 줄 🌙" in text


def test_an_empty_diary_is_an_empty_zip(person: Session) -> None:
    assert files(markdown.as_zip(person)) == {}
