"""Tables of Daylio, in many variants."""

from __future__ import annotations

from datetime import date, time
from time import perf_counter as time_now

import pytest

from diary import errors
from diary.transfer.parsed import ForeignEntry
from tests.diary.transfer.files import DAYLIO, HEADER, foreign_entries, row


def test_daylio_as_it_is_exported_today() -> None:
    first, second = foreign_entries(DAYLIO)
    assert first == ForeignEntry(
        "rad", date(2026, 3, 10), time(21, 5), "Title\nWe ate, and\nlaughed", ("walk", "friends")
    )
    assert second == ForeignEntry("그저 그럼", date(2026, 3, 9), time(8, 30))


@pytest.mark.parametrize(
    "content",
    [
        DAYLIO.encode("utf-8-sig"),
        DAYLIO.encode("cp949"),
        DAYLIO.encode("utf-16"),
        DAYLIO.replace("\n2026", "\r\n2026").encode(),
        DAYLIO.replace("We ate, and", "We ate and").replace(",", ";").replace("We ate and", "We ate, and").encode(),
        DAYLIO.replace("We ate, and", "We ate and").replace(",", "\t").replace("We ate and", "We ate, and").encode(),
        ("\n" + DAYLIO).encode(),
    ],
    ids=["bom", "cp949", "utf-16", "crlf", "semicolons", "tabs", "empty first line"],
)
def test_the_same_table_in_another_dress(content: bytes) -> None:
    assert foreign_entries(content) == foreign_entries(DAYLIO)


def test_daylio_as_it_was_exported_before_2020() -> None:
    old = 'year,date,weekday,time,mood,activities,note\n2018,18 May,Friday,11:54 pm,happy,"clean | cook",Party\n'
    assert foreign_entries(old) == [ForeignEntry("happy", date(2018, 5, 18), time(23, 54), "Party", ("clean", "cook"))]
    assert foreign_entries(old.replace("18 May", "5월 18일"))[0].day == date(2018, 5, 18)


def test_daylios_formatting_becomes_plain_words() -> None:
    rich = "<b>Good</b> day<br>and 1 &lt; 2<ul><li>tea</li><li>cake</li></ul>"
    assert foreign_entries(HEADER + row(note=rich))[0].note == "Good day\nand 1 < 2• tea\n• cake"
    assert foreign_entries(HEADER + row(note="1 < 2 &amp; I <3 you"))[0].note == "1 < 2 &amp; I <3 you"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026/1/5", date(2026, 1, 5)),
        ("2026. 11. 20.", date(2026, 11, 20)),
        ("2026년 11월 20일", date(2026, 11, 20)),
        ("20.11.2026", date(2026, 11, 20)),
        ("5.11.2026", date(2026, 11, 5)),
        ("20/11/2026", date(2026, 11, 20)),
        ("11/20/2026", date(2026, 11, 20)),
        ("11/11/2026", date(2026, 11, 11)),
    ],
)
def test_dates_of_many_countries(written: str, day: date) -> None:
    assert foreign_entries(HEADER + row(written))[0].day == day


def test_three_ways_of_writing_dates_in_one_file() -> None:
    found = foreign_entries(HEADER + row("2026-11-18") + row("2026년 11월 19일") + row("20.11.2026"))
    assert [moment.day.day for moment in found] == [18, 19, 20]


def test_one_date_tells_the_order_of_the_others() -> None:
    assert [entry.day for entry in foreign_entries(HEADER + row("03/04/2026") + row("13/04/2026"))] == [
        date(2026, 4, 3),
        date(2026, 4, 13),
    ]


def test_where_nothing_tells_day_from_month_the_person_is_asked() -> None:
    unclear = HEADER + row("03/04/2026")
    with pytest.raises(errors.DatesAmbiguous):
        foreign_entries(unclear)
    assert foreign_entries(unclear, day_first=True)[0].day == date(2026, 4, 3)
    assert foreign_entries(unclear, day_first=False)[0].day == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("9:05 pm", time(21, 5)),
        ("9:05\u202fPM", time(21, 5)),
        ("12:15 am", time(0, 15)),
        ("12:00 p.m.", time(12, 0)),
        ("오후 8:32", time(20, 32)),
        ("오전 12:05", time(0, 5)),
        ("20:32", time(20, 32)),
        ("20:32:10", time(20, 32)),
        ("", None),
    ],
)
def test_times_of_many_phones(written: str, at: time | None) -> None:
    assert foreign_entries(HEADER + row(at=written))[0].at == at


def test_tags_that_nothing_closes_take_no_time() -> None:
    """A pattern that looks for their end again and again took 20 seconds for 20 such notes."""
    notes = ("<b " * 43_000, "<b>" + "<li" * 43_000, "<br" + " " * 130_000, "<br " * 32_000, "&#" * 60_000)
    began = time_now()
    for note in notes:
        assert len(foreign_entries(HEADER + row(note=note) * 5)) == 5
    assert time_now() - began < 3
