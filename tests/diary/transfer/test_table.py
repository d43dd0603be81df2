from __future__ import annotations

import csv
import io
from datetime import date, time

import pytest

from diary import entries, errors
from diary.entries import NewEntry
from diary.sessions import Session
from diary.transfer import detect, table
from tests.diary.transfer.conftest import ZONE


def rows(session: Session) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.as_csv(session).decode("utf-8-sig"), newline="")))


def test_excel_finds_hangul_by_the_byte_order_mark(diarist: Session) -> None:
    content = table.as_csv(diarist)
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    assert "오늘은 좋았다".encode() in content


def test_a_row_for_each_entry_in_the_persons_own_language_and_time(diarist: Session) -> None:
    header, first, second, third = rows(diarist)
    assert header == ["Day", "Time", "Mood", "How strong (1–5)", "Tags", "Words", "Source", "Time zone", "Feelings"]
    assert first[:4] == ["2024-02-29", "00:01", "Okay", "1"]
    assert second[:5] == ["2026-01-02", "23:59", "Fear", "4", "밤"]
    assert third[1] == ""


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "－1"])
def test_no_cell_is_a_formula(person: Session, formula: str) -> None:
    entries.add(person, NewEntry("neutral", 1, date(2026, 1, 2), ZONE, note=formula, tags=("=cmd|' /C calc'!A0",)))
    _, row = rows(person)
    assert row[5].startswith("'")
    assert table.without_apostrophe(row[5]) == formula
    assert row[4].startswith("'=")


@pytest.mark.parametrize(
    "note",
    [
        "nice;=cmd|' /C calc'!A0",
        "nice; =1",
        'nice;"=1+1"',
        ";=1",
        'two\n=HYPERLINK("http://x")',
        "two\r\n\u3000@SUM(A1)",
        "tab\t+1",
        "- milk\n- bread",
    ],
)
def test_no_cell_is_a_formula_whatever_separates(person: Session, note: str) -> None:
    """Spreadsheets of many countries split at semicolons; then quotes around a cell with commas mean nothing."""
    entries.add(person, NewEntry("neutral", 1, date(2026, 1, 2), ZONE, note=note, tags=("a;=1+1",)))
    text = table.as_csv(person).decode("utf-8-sig")
    for separator in (",", ";", "\t"):
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
        assert [cell for cell in cells if cell.lstrip(' "\u00a0\u3000').startswith(tuple("=+-@＝＋－＠"))] == []
    (entry,) = entries.every(person)
    assert table.without_apostrophe(rows(person)[1][5]) == entry.note


def test_words_that_start_no_formula_stay_as_they_are(person: Session) -> None:
    note = 'a "quoted" line,\nand a second; 1 = 1'
    entries.add(person, NewEntry("neutral", 1, date(2026, 1, 2), ZONE, note=note, at=time(7)))
    assert rows(person)[1][5] == note


def test_what_excel_cannot_hold_is_cut_and_says_so(person: Session) -> None:
    entries.add(person, NewEntry("neutral", 1, date(2026, 1, 2), ZONE, note="가" * 40_000 + "\0"))
    note = rows(person)[1][5]
    assert len(note) < 32_767
    assert note.endswith(" …")


def test_a_table_brought_back_is_told_to_be_one(diarist: Session) -> None:
    with pytest.raises(errors.FileIsTable):
        detect.read(table.as_csv(diarist), ZONE)
