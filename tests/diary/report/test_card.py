"""The picture for sharing: its text before it is drawn, and its pixels."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pypdf
import pytest
from PIL import Image

from diary import entries, trackers
from diary.report import card, figures, spans
from diary.report.sections import Sections
from diary.report.sheet import Sheet, ink_of
from diary.report.words import Word
from diary.sessions import Session
from diary.trackers import Tracker
from emotions import SEVEN
from language import say
from tests.diary.report.conftest import MARCH, TODAY, ZONE


@pytest.fixture
def drawn(march: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[[Sections], tuple[str, Image.Image]]:
    """A function that draws the card and returns its text and its pixels."""
    texts: list[str] = []
    real = card.as_png

    def record_text(document: bytes, width: int) -> bytes:
        texts.append(pypdf.PdfReader(io.BytesIO(document)).pages[0].extract_text())
        return real(document, width)

    monkeypatch.setattr(card, "as_png", record_text)

    def draw(shown: Sections) -> tuple[str, Image.Image]:
        month, _ = figures.of_span(march, MARCH, ZONE)
        made = card.card(month, shown, language="ko")
        return texts[-1], Image.open(io.BytesIO(made))

    return draw


def test_colours_alone_say_no_word_of_the_diary(drawn: Callable) -> None:
    text, picture = drawn(Sections(moods=False, counts=False, tags=False))
    assert picture.size == card.PIXELS
    assert picture.format == "PNG"
    assert not picture.info.get("Author")
    for kept_back in ("지우", "산책", "봄", *(emotion.ko for emotion in SEVEN)):
        assert kept_back not in text
    colours = {colour for count, colour in picture.getcolors(2**20) if count > 500}
    assert {ink_of("sadness"), ink_of("neutral"), ink_of("happiness")} <= colours


def test_each_switch_shows_its_own_part(drawn: Callable, march: Session) -> None:
    words = entries.between(march, MARCH.first, MARCH.first)[:1]
    assert "기쁨" in drawn(Sections(counts=False, tags=False))[0]
    assert "기록 6개" in drawn(Sections(moods=False, tags=False))[0]
    assert "#산책" in drawn(Sections(moods=False, counts=False))[0]
    assert "봄" in drawn(Sections(moods=False, counts=False, tags=False, notes=words))[0]
    assert "지우" in drawn(Sections(name="지우", moods=False, counts=False, tags=False))[0]


def test_trackers_have_their_means_and_their_days_only_with_counts(drawn: Callable, march: Session) -> None:
    sleep = trackers.add(march, Tracker("잠", "😴", "minutes"))
    medicine = trackers.add(march, Tracker("약", "💊", "yes_no"))
    for day, minutes in ((1, 430), (2, 450)):
        trackers.set_value(march, sleep, MARCH.first.replace(day=day), minutes, ZONE)
        trackers.set_value(march, medicine, MARCH.first.replace(day=day), day % 2, ZONE)
    title = say("ko", "report.trackers")
    counted = drawn(Sections(trackers=True))[0]
    assert title in counted
    assert "잠 7:20 (2일)" in counted
    assert "약 2일 중 1일" in counted
    without = drawn(Sections(trackers=True, counts=False))[0]
    assert "잠 7:20" in without
    assert "약 50%" in without
    assert "2일" not in without
    assert title not in drawn(Sections())[0]


def test_everything_that_can_be_on_stays_above_the_foot(march: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10):
        tracker = trackers.add(march, Tracker("가" * 35 + str(number), "😀", "minutes"))
        trackers.set_value(march, tracker, MARCH.first, 400, ZONE)
    places: list[float] = []
    real = Sheet.write_at

    def record(sheet: Sheet, x: float, y: float, text: str, width: float = 0, align: str = "L") -> None:
        places.append(y)
        real(sheet, x, y, text, width, align)

    monkeypatch.setattr(Sheet, "write_at", record)
    for address in ("2026-03-01", "2026-02-22.2026-03-07", "2026-03", "2026", "2020-01-01.2026-03-31"):
        figured, found = figures.of_span(march, spans.parsed(address, TODAY, 0), ZONE)
        long = [replace(entry, note="나" * 900) for entry in found]
        shown = Sections(name="지우", trackers=True, notes=long, words=[Word("마" * 20, 9)] * 14)
        card.card(figured, shown, language="ko")
        signature, counted = places.pop(), places.pop()
        assert signature == counted > max(places) + 4, address
        places.clear()


@pytest.mark.parametrize("address", ["2026-03-01", "2026-03", "2026", "2020-01-01.2026-03-31", "1999"])
def test_every_span_is_a_picture_of_the_same_size(march: Session, address: str) -> None:
    span = spans.parsed(address, TODAY, 0)
    figured, found = figures.of_span(march, span, ZONE)
    shown = Sections(name="지우", notes=found, words=[Word("산책", 3)])
    drawn = Image.open(io.BytesIO(card.card(figured, shown, language="ko")))
    assert drawn.size == card.PIXELS
