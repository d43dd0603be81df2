"""The camera of the form: five frames in one press, and a camera that is off before and after it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from language import say
from tests.browser.conftest import screenshot, settle, turn_to
from understanding.analyst import in_place

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.skipif("face" not in in_place(), reason="there are no weights for faces: no camera is offered"),
]

# Remembers each camera that was opened, and lets a test refuse it.
_WATCH_CAMERAS = """
    window.streams = []
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    navigator.mediaDevices.getUserMedia = async wanted => {
        if (window.refuse) throw new DOMException("", window.refuse)
        const stream = await ask(wanted)
        window.streams.push(stream)
        return stream
    }
"""
_CAMERAS = "() => window.streams.flatMap(stream => stream.getTracks()).map(track => track.readyState)"


def t(key: str, **values: object) -> str:
    return say("ko", key, **values)


def test_five_frames_in_one_press_and_the_camera_is_off_before_and_after(open_page: Callable[..., Page]) -> None:
    page = open_page("ko", 390, person="Camera", allowed=("face",), script=_WATCH_CAMERAS)
    part = page.get_by_role("button", name=re.compile(t("part.face")))
    part.click()
    camera = page.get_by_role("group", name=t("camera.group"), exact=True)
    expect(camera.get_by_role("button", name=t("camera.start"))).to_be_visible()
    assert page.evaluate(_CAMERAS) == []

    # What can go wrong is said, with what to do.
    for refusal, sentence in (
        ("NotAllowedError", "refused"),
        ("NotFoundError", "missing"),
        ("NotReadableError", "busy"),
    ):
        page.evaluate("name => { window.refuse = name }", refusal)
        camera.get_by_role("button", name=t("camera.start")).click()
        expect(camera.get_by_role("alert")).to_have_text(t(f"camera.{sentence}"))
    page.evaluate("() => { window.refuse = '' }")

    # By keyboard alone.
    camera.get_by_role("button", name=t("camera.start")).focus()
    page.keyboard.press("Enter")
    expect(camera).to_have_attribute("data-state", "on")
    expect(camera.get_by_role("alert")).to_have_count(0)
    expect(camera.get_by_role("status")).to_have_text(t("camera.silence"))
    screenshot(page, "camera-ko-390-on")
    expect(camera.get_by_role("button", name=t("camera.take"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(camera.get_by_role("progressbar")).to_be_visible()
    expect(camera.get_by_role("img", name=t("camera.picture"))).to_be_visible()
    expect(camera.get_by_role("button", name=t("camera.again"))).to_be_focused()
    assert page.evaluate(_CAMERAS) == ["ended"]
    chip = page.locator("[class*=st-key-attached_face]")
    expect(chip).to_be_visible()
    screenshot(page, "camera-ko-390-taken")

    # A camera that runs goes off with its part.
    camera.get_by_role("button", name=t("camera.again")).click()
    expect(camera).to_have_attribute("data-state", "on")
    assert page.evaluate(_CAMERAS) == ["ended", "live"]
    part.click()
    expect(camera).to_have_count(0)
    assert page.evaluate(_CAMERAS) == ["ended", "ended"]

    # The picture is there after another page, and is read.
    turn_to(page, t, "days")
    expect(page.get_by_role("heading", level=1)).to_have_text(t("days.title"))
    turn_to(page, t, "today")
    settle(page)
    expect(chip).to_be_visible()
    page.get_by_role("button", name=re.compile(t("analyse.button"))).click()
    expect(page.locator("[class*=_understood]")).to_contain_text(t("verdict.not_a_feeling"))
