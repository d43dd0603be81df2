"""Any text as a note, a tag, a search, a name and a password: kept exactly, exported, found, and read in time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

from diary import accounts, database, drafts, entries, errors, search, surrogates
from diary.entries import NewEntry
from diary.search import Query
from diary.sessions import Session
from diary.transfer import detect, export, markdown_text, table
from language import LANGUAGES, say
from tests.trial.bounded import try_all
from tests.trial.mutations import text
from words import predict as words_model

ZONE = "Asia/Seoul"
_FORMULAS = (
    *("=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(1)", "\t=1", "\r=1", "＝1", "  =1", "\u3000=1", "\0=1", "\u200b=1"),
    *("\u2003=1", "\ufeff=1", "a;=1+1", "a\n=1+1", '"=1'),
)
_CODE = (
    *("<script>alert(1)</script>", "![x](http://127.0.0.1/x)", "{{7*7}}", "${7*7}", "%00%0d%0a", ":red[a]"),
    *("$$x$$", "</style><script>", "javascript:alert(1)", "'; drop table entries; --", "<b " * 30_000),
)
_REPEATED = ("하루 ", "not ", "안 ", "!!!", "😭", "ㅋ", "a", "ㅠㅠ", "아니,", '"', "\u0fb2\u0f71")


def test_any_text(person: Session, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    try_all(2000, any_text, lambda note: use(person, note), folder)


def test_any_text_is_read_in_time(tmp_path: Path) -> None:
    recogniser = words_model.load()
    try_all(120, any_text, lambda note: recogniser.read([note]), tmp_path)


def any_text(random: Random, number: int) -> tuple[str, str]:
    match number // 10 % 12:
        case 0:
            return "a million characters", text(random, 10) * 100_000
        case 1:
            return "the longest note", text(random, 100) * 1000
        case 2:
            return "accents on one letter", "a" + "\u0301" * random.randrange(1, 99_000)
        case 3:
            accents = [chr(random.randrange(0x300, 0x370)) for _ in range(random.randrange(1, 99_000))]
            return "different accents on one letter", "a" + "".join(accents)
        case 4:
            return "a formula", random.choice(_FORMULAS)
        case 5:
            return "code", random.choice(_CODE) + text(random, 5)
        case 6:
            return "one word again and again", random.choice(_REPEATED) * random.randrange(1, 20_000)
        case _:
            return "random", text(random, random.choice([1, 3, 30, 300, 3000]))


def use(person: Session, note: str) -> None:
    try:
        keep(person, note)
    except errors.DiaryError as refusal:
        expect_sentence(refusal)
    refuse_or_allow(lambda: entries.tidy_tags([note[:60], note[5:30]]))
    drafts.save(person, {"note": note})
    draft = drafts.load(person)
    assert draft is not None
    assert draft.content["note"] == surrogates.repaired(note)
    with database.transaction() as db:
        db.table("tries").delete_where()  # the throttle is not what this is about
    refuse_or_allow(lambda: accounts.sign_in(note, note, address="192.0.2.1"))
    refuse_or_allow(lambda: accounts.recover(note, note, note, address="192.0.2.2"))


def keep(person: Session, note: str) -> None:
    entry_id = entries.add(person, NewEntry("neutral", 3, date(2026, 5, 1), ZONE, note=note))
    try:
        assert entries.get(person, entry_id).note == surrogates.repaired(note)
        (parsed,) = detect.read(export.as_json(person), ZONE).entries
        assert parsed.entry.note == surrogates.repaired(note)
        content = table.as_csv(person).decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(content, newline="")))) == 2
        markdown_text.as_written(note)
        search.find(person, Query(words=note[:50]))
        search.marked(note[:50], note[:5000])
    finally:
        entries.delete(person, entry_id)


def refuse_or_allow(action: Callable[[], object]) -> None:
    try:
        action()
    except errors.DiaryError as refusal:
        expect_sentence(refusal)


def expect_sentence(refusal: errors.DiaryError) -> None:
    for language in LANGUAGES:
        assert len(say(language, f"error.{refusal.code}", **refusal.facts)) > 10
