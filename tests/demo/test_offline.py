"""The demo with a real browser, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM

PROJECT = Path(__file__).resolve().parents[2]
ALONE = ["unshare", "--map-root-user", "--net"]


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_the_demo_needs_no_network_and_leaves_nothing_behind() -> None:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; on Debian: apt-get install chromium chromium-headless-shell")
        pytest.skip("Chromium is not installed")
    if shutil.which("unshare") is None or subprocess.run([*ALONE, "true"], capture_output=True).returncode:
        pytest.skip("this kernel lets nobody make a network namespace")
    done = subprocess.run(
        [*ALONE, sys.executable, "-m", "tests.demo.offline", "ko"], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.strip().endswith("everything worked")
