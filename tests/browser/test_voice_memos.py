"""Voice memos in a real browser: recordings become entries, and what is being typed meanwhile stays."""

from __future__ import annotations

import re
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
from tests.browser.test_accessible import faults
from tests.music.sounds import encoded

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

RATE = 48_000
SAMPLE = settings.ASSETS / "samples" / "voice-en.opus"
"""“The results came out, and I passed. I still cannot believe it.”"""


def memo(container: str, codec: str, metadata: dict[str, str], times: int = 1) -> bytes:
    """The sample voice, as a telephone records it."""
    wave = audio_io.decoded(SAMPLE, RATE, 60.0, 60.0)
    return encoded(np.tile(np.concatenate([wave, np.zeros(RATE, np.float32)]), times), container, codec, RATE, metadata)


def test_two_memos_are_reviewed_kept_and_found_on_their_days(
    open_page: Callable[..., Page], running_app: RunningApp, tmp_path: Path
) -> None:
    language, width = "en", 390

    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    page = open_page(language, width, person=f"Memo {language}", allowed=("voice", "transcript"), path="/data")
    short, long = tmp_path / "New Recording 12.m4a", tmp_path / "20260302_081233.webm"
    short.write_bytes(memo("ipod", "aac", {"creation_time": "2026-03-03T12:00:00Z"}))
    long.write_bytes(memo("webm", "libopus", {}, times=4))
    page.get_by_role("tab", name=t("data.import"), exact=True).click()
    page.locator("input[type=file]").nth(1).set_input_files([short, long])
    notes = page.get_by_role("textbox", name=t("entry.note"))
    expect(notes).not_to_have_count(0, timeout=90_000)
    if predict.has_weights():
        expect(notes.first).to_have_value(re.compile("passed"))
    # Typed while the longer one is still read: the page is drawn again meanwhile.
    notes.first.fill("제주에서 녹음했다")
    expect(notes).to_have_count(2, timeout=90_000)
    settle(page)
    expect(notes.first).to_have_value("제주에서 녹음했다")
    fears = page.get_by_role("radio", name=BY_KEY["fear"].name(language))
    for fear in fears.all():
        fear.click()
        settle(page)
    keep = page.get_by_role("button", name=t("memos.keep", count=2))
    expect(keep).to_be_enabled()
    screenshot(page, f"{language}-{width}-data-memos")
    assert faults(page) == []
    keep.dblclick()
    expect(page.get_by_text(t("memos.done", count=2))).to_be_visible()
    expect(notes).to_have_count(0)

    page.goto("/find")
    page.get_by_role("textbox").first.fill("제주에서")
    page.keyboard.press("Enter")
    expect(page.get_by_text("제주에서 녹음했다")).to_be_visible()
    assert "제주".encode() not in running_app.log.read_bytes()
