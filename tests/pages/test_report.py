"""The report of a week, a month, a year or any days: what it shows, and how its days are chosen."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, time

import pypdf
import pytest
from PIL import Image

from components import state as session_state
from diary import days, entries, trackers
from diary.entries import NewEntry
from diary.report import spans
from diary.report.card import PIXELS
from diary.trackers import Tracker
from tests.pages.conftest import Visit

PAGE = "pages/report.py"
ZONE = "Asia/Seoul"


def keep(there: Visit) -> None:
    for day, mood in ((2, "fear"), (3, "happiness"), (4, "happiness")):
        entries.add(
            there.session,
            NewEntry(mood, 4, date(2026, 3, day), ZONE, note=f"비밀 {day}", tags=("산책",), at=time(20)),
        )
    there.app.run()
    there.expect_calm()


def drawn(there: Visit) -> str:
    """The text of the page that is shown."""
    file, _ = there.app.session_state[session_state.PAGE_CACHE.key]["report"][1]
    return pypdf.PdfReader(io.BytesIO(file)).pages[0].extract_text()


def shown(there: Visit) -> str:
    """The span that is shown, as its address."""
    return there.app.session_state[session_state.REPORT_SPAN.key].address


def ask(there: Visit, address: str) -> None:
    there.app.query_params["of"] = address
    there.app.run()
    there.expect_calm()


def test_an_empty_diary_has_nothing_to_draw_yet(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    assert there.says(there.t("report.nothing_yet"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_report_is_drawn_again_when_a_switch_is_turned(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    keep(there)
    first, _ = there.app.session_state[session_state.PAGE_CACHE.key]["report"][1]
    text = pypdf.PdfReader(io.BytesIO(first)).pages[0].extract_text()
    assert "Jiwoo" in text
    assert "산책" in text
    assert "비밀" not in text
    there.app.toggle(key="report_pdf_name").set_value(False)
    there.app.multiselect(key="report_pdf_words_2026-03").select(entries.every(there.session)[0].id).run()
    there.expect_calm()
    second, _ = there.app.session_state[session_state.PAGE_CACHE.key]["report"][1]
    text = pypdf.PdfReader(io.BytesIO(second)).pages[0].extract_text()
    assert "Jiwoo" not in text
    assert "비밀 2" in text
    assert "비밀 3" not in text


def test_the_picture_for_sharing_starts_without_words_name_or_numbers(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    keep(there)
    there.app.segmented_control(key="report_as").set_value("png").run()
    there.expect_calm()
    assert {key: there.app.toggle(key=f"report_png_{key}").value for key in ("name", "moods", "counts", "tags")} == {
        "name": False,
        "moods": True,
        "counts": False,
        "tags": False,
    }
    drawn, _ = there.app.session_state[session_state.PAGE_CACHE.key]["report"][1]
    assert Image.open(io.BytesIO(drawn)).size == PIXELS


def test_it_opens_with_the_month_of_the_last_entry(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    keep(there)
    assert shown(there) == "2026-03"
    assert "March 2026" in drawn(there)


def test_a_link_names_its_days_and_an_odd_one_changes_nothing(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    keep(there)
    ask(there, "2026-03-02")
    assert shown(there) == "2026-03-01"  # the week begins on a Sunday
    ask(there, "2026-03-02.2026-03-03")
    assert there.t("report.days_of", kept=2, days=2) in drawn(there)
    for odd in ("x", "2999", "2026-03-99"):
        ask(there, odd)
        assert shown(there) == "2026-03-02.2026-03-03"


def test_the_kinds_of_span_keep_to_the_same_days(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    keep(there)
    for kind, address in (
        ("year", "2026"),
        ("month", "2026-03"),  # that of the last entry
        ("own", "2026-03-01.2026-03-31"),
        ("week", "2026-03-01"),
    ):
        there.app.segmented_control(key="report_span_kind").set_value(kind).run()
        there.expect_calm()
        assert shown(there) == there.app.query_params["of"] == address


def test_arrows_and_list_lead_through_the_spans_with_entries(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    keep(there)
    entries.add(there.session, NewEntry("anger", 3, date(2025, 11, 9), ZONE))
    there.app.run()
    assert there.app.button(key="report_chevron_right").disabled
    there.press_key("report_chevron_left")
    assert shown(there) == "2025-11"
    assert there.app.button(key="report_chevron_left").disabled
    there.app.selectbox(key="report_span").select_index(0).run()
    there.expect_calm()
    assert shown(there) == "2026-03"


def test_any_days_may_be_chosen_in_either_order_and_may_be_empty(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    keep(there)
    ask(there, "2026-03-02.2026-03-03")
    there.app.date_input(key="report_to").set_value(date(2024, 1, 5)).run()
    there.expect_calm()
    assert shown(there) == "2024-01-05.2026-03-02"
    there.app.date_input(key="report_to").set_value(date(2024, 2, 1)).run()
    there.expect_calm()
    assert there.t("report.days_of", kept=0, days=28) in drawn(there)


@pytest.mark.parametrize(("address", "switch"), [("2026-03-02", "notes"), ("2026", "common_words")])
def test_text_is_there_only_once_the_person_wants_it(visit: Callable[..., Visit], address: str, switch: str) -> None:
    there = visit(PAGE)
    keep(there)
    ask(there, address)
    assert "비밀" not in drawn(there)
    assert not there.says("비밀")
    for number in (5, 6):  # a noun by its particle
        entries.add(there.session, NewEntry("fear", 3, date(2026, 3, number), ZONE, note="비밀을 썼다"))
    there.app.toggle(key=f"report_pdf_{switch}").set_value(True).run()
    there.expect_calm()
    assert "비밀" in drawn(there)


def test_trackers_are_a_choice_where_there_are_some(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    keep(there)
    assert "report_pdf_trackers" not in [toggle.key for toggle in there.app.toggle]
    sleep = trackers.add(there.session, Tracker("잠", "😴", "minutes"))
    trackers.set_value(there.session, sleep, date(2026, 3, 2), 430, ZONE)
    there.app.run()
    assert "7:10" in drawn(there)
    there.app.toggle(key="report_pdf_trackers").set_value(False).run()
    assert "7:10" not in drawn(there)
    there.app.segmented_control(key="report_as").set_value("png").run()
    assert there.app.toggle(key="report_png_trackers").value is False, "a picture to share says little at first"


def test_what_was_drawn_is_gone_once_the_person_leaves_the_page(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    keep(there)
    ask(there, "2026")
    there.app.toggle(key="report_pdf_common_words").set_value(True).run()
    assert {"report", "report_words"} <= there.app.session_state[session_state.PAGE_CACHE.key].keys()
    there.app.switch_page("pages/help.py").run()
    assert there.app.session_state[session_state.PAGE_CACHE.key].keys() == {"page"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_days_year_and_history_lead_to_their_own_days(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    today = days.today(ZONE)
    entries.add(there.session, NewEntry("happiness", 3, today, ZONE))
    month, year = spans.month(today), spans.year(today)
    for name, span in (("days", month), ("year", year), ("history", month)):
        there.app.switch_page(f"pages/{name}.py").run()
        there.expect_calm()
        links = {link.proto.label: link.proto for link in there.app.get("page_link")}
        link = links[there.t(f"report.link_{span.kind}")]
        assert (link.page, link.query_string) == ("report", f"of={span.address}"), name
