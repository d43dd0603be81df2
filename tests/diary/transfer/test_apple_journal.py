"""The export of Apple's Journal: pages, their attachments and states of mind."""

from __future__ import annotations

from datetime import date
from time import thread_time

import pytest

from diary.transfer import detect
from tests.diary.transfer.conftest import JPEG, ZONE
from tests.diary.transfer.files import foreign_entries, refused, zipped

PAGE = """<!DOCTYPE html><html><head><title>Journal</title><style>.p1 {{ margin: 0 }}</style></head><body>
<p class="p1"><span class="s1"><div class="pageContainer">
  <div class="pageHeader">{header}</div>
  <div class="assetGrid">
    <div class="gridItem assetType_photo" id="AAA"><img class="asset_image" src="../Resources/AAA.heic"/></div>
    <div class="gridItem assetType_video" id="CCC"><video><source src="../Resources/CCC.MOV"/></video></div>
    <div class="gridItem assetType_link" id="DDD"><a href="https://example.org/"><img src="../Resources/DDD.heic"/></a>
      <div class="gridItemOverlayFooter">A link</div></div>
    <div class="gridItem assetType_stateOfMind" id="EEE">
      <div class="gridItemOverlayHeader">Slightly Pleasant</div><div class="gridItemOverlayFooter">Content, Family</div>
      <img class="asset_image" src="../Resources/EEE.heic"/></div>
  </div><div class="title"><span class="s2">By the lake</span></div></div></span>
<span class="s1"><div class="bodyText"></div></span></p>
<p class="p2"><span class="s3">We swam &amp; sat.</span></p>
<ul><li><span>one</span></li></ul>
</body></html>"""


def exported(page: str = PAGE, name: str = "2026-03-10_By_the_lake.html", header: str = "Anything") -> bytes:
    return zipped(
        ("AppleJournalEntries/index.html", b"<html>An index</html>"),
        (f"AppleJournalEntries/Entries/{name}", page.format(header=header).encode()),
        ("AppleJournalEntries/Resources/AAA.jpg", JPEG),
        ("AppleJournalEntries/Resources/EEE.heic", b"a swatch"),
        (f"__MACOSX/AppleJournalEntries/Entries/._{name}", b"\x00shadow"),
    )


def test_a_page_with_its_writing_its_photograph_and_its_state_of_mind() -> None:
    parsed = detect.read(exported(), ZONE)
    assert parsed.format == "apple_journal"
    (found,) = parsed.foreign_entries
    assert (found.day, found.at) == (date(2026, 3, 10), None)
    assert found.note == "By the lake\n\nWe swam & sat.\n• one"
    assert (found.mood, found.tags) == ("Slightly Pleasant", ("Content", "Family"))
    assert [photo.file for photo in found.photos] == ["AppleJournalEntries/Resources/AAA.jpg"]
    assert parsed.attachments_left_out == 2


@pytest.mark.parametrize(
    "header",
    [
        "Tuesday, 10 March 2026",
        "Tuesday, March 10, 2026",
        "2026년 3월 10일 화요일",
        "2026/3/10",
    ],
)
def test_the_day_that_the_page_prints_where_the_name_has_none(header: str) -> None:
    assert foreign_entries(exported(name="Entry.html", header=header))[0].day == date(2026, 3, 10)


@pytest.mark.parametrize("header", ["", "some day in summer", "Tuesday, 32 March 2026", "2026년 13월 1일"])
def test_a_page_without_a_day(header: str) -> None:
    assert refused(exported(name="Entry.html", header=header)).code == "date_unreadable"


def test_an_entry_without_a_state_of_mind_and_an_empty_one() -> None:
    plain = "<html><body><p>Only words.</p></body></html>"
    (found,) = foreign_entries(exported(plain))
    assert (found.mood, found.note, found.photos) == ("", "Only words.", ())
    assert refused(exported("<html><body></body></html>")).code == "file_empty"


@pytest.mark.parametrize(
    "page",
    [
        "<div class='gridItem'>" * 80_000,
        "<div>" * 100_000,
        "<div class='gridItem assetType_stateOfMind'>" + "x," * 400_000 + "</div>",
        "<p>x</p>" + "<!" * 40_000,
        "<p>x</p>" + "<a " * 100_000,
        "<p>x</p>" + "<p a=" * 100_000,
        "<p>x</p>" + '<p a="' * 100_000,
        "<p>x</p><p " + "a=b " * 100_000,
        "<p>x</p>" + "<!--" * 100_000,
        "<p>x</p>" + "&#" * 100_000,
    ],
)
def test_a_page_made_to_take_long_does_not(page: str) -> None:
    began = thread_time()
    try:
        detect.read(exported(page.replace("{", "{{").replace("}", "}}")), ZONE)
    except Exception as error:
        assert type(error).__name__ == "FileEmpty", error  # noqa: PT017 - both outcomes are right
    assert thread_time() - began < 5
