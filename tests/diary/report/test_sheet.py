"""The sheet of a report: fonts and widths."""

from __future__ import annotations

from diary.report.sheet import Sheet


def test_numbers_after_an_emoji_are_as_wide_as_before() -> None:
    sheet = Sheet(100, 100, "en")
    sheet.printable("👟")
    sheet.pen(9)
    before = sheet.get_string_width("Steps 7,081 (105 d)")
    sheet.write_at(5, 20, "👟 Steps", 50)
    assert sheet.get_string_width("Steps 7,081 (105 d)") == before
