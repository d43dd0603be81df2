"""A day that a real voice tells, written down by the shipped model: recorded, edited, saved, found by a word."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from playwright.sync_api import Playwright, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import RunningApp, launched, open_parts, opening, settle
from tests.browser.test_journey import enter
from tests.data_folders import require_data

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SPOKEN = {"ko": ("korean/neb00102.opus", "여행은", 5.4), "en": ("cremad/1068_IWL_HAP_XX.opus", "alarm", 2.7)}
"""The clip, one of its words, and its seconds."""


def as_wav(clip: Path, wav: Path) -> Path:
    with av.open(str(clip)) as source, av.open(str(wav), "w") as target:
        stream = target.add_stream("pcm_s16le", rate=48_000, layout="mono")
        resampler = av.AudioResampler("s16", "mono", 48_000)
        for frame in [*source.decode(audio=0), None]:
            for piece in resampler.resample(frame):
                target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return wav


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_spoken_day(
    driver: Playwright, running_app: RunningApp, faces_film: Path, tmp_path: Path, language: str
) -> None:
    path, word, seconds = SPOKEN[language]
    voice = as_wav(require_data("speech") / path, tmp_path / "voice.wav")

    def t(key: str) -> str:
        return say(language, key)

    with launched(driver, voice, faces_film) as browser, opening(browser, running_app) as open_page:
        page = open_page(language, 390, path="/account/sign-up")
        enter(page, t, f"Spoken {language}", "transcript")
        settle(page)
        open_parts(page, language, "speak")
        page.get_by_role("button", name=t("widget.record"), exact=True).click()
        page.wait_for_timeout(1000 * seconds + 500)
        page.get_by_role("button", name=t("widget.stop_recording")).click()
        note = page.get_by_label(t("entry.note"))
        expect(page.get_by_text(t("transcript.undo"), exact=True)).to_be_visible(timeout=60_000)
        assert word in note.input_value()
        note.press("End")
        note.press_sequentially(" (mended)")
        page.get_by_role("radio", name=BY_KEY["happiness"].name(language)).click()
        settle(page)
        page.get_by_role("button", name=t("entry.save"), exact=True).click()
        expect(note.first).to_have_value("")  # for a moment the old form is there, too
        page.goto(f"{running_app.url}/find")
        settle(page)
        page.get_by_label(t("find.words")).fill(word)
        page.keyboard.press("Enter")
        expect(page.get_by_text("(mended)").first).to_be_visible()
