"""The page *Your data* in a real browser, and the report: import, export, downloads, print."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import RunningApp, screenshot, settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DAYLIO = (
    "full_date;date;weekday;time;mood;activities;note_title;note\n"
    "2026-03-10;March 10;Tuesday;9:05 pm;최고;산책 | 친구;;똠양꿍을 먹었다\n"
    "2026-03-09;March 9;Monday;08:30;zorg;;;\n"
)


def choose(page: Page, name: str, wanted: str) -> None:
    """Chooses from a list. The page may still be moving after an upload, which closes a list that was just opened."""
    option = page.get_by_role("option", name=wanted)
    for _ in range(5):
        page.get_by_role("combobox", name=name).click()
        with suppress(AssertionError):
            expect(option).to_be_visible(timeout=5_000)
            break
    option.click()


def test_another_diary_comes_in_and_a_month_of_it_goes_to_a_counsellor(
    open_page: Callable[..., Page], running_app: RunningApp, tmp_path: Path
) -> None:
    def t(key: str, **values: object) -> str:
        return say("ko", key, **values)

    page = open_page("ko", 390, person="Carry", path="/data")

    # A Daylio file as a Korean Windows saves it: nothing happens before every mood is decided and the button pressed.
    page.get_by_role("tab", name=t("data.import"), exact=True).click()
    file = tmp_path / "daylio.csv"
    file.write_bytes(DAYLIO.encode("cp949"))
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text(t("error.moods_undecided", count=1))).to_be_visible()
    settle(page)
    choose(page, "zorg", BY_KEY["anger"].ko)
    screenshot(page, "ko-390-data-bringing")
    page.get_by_role("button", name=t("import.button", count="2")).click()
    expect(page.get_by_text(t("import.done", count="2"))).to_be_visible()

    # The report: a PDF with Hangul inside, and a picture.
    page.get_by_role("link", name=t("report.page")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=t("report.take_pdf")).click()
    assert download.value.suggested_filename == "haru-2026-03.pdf"
    document = pypdf.PdfReader(download.value.path())
    text = document.pages[0].extract_text()
    assert len(document.pages) == 1
    for wanted in (
        "산책",
        BY_KEY["happiness"].ko,
        t("report.days_of", kept=2, days=31),
        "Carry",
    ):
        assert wanted in text
    assert "똠양꿍" not in text
    screenshot(page, "ko-390-data-report")
    page.get_by_role("radio", name=t("report.as_png")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=t("report.take_png")).click()
    assert Image.open(download.value.path()).size == (1080, 1350)

    # A year of it is a page too, in an address of its own; on paper there is nothing else.
    page.get_by_role("radio", name=t("report.as_pdf")).click()
    page.get_by_role("radio", name=t("report.span_year")).click()
    expect(page).to_have_url(re.compile("[?]of=2026$"))
    preview = page.get_by_alt_text(t("report.preview", span=t("year.title", year=2026)))
    expect(preview).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    expect(page.get_by_role("button", name=t("report.take_pdf"))).to_be_hidden()
    expect(preview).to_be_visible()
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.get_by_role("button", name=t("report.take_pdf")).click()
    assert download.value.suggested_filename == "haru-2026.pdf"
    assert len(pypdf.PdfReader(download.value.path()).pages) == 1

    # Everything out, and the reminder.
    page.goto("/data")
    page.get_by_role("tab", name=t("data.export"), exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=t("export.button"), exact=True).click()
    exported = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [entry["note"] for entry in exported["entries"]] == ["", "똠양꿍을 먹었다"]
    with page.expect_download() as download:
        page.get_by_role("button", name=t("export.csv")).click()
    assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    page.get_by_role("tab", name=t("data.reminder"), exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=t("reminder.button")).click()
    assert b"RRULE:FREQ=DAILY" in download.value.path().read_bytes()

    # Nothing of it is in the log.
    assert "똠양꿍".encode() not in running_app.log.read_bytes()
