"""Files that are invalid, cut off or of another kind: each gets a clear error."""

from __future__ import annotations

import pytest

from diary import errors
from diary.sessions import Session
from diary.transfer import detect, export
from tests.diary.transfer.conftest import ZONE
from tests.diary.transfer.files import DAYLIO, HEADER, foreign_entries, refused, row


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\t ", "file_empty"),
        (HEADER.encode(), "file_empty"),
        (b"hello", "file_unknown"),
        (b"a,b,c\n1,2,3\n", "file_unknown"),
        (b"{}", "file_unknown"),
        (b"[]", "file_unknown"),
        (b'{"format": "other"}', "file_unknown"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "file_damaged"),
        (b"PK\x03\x04 nothing", "file_cut_short"),
        (b'{"format": "haru", "version": 99}', "file_is_newer"),
        (b'{"format": "haru", "version": "2"}', "file_damaged"),
        (b'{"format": "haru", "version": true}', "file_damaged"),
        (b'{"format": "haru", "version": 2, "account": {}, "entries": []}', "file_damaged"),
        (b"[" * 100_000, "file_damaged"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "file_damaged"),
        (b'{"a": 1, ] }', "file_damaged"),
        (b'{"a": 1', "file_cut_short"),
        ((HEADER + row("yesterday")).encode(), "date_unreadable"),
        ((HEADER + row("2026-02-30")).encode(), "date_unreadable"),
        ((HEADER + row("13/02/2026") + row("02/13/2026")).encode(), "dates_contradict"),
        ((HEADER + row("03/04/2026")).encode(), "dates_ambiguous"),
        ((HEADER + row(at="25:10")).encode(), "line_unreadable"),
        ((HEADER + row(at="soon")).encode(), "line_unreadable"),
        ((HEADER + row(mood="")).encode(), "line_unreadable"),
        ((HEADER + "2026-03-10,,,\n").encode(), "line_unreadable"),
        ((HEADER + '2026-03-10,,,,good,,,"never closed\n').encode(), "line_unreadable"),
        ((HEADER + row(note="x" * 200_000)).encode(), "line_unreadable"),
        ((HEADER + row(note="<b>&#" + "9" * 5000 + ";</b>")).encode(), "line_unreadable"),
    ],
)
def test_rubbish_gets_a_sentence(content: bytes, code: str) -> None:
    assert refused(content).code == code


def test_the_line_that_is_wrong_is_named() -> None:
    assert refused((HEADER + row() + row(at="25:10")).encode()).facts == {"place": 3}


def test_an_export_cut_at_every_tenth_byte(diarist: Session) -> None:
    exported = export.as_json(diarist)
    everything = detect.read(exported, ZONE)
    for length in range(0, len(exported), 10):
        if exported[:length].rstrip() == exported.rstrip():
            assert detect.read(exported[:length], ZONE) == everything
        else:
            refused(exported[:length])


def test_a_zip_cut_anywhere(diarist: Session) -> None:
    packed = export.as_zip(diarist)
    for length in range(0, len(packed) - 1, 41):
        refused(packed[:length])


def test_a_table_cut_at_every_tenth_byte_is_read_to_a_whole_line_or_refused() -> None:
    content = DAYLIO.encode()
    for length in range(0, len(content), 10):
        try:
            found = foreign_entries(content[:length])
        except errors.FileRefused:
            continue
        # What is cut off inside the last line of a table leaves no trace; every line before it is whole.
        assert found[:-1] == foreign_entries(DAYLIO)[: len(found) - 1]
