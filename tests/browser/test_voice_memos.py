"""Voice memos in a real browser: two recordings become two entries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import settings
from emotions import BY_KEY
from inference import audio_io
from language import say
from stt import predict
from tests.browser.conftest import RunningApp, screenshot, settle
from tests.browser.test_journey import enter
from tests.music.sounds import encoded

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WORDS = {"ko": "합격", "en": "passed"}


def memo(language: str, container: str, codec: str, metadata: dict[str, str]) -> bytes:
    """The sample voice, as a telephone records it."""
    sample = settings.ASSETS / "samples" / f"voice-{language}.opus"
    wave: np.ndarray = audio_io.decoded(sample, 48_000, 60.0, 60.0)
    return encoded(wave, container, codec, 48_000, metadata)


@pytest.mark.parametrize(("language", "width"), [("ko", 1280), ("en", 390)])
def test_two_memos_are_reviewed_kept_and_found_on_their_days(
    open_page: Callable[..., Page], running_app: RunningApp, tmp_path: Path, language: str, width: int
) -> None:
    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    fear = BY_KEY["fear"].name(language)
    page = open_page(language, width, path="/account/sign-up")
    enter(page, t, f"Memo {language}", "voice", "transcript")
    files = [tmp_path / "New Recording 12.m4a", tmp_path / "20260302_081233.webm"]
    files[0].write_bytes(memo(language, "ipod", "aac", {"creation_time": "2026-03-03T12:00:00Z"}))
    files[1].write_bytes(memo("ko" if language == "en" else "en", "webm", "libopus", {}))
    page.goto("/data")
    settle(page)
    page.get_by_role("tab", name=t("data.import"), exact=True).click()
    page.locator("input[type=file]").nth(1).set_input_files(files)
    notes = page.get_by_role("textbox", name=t("entry.note"))
    expect(notes).to_have_count(2, timeout=90_000)
    expect(page.get_by_role("button", name=t("memos.stop"))).to_have_count(0)
    if predict.has_weights():
        expect(notes.first).to_have_value(_containing(WORDS[language]))
    notes.first.fill("제주에서 녹음했다")
    # A click right after typing must lose neither.
    page.get_by_role("radio", name=fear).first.click()
    page.get_by_role("radio", name=fear).last.click()
    keep = page.get_by_role("button", name=t("memos.keep", count=2))
    expect(keep).to_be_enabled()
    screenshot(page, f"{language}-{width}-data-memos")
    keep.click()
    expect(page.get_by_text(t("memos.done", count=2))).to_be_visible()
    expect(notes).to_have_count(0)

    page.goto("/find")
    page.get_by_role("textbox").first.fill("제주")
    page.keyboard.press("Enter")
    expect(page.get_by_text("제주에서 녹음했다")).to_be_visible()
    assert "제주".encode() not in running_app.log.read_bytes()


def _containing(word: str):
    import re

    return re.compile(word)
