"""The page of the report, read back from the PDF."""

from __future__ import annotations

import io
import logging
from datetime import date, timedelta

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import entries, trackers
from diary.entries import NewEntry
from diary.report import figures, spans, titles
from diary.report.day_rows import shared
from diary.report.page import page
from diary.report.sections import Sections
from diary.report.sheet import Sheet, contrast, ink_of, readable_on
from diary.report.spans import Span
from diary.report.words import Word
from diary.sessions import Session
from diary.trackers import Tracker
from emotions import BY_KEY, SEVEN
from language import say
from tests.diary.histories import keep
from tests.diary.report.conftest import FIRST, MARCH, TODAY, ZONE


def text_of(session: Session, shown: Sections, language: str = "ko", span: Span = MARCH) -> str:
    month, _ = figures.of_span(session, span, ZONE)
    document = pypdf.PdfReader(io.BytesIO(page(month, shown, language=language, today=TODAY)))
    assert len(document.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in document.pages[0].mediabox[2:]] == [210, 297]
    return document.pages[0].extract_text()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_says_what_the_month_was(march: Session, language: str) -> None:
    text = text_of(march, Sections(name="지우"), language)
    assert {"ko": "2026년 3월", "en": "March 2026"}[language] in text
    assert "지우" in text
    for emotion in SEVEN:
        assert emotion.name(language) in text
    assert say(language, "report.days_of", kept=3, days=31) in text
    assert say(language, "report.entries_count", count=6) in text
    assert "#산책" in text
    assert say(language, "report.to_talk_about") in text
    assert "진단" in text or "diagnosis" in text


@pytest.mark.parametrize(("language", "line"), [("ko", "뿌듯함 2일, 설렘 1일"), ("en", "proud 2 d, excited 1 d")])
def test_a_page_names_the_feelings(person: Session, language: str, line: str) -> None:
    for day, chosen in ((1, ("proud", "excited")), (2, ("proud",))):
        entries.add(person, NewEntry("happiness", 3, FIRST.replace(day=day), ZONE, feelings=chosen))
    assert line in text_of(person, Sections(), language)
    assert say(language, "report.feelings") in text_of(person, Sections(), language)
    without = text_of(person, Sections(tags=False), language)
    assert say(language, "report.feelings") not in without


def test_words_are_there_only_where_they_were_picked(march: Session) -> None:
    found = entries.between(march, MARCH.first, MARCH.last)
    assert "봄" not in text_of(march, Sections())
    text = text_of(march, Sections(notes=[found[0]]))
    assert "봄" in text
    assert "loud" not in text


def test_each_switch_takes_its_own_part_away(march: Session) -> None:
    text = text_of(march, Sections(moods=False, counts=False, tags=False))
    assert "산책" not in text
    assert say("ko", "report.entries_kept") not in text
    assert not any(emotion.ko in text for emotion in SEVEN)
    assert say("ko", "report.of", name="지우") not in text


def test_hangul_hanja_emoji_and_html_are_what_somebody_wrote(march: Session) -> None:
    found = entries.between(march, MARCH.first, MARCH.last)
    text = text_of(march, Sections(notes=found))
    for written in ("봄", "春", "뷁", "🌸", "<b>loud</b>"):
        assert written in text


def test_a_letter_that_no_font_has_becomes_a_box_and_no_line_in_the_log(
    person: Session, caplog: pytest.LogCaptureFixture
) -> None:
    entry_id = entries.add(person, NewEntry("neutral", 3, FIRST, ZONE, note="ꡀ secret \ud800 \x07 ᏣᎳᎩ"))
    with caplog.at_level(logging.DEBUG):
        text = text_of(person, Sections(notes=[entries.get(person, entry_id)]))
    assert "□ secret □ □ □□□" in " ".join(text.split())
    # fonttools and fpdf2 would tell which letters they set.
    assert [record.name for record in caplog.records if record.name.startswith(("fontTools", "fpdf"))] == []


def test_the_longest_words_and_the_longest_tags_stay_on_the_page(person: Session) -> None:
    for day in range(1, 31):
        entries.add(
            person,
            NewEntry(
                "surprise",
                3,
                FIRST.replace(day=day),
                ZONE,
                note="가" * 3000,
                tags=tuple("나" * 38 + f"{n:02}" for n in range(20)),
            ),
        )
    text = text_of(person, Sections(name="다" * 40, notes=entries.every(person)[:4]))
    assert "가" * 3000 not in text
    assert "…" in text
    assert say("ko", "report.how_made")[:20] in text


@pytest.mark.parametrize("first", [date(2026, 2, 1), date(2026, 8, 1), date(2024, 2, 1)])
def test_months_of_four_five_and_six_weeks(person: Session, first: date) -> None:
    entries.add(person, NewEntry("fear", 3, first, ZONE))
    assert BY_KEY["fear"].ko in text_of(person, Sections(), span=spans.month(first))


def test_it_says_its_language_and_title_and_nothing_about_the_account(march: Session) -> None:
    month, _ = figures.of_span(march, MARCH, ZONE)
    made = page(month, Sections(), language="ko", today=TODAY)
    document = pypdf.PdfReader(io.BytesIO(made))
    assert document.metadata.title == "하루 · 2026년 3월"
    assert document.trailer["/Root"]["/Lang"] == "ko"
    assert march.account_id.encode() not in made


@pytest.mark.parametrize("emotion", SEVEN, ids=lambda emotion: emotion.key)
def test_a_name_on_its_colour_can_be_read(emotion) -> None:
    ground = ink_of(emotion.key)
    assert contrast(ground, readable_on(ground)) >= 4.5


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return Sheet(210, 297, "ko")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.floats(20, 150), st.integers(1, 4))
def test_any_text_stays_inside_its_lines(sheet: Sheet, text: str, width: float, most: int) -> None:
    sheet.pen(9)
    lines = sheet.lines(text, width, most)
    assert len(lines) <= most
    assert all(sheet.get_string_width(line) <= width + 0.5 for line in lines)
    assert sheet.get_string_width(sheet.fitted(text, width)) <= width


ADDRESSES = ["2026-03-02", "2026-03", "2026", "2026-03-01.2026-04-30", "2025-06-01.2026-09-30", "2016-01-01.2026-03-31"]


@pytest.mark.parametrize("address", [*ADDRESSES, "1999", "1900-01-01.2026-11-20", "2026-11-20.2026-11-20"])
@pytest.mark.parametrize("counts", [True, False])
def test_every_span_is_one_page_with_its_title(march: Session, address: str, counts: bool) -> None:
    span = spans.parsed(address, TODAY, 0)
    text = text_of(march, Sections(name="지우", counts=counts, trackers=True, words=[Word("산책", 3)]), "ko", span)
    assert titles.title("ko", span) in text
    assert say("ko", "report.how_made")[:20] in text
    assert ("#산책" in text) == (span.first <= FIRST <= span.last)


def test_nothing_that_is_drawn_lies_in_the_foot_or_beyond_the_edge(
    person: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fullest diary, with each section on."""
    ids = [trackers.add(person, Tracker("가" * 35 + str(n), "😀", "minutes")) for n in range(10)]
    for number in range(0, 900, 9):
        day = date(2024, 1, 1) + timedelta(days=number)
        keep(
            person, day.isoformat(), SEVEN[number % 7].key, note="나" * 900, tags=[f"{'다' * 30}{n}" for n in range(9)]
        )
        for tracker in ids if number % 27 == 0 else ():
            trackers.set_value(person, tracker, day, 400, ZONE)
    places: list[float] = []
    lowest: dict[str, float] = {}
    real = Sheet.write_at

    def record(sheet: Sheet, x: float, y: float, text: str, width: float = 0, align: str = "L") -> None:
        if text not in (say("ko", "report.how_made"), titles.dates("ko", TODAY, TODAY)):
            places.append(y)
        assert x + sheet.get_string_width(sheet.fitted(text, width) if width else text) <= 193
        real(sheet, x, y, text, width, align)

    monkeypatch.setattr(Sheet, "write_at", record)
    for address in (
        "2026-03-02",
        "2026-03",
        "2025",
        "2024-01-01.2024-03-02",
        "2024-03-01.2025-08-30",
        "2016-01-01.2026-06-30",
    ):
        span = spans.parsed(address, TODAY, 0)
        month, found = figures.of_span(person, span, ZONE)
        shown = Sections(name="라" * 40, trackers=True, notes=found[:20], words=[Word("마" * 20, 9)] * 14)
        page(month, shown, language="ko", today=TODAY)
        lowest[address] = max(places)
        places.clear()
    assert max(lowest.values()) <= 281, lowest


def test_each_day_of_a_week_has_its_notes_and_a_long_one_leaves_room_for_the_others(person: Session) -> None:
    week = spans.week(date(2026, 3, 4), 0)
    for day in range(2, 9):
        note = "아주 긴 글 " * 4000 if day == 3 else f"둘째 줄이 없는 짧은 글 {day}"
        entries.add(person, NewEntry("fear", 3, date(2026, 3, day), ZONE, note=note))
    found = entries.every(person)
    text = text_of(person, Sections(notes=found), span=week)
    assert text.count("아주 긴 글") > 20
    assert "…" in text
    for day in (2, 4, 5, 6, 7, 8):
        assert f"짧은 글 {day}" in text
    assert "짧은 글" not in text_of(person, Sections(), span=week)


@pytest.mark.parametrize(
    ("wanted", "room", "given"),
    [([1, 2, 3], 10, [1, 2, 3]), ([9, 1, 0], 6, [5, 1, 0]), ([9, 9, 9], 6, [2, 2, 2]), ([9, 1], -3, [0, 0])],
)
def test_days_share_the_lines_of_a_page(wanted: list[int], room: int, given: list[int]) -> None:
    days = [FIRST + timedelta(days=number) for number in range(len(wanted))]
    assert list(shared(dict(zip(days, wanted, strict=True)), room).values()) == given


def test_the_words_and_the_longest_run_are_on_the_page_of_a_year(march: Session) -> None:
    text = text_of(march, Sections(words=[Word("커피", 12)]), "ko", spans.year(FIRST))
    assert f"커피 {say('ko', 'report.days_count', count=12)}" in text
    assert say("ko", "report.longest_run") in text
    assert "커피" not in text_of(march, Sections(), "ko", spans.year(FIRST))


def test_the_days_of_a_short_span_begin_below_its_moods(march: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two weeks are lower than the seven moods beside them."""
    places: dict[str, float] = {}
    real = Sheet.write_at

    def record(sheet: Sheet, x: float, y: float, text: str, width: float = 0, align: str = "L") -> None:
        places[text] = y
        real(sheet, x, y, text, width, align)

    monkeypatch.setattr(Sheet, "write_at", record)
    text_of(march, Sections(), span=spans.own(date(2026, 3, 2), date(2026, 3, 12)))
    assert places[say("ko", "report.flow")] > places[SEVEN[-1].ko] + 3


def test_empty_years_take_no_room_in_the_course_of_the_days(march: Session) -> None:
    text = text_of(march, Sections(), "ko", spans.own(date(1900, 1, 1), TODAY))
    assert "1950" not in text
    assert titles.dates("ko", date(1900, 1, 1), TODAY) in text
