"""A day that a real Korean voice tells, written down by the shipped model: recorded, edited, saved, found by a word.

The model's English is heard in tests/stt and by the captions in test_today.py.
"""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from playwright.sync_api import Playwright, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import RunningApp, launched, open_parts, opening, settle
from tests.data_folders import require_data

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CLIP, WORD, SECONDS = "korean/neb00102.opus", "여행은", 5.4


def as_wav(clip: Path, wav: Path) -> Path:
    with av.open(str(clip)) as source, av.open(str(wav), "w") as target:
        stream = target.add_stream("pcm_s16le", rate=48_000, layout="mono")
        resampler = av.AudioResampler("s16", "mono", 48_000)
        for frame in [*source.decode(audio=0), None]:
            for piece in resampler.resample(frame):
                target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return wav


def test_a_spoken_day(driver: Playwright, running_app: RunningApp, faces_film: Path, tmp_path: Path) -> None:
    voice = as_wav(require_data("speech") / CLIP, tmp_path / "voice.wav")

    def t(key: str) -> str:
        return say("ko", key)

    with launched(driver, voice, faces_film) as browser, opening(browser, running_app) as open_page:
        page = open_page("ko", 390, person="Spoken", allowed=("transcript",))
        settle(page)
        open_parts(page, "ko", "speak")
        page.get_by_role("button", name=t("widget.record"), exact=True).click()
        page.wait_for_timeout(1000 * SECONDS + 500)
        page.get_by_role("button", name=t("widget.stop_recording")).click()
        note = page.get_by_label(t("entry.note"))
        expect(page.get_by_text(t("transcript.undo"), exact=True)).to_be_visible(timeout=60_000)
        assert WORD in note.input_value()
        note.press("End")
        note.press_sequentially(" (mended)")
        page.get_by_role("radio", name=BY_KEY["happiness"].ko).click()
        settle(page)
        page.get_by_role("button", name=t("entry.save"), exact=True).click()
        expect(note.first).to_have_value("")  # for a moment the old form is there, too
        page.goto(f"{running_app.url}/find")
        settle(page)
        page.get_by_label(t("find.words")).fill(WORD)
        page.keyboard.press("Enter")
        expect(page.get_by_text("(mended)").first).to_be_visible()
