"""What a person gave leaves the server's memory: the test looks for marks in all that the process holds."""

from __future__ import annotations

import io
import re
import secrets
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import RunningApp, open_parts, settle
from tests.sounds import spoken

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the memory of a process as a file"),
]

WITHIN = 120.0
"""Seconds on a busy machine; garbage is collected every ten (web/closed_tabs.py)."""
KERNEL = ("[vvar]", "[vvar_vclock]", "[vdso]", "[vsyscall]")


def t(key: str, **values: object) -> str:
    return say("en", key, **values)


def may_read(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/mem", "rb"):
            return True
    except PermissionError:
        return False


def found_in_memory(pid: int, mark: bytes) -> int:
    """How often the process holds these bytes."""
    count = 0
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            part = line.split()
            if not part[1].startswith("r") or part[-1] in KERNEL:
                continue
            begin, end = (int(address, 16) for address in part[0].split("-"))
            try:
                memory.seek(begin)
                count += memory.read(end - begin).count(mark)
            except (OSError, OverflowError):  # reserved, and never used
                continue
    return count


def expect_gone(pid: int, mark: bytes) -> None:
    deadline = time.monotonic() + WITHIN
    while count := found_in_memory(pid, mark):
        assert time.monotonic() < deadline, f"the memory still holds {mark!r} {count} times"
        time.sleep(2)


def marked(recording: bytes, mark: bytes) -> bytes:
    """The same WAV with the mark in the middle of its samples."""
    with wave.open(io.BytesIO(recording)) as file:
        samples = bytearray(file.readframes(file.getnframes()))
        facts = file.getparams()
    middle = len(samples) // 4 * 2
    samples[middle : middle + len(mark)] = mark
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams(facts)
        file.writeframes(samples)
    return made.getvalue()


def test_a_kept_entry_leaves_the_memory(
    open_page: Callable[..., Page], running_app: RunningApp, tmp_path: Path
) -> None:
    if not may_read(running_app.pid):
        pytest.skip("this system does not let a process read the memory of another one")
    sound, note = f"sound {secrets.token_hex(5)}".encode(), f"a marked note {secrets.token_hex(8)}"
    recording = tmp_path / "marked.wav"
    recording.write_bytes(marked(spoken(4.0), sound))
    page = open_page("en", person="Memory", allowed=("voice",))
    open_parts(page, "en", "line", "speak")
    page.get_by_role("button", name=t("capture.sound_file")).click()
    page.locator("input[type=file]").first.set_input_files(recording)
    expect(page.locator("[class*=st-key-attached_voice]").first).to_be_visible()
    page.keyboard.press("Escape")
    settle(page)
    # Long enough for the C library, which overwrites what it frees; Python keeps short texts in blocks of its own.
    page.get_by_label(t("entry.note")).fill(f"{note} " * 30)
    page.get_by_role("radio", name=BY_KEY["fear"].name("en")).click()
    settle(page)
    assert found_in_memory(running_app.pid, sound)
    assert found_in_memory(running_app.pid, note.encode())
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_text(note).first).to_be_visible()
    settle(page)
    expect_gone(running_app.pid, sound)
    page.goto("/help")
    settle(page)
    expect_gone(running_app.pid, note.encode())


def test_what_was_not_kept_leaves_the_memory_with_signing_out(
    open_page: Callable[..., Page], running_app: RunningApp, tmp_path: Path
) -> None:
    """Also where another tab stays open: nobody sits before it any more, or somebody else does."""
    if not may_read(running_app.pid):
        pytest.skip("this system does not let a process read the memory of another one")
    sound = f"sound {secrets.token_hex(5)}".encode()
    recording = tmp_path / "marked.wav"
    recording.write_bytes(marked(spoken(4.0), sound))
    page = open_page("en", person="Leaving", allowed=("voice",))
    open_parts(page, "en", "speak")
    page.get_by_role("button", name=t("capture.sound_file")).click()
    page.locator("input[type=file]").first.set_input_files(recording)
    expect(page.locator("[class*=st-key-attached_voice]").first).to_be_visible()
    settle(page)
    assert found_in_memory(running_app.pid, sound)
    other = page.context.new_page()
    other.goto("/account/sign-out")
    other.get_by_role("button").first.click()
    expect_gone(running_app.pid, sound)
    expect(page).to_have_url(re.compile("/account/sign-in"))
