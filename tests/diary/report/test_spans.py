"""The spans of a report: their days, their layouts, and their text in the page's address."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.days import EARLIEST
from diary.report import spans, titles
from diary.report.spans import Span

TODAY = date(2026, 11, 20)
SUNDAY, MONDAY = 6, 0


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (spans.week(date(2026, 11, 25), SUNDAY), date(2026, 11, 22), date(2026, 11, 28)),
        (spans.week(date(2026, 11, 25), MONDAY), date(2026, 11, 23), date(2026, 11, 29)),
        (spans.week(date(2026, 11, 22), SUNDAY), date(2026, 11, 22), date(2026, 11, 28)),
        (spans.month(date(2024, 2, 10)), date(2024, 2, 1), date(2024, 2, 29)),
        (spans.year(date(2026, 11, 25)), date(2026, 1, 1), date(2026, 12, 31)),
        (spans.own(date(2026, 5, 2), date(2026, 5, 1)), date(2026, 5, 1), date(2026, 5, 2)),
    ],
)
def test_a_span_has_its_days(span: Span, first: date, last: date) -> None:
    assert (span.first, span.last) == (first, last)


def test_days_that_are_exactly_a_year_a_month_or_a_week_are_one() -> None:
    assert spans.fitting(date(2026, 1, 1), date(2026, 12, 31), MONDAY).kind == "year"
    assert spans.fitting(date(2026, 2, 1), date(2026, 2, 28), MONDAY).kind == "month"
    assert spans.fitting(date(2026, 11, 23), date(2026, 11, 29), MONDAY).kind == "week"
    assert spans.fitting(date(2026, 11, 23), date(2026, 11, 29), SUNDAY).kind == "own"


@pytest.mark.parametrize(
    ("days", "layout"),
    [(1, "days"), (10, "days"), (11, "calendar"), (62, "calendar"), (63, "months"), (366, "months"), (3660, "years")],
)
def test_longer_spans_show_less_of_each_day(days: int, layout: str) -> None:
    first = date(2010, 1, 1)
    assert spans.own(first, first + timedelta(days=days - 1)).layout == layout


@given(st.sampled_from(spans.KINDS), st.dates(EARLIEST, TODAY), st.dates(EARLIEST, TODAY), st.sampled_from([0, 5, 6]))
def test_the_address_of_a_span_leads_back_to_it(kind: str, first: date, last: date, first_weekday: int) -> None:
    span = spans.own(first, last) if kind == "own" else spans.around(kind, first, first_weekday)
    assert spans.parsed(span.address, TODAY, first_weekday) == span


@pytest.mark.parametrize(
    "address",
    ["", "x", "2026-13", "2026-02-30", "0000", "9999", "9999-12-31", "2027", "2026-12", "2026-1-1", "2026-11-1.x",
     "2026-11-01.2026-11-02.2026-11-03", "٢٠٢٦"],
)  # fmt: skip
def test_an_address_that_names_no_span_is_none(address: str) -> None:
    assert spans.parsed(address, TODAY, MONDAY) is None


def test_the_spans_of_some_days_are_there_once_latest_first() -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 9)]
    assert [span.address for span in spans.of_days("month", days, MONDAY)] == ["2026-03", "2026-01", "2025-12"]
    assert [span.address for span in spans.of_days("week", days, MONDAY)] == ["2026-03-09", "2025-12-29"]
    assert [span.address for span in spans.of_days("year", days, MONDAY)] == ["2026", "2025"]


@pytest.mark.parametrize(
    ("span", "ko", "en"),
    [
        (spans.year(TODAY), "2026년", "2026"),
        (spans.month(TODAY), "2026년 11월", "November 2026"),
        (spans.week(TODAY, MONDAY), "2026년 11월 16일 – 22일", "16 – 22 November 2026"),
        (spans.own(date(2026, 9, 28), TODAY), "2026년 9월 28일 – 11월 20일", "28 September – 20 November 2026"),
        (
            spans.own(date(2024, 9, 28), TODAY),
            "2024년 9월 28일 – 2026년 11월 20일",
            "28 September 2024 – 20 November 2026",
        ),
        (spans.own(TODAY, TODAY), "2026년 11월 20일", "20 November 2026"),
    ],
)
def test_a_title_repeats_neither_year_nor_month(span: Span, ko: str, en: str) -> None:
    assert (titles.title("ko", span), titles.title("en", span)) == (ko, en)
