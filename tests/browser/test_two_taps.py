"""A plain day is two taps and no swipe, on a phone and on a laptop, by touch and by keyboard: counted in pixels."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from emotions import EMOTIONS
from language import say
from tests.browser.conftest import settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PHONE = (390, 664)
"""What is left of 390 × 844 between the bars of a phone's browser."""
WHOLE_PHONE = 844
FACE, RECORD = 72, 64
LONG_NAME = "하늘처럼푸르고바다처럼깊은마음을가진사람의아주긴이름"


def box(element: Locator) -> dict[str, float]:
    found = element.bounding_box()
    assert found is not None
    return found


def in_sight(page: Page, element: Locator) -> tuple[float, float]:
    """The middle of the element, which nothing covers and which needs no swipe to be seen."""
    expect(element).to_be_visible()
    found, size = box(element), page.viewport_size
    assert 0 <= found["x"] <= size["width"] - found["width"]
    assert 0 <= found["y"] <= size["height"] - found["height"]
    middle = found["x"] + found["width"] / 2, found["y"] + found["height"] / 2
    assert element.evaluate("(e, [x, y]) => e.contains(document.elementFromPoint(x, y))", list(middle))
    return middle


def keep(page: Page, t: Callable[..., str]) -> Locator:
    return page.get_by_role("button", name=t("entry.save"), exact=True)


def is_wide_enough(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth <= main.clientWidth && document.documentElement.scrollWidth <= innerWidth }"
    )


@pytest.mark.parametrize(("language", "name"), [("ko", "두 번 톡"), ("en", "Two Taps")])
def test_a_newcomer_on_a_phone_taps_twice(open_page: Callable[..., Page], language: str, name: str) -> None:
    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    width, height = PHONE
    page = open_page(
        language,
        width,
        height,
        person=name,
        allowed=("voice", "face", "transcript"),
        has_touch=True,
        reduced_motion="reduce",
    )
    settle(page)
    faces = page.get_by_role("radiogroup", name=t("entry.mood")).get_by_role("radio")
    expect(faces).to_have_count(len(EMOTIONS))
    for face in faces.all():
        in_sight(page, face)
        assert min(box(face)["width"], box(face)["height"]) >= FACE
    rows = [round(box(face)["y"]) for face in faces.all()]
    assert [rows.count(row) for row in dict.fromkeys(rows)] == [4, 3]
    in_sight(page, keep(page, t))

    page.touchscreen.tap(*in_sight(page, faces.nth(2)))
    expect(faces.nth(2)).to_be_checked()
    strength = page.get_by_role("radiogroup", name=t("entry.intensity"))
    expect(strength).to_be_visible()
    settle(page)
    for dot in strength.get_by_role("radio").all():
        in_sight(page, dot)
    assert is_wide_enough(page)
    page.set_viewport_size({"width": width, "height": WHOLE_PHONE})
    for part in ("line", "speak", "tags", "day"):
        chip = page.get_by_role("button", name=t(f"part.{part}"))
        in_sight(page, chip)
        assert box(chip)["y"] + box(chip)["height"] <= height, "all of a plain day stands on the first screen"
    page.set_viewport_size({"width": width, "height": height})
    page.touchscreen.tap(*in_sight(page, keep(page, t)))
    expect(page.get_by_text(t("today.kept_1"))).to_be_visible()
    expect(page.locator(f"[class*=st-key-mood_card_{EMOTIONS[2]}]").first).to_be_visible()


def test_two_keys_on_a_laptop_and_the_line_is_kept_as_it_was_typed(open_page: Callable[..., Page]) -> None:
    def t(key: str, **values: object) -> str:
        return say("en", key, **values)

    page = open_page("en", 1280, 800, person="Two Keys", allowed=("voice", "face"))
    settle(page)
    faces = page.get_by_role("radiogroup", name=t("entry.mood")).get_by_role("radio")
    in_sight(page, keep(page, t))
    today = page.get_by_role("heading", name=t("today.so_far"))
    assert box(today)["x"] > box(faces.nth(3))["x"] + FACE, "what was kept stands beside the form"
    page.keyboard.press("6")
    expect(faces.nth(5)).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(t("today.kept_1"))).to_be_visible()
    settle(page)

    page.get_by_role("button", name=t("part.line")).press("Enter")
    line = page.get_by_label(t("entry.note"))
    expect(line).to_be_focused()  # without another key
    page.keyboard.type("I counted 1 and 2 and 7.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(t("error.unknown_mood"))).to_be_visible()
    expect(faces.first).not_to_be_checked()  # digits in a line choose no mood
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("1")
    expect(faces.first).to_be_checked()
    line.focus()
    page.keyboard.type(" Sent at once.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("stText").get_by_text("I counted 1 and 2 and 7. Sent at once.")).to_be_visible()
    expect(page.get_by_text(t("today.kept_2"))).to_be_visible()


def test_what_is_attached_is_a_chip_that_a_tap_removes(open_page: Callable[..., Page]) -> None:
    def t(key: str, **values: object) -> str:
        return say("ko", key, **values)

    page = open_page("ko", *PHONE, person=LONG_NAME, allowed=("voice", "face"), has_touch=True)
    settle(page)
    for face in page.get_by_role("radio").all():
        in_sight(page, face)  # below a name of any length
    in_sight(page, keep(page, t))
    page.get_by_role("button", name=t("part.speak")).tap()
    record = page.get_by_role("button", name=t("widget.record"), exact=True)
    expect(record).to_be_visible()
    assert min(box(record)["width"], box(record)["height"]) >= RECORD
    record.tap()
    page.wait_for_timeout(2_000)  # speaking takes its time
    page.get_by_role("button", name=t("widget.stop_recording")).tap()
    chip = page.locator("[class*=st-key-attached_voice_]")
    expect(chip).to_contain_text("0:0")  # its length
    for place in ("speak", "face"):  # the recorder goes, the recording stays
        page.get_by_role("button", name=t(f"part.{place}")).tap()
    expect(record).to_have_count(0)
    expect(chip).to_be_visible()

    upload = page.get_by_role("button", name=t("capture.picture_file"))
    if upload.count():  # only where faces can be read
        picture = io.BytesIO()
        Image.new("RGB", (64, 48), (200, 120, 60)).save(picture, "PNG")
        upload.tap()
        page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
            {"name": "산책.png", "mimeType": "image/png", "buffer": picture.getvalue()}
        )
        shown = page.locator("[class*=st-key-attached_face_]")
        expect(shown).to_contain_text("산책.png")
        expect(shown.get_by_role("img")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_role("button", name=t("attached.remove_face")).tap()
        expect(shown).to_have_count(0)
    page.get_by_role("button", name=t("attached.remove_voice")).tap()
    expect(chip).to_have_count(0)


def test_at_200_percent_with_everything_open_nothing_is_cut_off(open_page: Callable[..., Page]) -> None:
    def t(key: str, **values: object) -> str:
        return say("en", key, **values)

    page = open_page(
        "en", 640, 400, person=f"{LONG_NAME} 2", allowed=("voice", "face"), device_scale_factor=2
    )  # 1280 × 800 at 200 %
    settle(page)
    page.get_by_role("radio").first.click()
    for part in ("line", "speak", "tags", "day"):
        page.get_by_role("button", name=t(f"part.{part}")).click()
    expect(page.get_by_label(t("entry.day"), exact=True)).to_have_count(1)  # for a moment the old form is there, too
    settle(page)
    assert is_wide_enough(page)
    last = page.get_by_label(t("entry.day"), exact=True)
    last.scroll_into_view_if_needed()
    page.locator("[data-testid=stMain]").evaluate("e => e.scrollTo(0, e.scrollHeight)")
    heading = page.get_by_text(t("today.nothing_yet"))
    expect(heading).to_be_in_viewport()
    assert box(heading)["y"] + box(heading)["height"] <= box(keep(page, t))["y"], "the bar covers the end of the page"
