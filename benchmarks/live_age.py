"""How old what Live shows is: `python -m benchmarks.live_age [--seconds 20]`.

A camera of fifteen pictures a second and a microphone feed the app's own stream with the shipped models. A stand-in for
the page draws what Live draws, as often as Live does. Measured is the time from the arrival of the newest picture (or
sound) of a reading to each moment at which it is on the screen: just before the next one replaces it, it is oldest. The
way through the network and the browser's own drawing are not in it.
"""

from __future__ import annotations

import argparse
import os
import threading
import time

import cv2
import numpy as np

from benchmarks import samples
from components import recognisers
from fer import image
from ser import audio
from ser.audio import SAMPLE_RATE
from understanding.live import FRESH_SECONDS, LiveReader, LiveState

CAMERA, SOUND = 1 / 15, 0.02
"""Seconds between two pictures, and between two pieces of sound, as WebRTC delivers them."""
WAIT, REFRESH = 0.2, 0.1
"""As in components/entry/live.py: the page waits for another reading, then for its next turn."""
SOURCES = ("face", "voice")


def run(seconds: float) -> dict[str, list[float]]:
    """The ages in seconds, by what shows them: the frame in the picture, the columns of face and voice."""
    recognisers.warm()
    live = LiveReader(recognisers.analyst())
    picture = cv2.resize(image.load(samples.photograph()), (640, 360))  # as the camera is asked for
    sound = np.resize(audio.load(samples.voice(5)), SAMPLE_RATE * 5).astype(np.float32)
    over = threading.Event()
    ages: dict[str, list[float]] = {"frame": [], **{source: [] for source in SOURCES}}

    def camera() -> None:
        number = 0
        while not over.wait(CAMERA):
            number += 1
            live.add_picture(np.roll(picture, number % 20, axis=1))
            ages["frame"].append(live.state().age("face"))

    def microphone() -> None:
        at, size = 0, int(SOUND * SAMPLE_RATE)
        while not over.wait(SOUND):
            live.add_sound(sound[at : at + size])
            at = (at + size) % (len(sound) - size)

    feeds = [threading.Thread(target=feed, daemon=True) for feed in (camera, microphone)]
    for feed in feeds:
        feed.start()
    while any(np.isinf(live.state().age(source)) for source in SOURCES):
        time.sleep(0.05)
    for readings in ages.values():
        readings.clear()
    _page(live, ages, seconds)
    over.set()
    for feed in feeds:
        feed.join()
    live.stop()
    return ages


def _page(live: LiveReader, ages: dict[str, list[float]], seconds: float) -> None:
    shown: LiveState | None = None
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        following = live.wait_for_news(shown, WAIT)
        for source in SOURCES:
            if shown is not None:
                ages[source].append(shown.age(source))  # the oldest that it was on the screen
            ages[source].append(following.age(source))
        shown = following
        time.sleep(REFRESH)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live_age", description="How old what Live shows is.")
    parser.add_argument("--seconds", type=float, default=20)
    seconds = parser.parse_args().seconds
    ages = run(seconds)
    print(f"load average at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, each in ages.items():
        p50, p95 = np.percentile(each, [50, 95]) * 1000
        fresh = np.mean(np.array(each) <= FRESH_SECONDS)
        print(
            f"{name:6} p50 {p50:4.0f} ms, p95 {p95:4.0f} ms, oldest {max(each) * 1000:5.0f} ms; not faded {fresh:.0%}"
        )


if __name__ == "__main__":
    main()
