"""One format of dates in each language, and only one place that makes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from components import dates, state
from diary.patterns import PARTS_OF_DAY
from language import LANGUAGES, catalogue

PROJECT = Path(__file__).parents[2]
SHOWN = sorted([*(PROJECT / "pages").glob("*.py"), *(PROJECT / "components").rglob("*.py"), PROJECT / "ui.py"])
DAY = date(2026, 3, 8)

UNREAD = {"key", "file_name", "query_params"}
"""Arguments in which a date has the form for machines: nobody reads them."""
_DATE_FORMAT = re.compile("%-?[YymdBbHIMp]")


@pytest.fixture(params=sorted(LANGUAGES))
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(state.LANGUAGE, "get", lambda: request.param)
    return request.param


def test_each_day_is_written_in_the_one_way_of_its_language(language: str) -> None:
    written = {
        "en": ("8 Mar 2026", "8 Mar", "Mar 2026", "Sunday, 8 March", "8 March", "March"),
        "ko": ("2026. 3. 8.", "3. 8.", "2026. 3.", "3월 8일 일요일", "3월 8일", "3월"),
    }[language]
    shorts = dates.short_date(DAY), dates.short_month_day(DAY), dates.short_month(DAY)
    assert (*shorts, dates.day_label(DAY), dates.month_day_label(DAY), dates.month_name(DAY)) == written


def test_charts_write_days_as_sentences_do(language: str) -> None:
    assert DAY.strftime(dates.axis_day()) == dates.short_date(DAY)
    assert DAY.strftime(dates.axis_step(90)) == dates.short_month_day(DAY)
    assert DAY.strftime(dates.axis_step(400)) == dates.short_month(DAY)


def test_hours_are_those_of_the_parts_of_a_day(language: str) -> None:
    assert len(dates.hours_labels()) == len(PARTS_OF_DAY)
    assert dates.hours_labels()[6] == {"en": "6–9 pm", "ko": "18–21시"}[language]


@pytest.mark.parametrize(
    ("hour", "english", "korean"),
    [(0, "12:05 am", "00:05"), (9, "9:05 am", "09:05"), (12, "12:05 pm", "12:05"), (23, "11:05 pm", "23:05")],
)
def test_the_time_of_an_entry(language: str, hour: int, english: str, korean: str) -> None:
    class Kept:
        time_known = True
        happened_at = datetime(2026, 3, 8, hour, 5, tzinfo=UTC)
        timezone = "UTC"

    assert dates.time_label(Kept()) == {"en": english, "ko": korean}[language]


def test_fields_for_dates_have_a_format_that_streamlit_accepts() -> None:
    assert {catalogue(language)["days.field"] for language in LANGUAGES} == {"YYYY-MM-DD", "YYYY.MM.DD"}
    without = [
        f"{file.relative_to(PROJECT)}:{call.lineno}"
        for file, call in _calls("date_input")
        if "field_format" not in ast.unparse(call) and "**" not in ast.unparse(call)
    ]
    assert without == []


def test_no_page_formats_a_date_of_its_own() -> None:
    """A date for machines, as a key or in data for a script, is written by `isoformat`: it must not go into a text."""
    assert [place for file in SHOWN for place in _stray(ast.parse(file.read_text(encoding="utf-8")), file)] == []


@pytest.mark.parametrize(
    ("code", "is_stray"),
    [
        ("st.write(day.isoformat())", True),
        ("t('a.b', day=day.isoformat())", True),
        ("st.table([{t('a.b'): day.isoformat()} for day in days])", True),
        ("name = day.strftime('x')", True),
        ("name = f'{day:%d.%m.}'", True),
        ("axis = {'tickformat': '%y.%m.%d'}", True),
        ("st.button(t('a.b'), key=f'day_{day.isoformat()}')", False),
        ("st.download_button(t('a.b'), file_name=f'haru-{day:%Y-%m}.pdf')", False),
        ("component({'day': day.isoformat()})", False),
        ("st.switch_page('days', query_params={'day': day.isoformat()})", False),
        ("st.query_params.from_dict({'month': f'{month:%Y-%m}'})", False),
        ("share = f'{value:.0%}'", False),
        ("axis = {'tickformat': '.0%'}", False),
    ],
)
def test_what_is_a_format_of_its_own(code: str, is_stray: bool) -> None:
    assert bool(_stray(ast.parse(code), PROJECT / "pages" / "made_up.py")) == is_stray


def _stray(tree: ast.AST, file: Path) -> list[str]:
    found = []

    def look(node: ast.AST, shown: bool) -> None:
        if isinstance(node, ast.keyword) and node.arg in UNREAD:
            return
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.startswith("st.query_params."):  # the address of a page
                return
            if name.endswith((".strftime", ".ctime")) or (name.endswith(".isoformat") and shown):
                found.append(f"{file.relative_to(PROJECT)}:{node.lineno} {ast.unparse(node)}")
            shown = name == "t" or name.startswith("st.") or (shown and name.endswith(".isoformat"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _DATE_FORMAT.search(node.value):
            found.append(f"{file.relative_to(PROJECT)}:{node.lineno} {node.value!r}")
        for child in ast.iter_child_nodes(node):
            look(child, shown)

    if file.name != "dates.py":
        look(tree, shown=False)
    return found


def _calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for file in SHOWN:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield file, node
