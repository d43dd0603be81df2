"""The `haru-demo` command: serves Haru with a fictional person's diary and deletes the diary at the end.

The diary lives in a temporary folder. The demo uses no network and nothing of this machine's own diary.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile

import links
import settings
from language import LANGUAGES, of_machine


def default_language() -> str:
    """The language that HARU_LANG names, or the language of this machine."""
    return settings.DEMO_LANGUAGE.get() or of_machine()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="haru-demo", description="Serve Haru with a fictional person's diary, and delete the diary at the end."
    )
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--language", choices=LANGUAGES, help="default: HARU_LANG, or the language of this machine")
    options = parser.parse_args()
    settings.exit_if_invalid()
    from demo.build import build  # imports torch, which takes seconds: only after the options and settings are checked

    language = options.language or default_language()
    # So that SIGTERM deletes the folder too.
    signal.signal(signal.SIGTERM, _interrupt)
    with tempfile.TemporaryDirectory(prefix="haru-demo-") as folder:
        os.environ["HARU_DATA"] = folder
        os.environ["HARU_SIGN_UP"] = "open"
        build(language)
        print(
            f"Haru's demo: http://localhost:{options.port}{links.to('')}  (Ctrl+C ends the demo and deletes its diary)",
            flush=True,
        )
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        command += [f"--server.port={options.port}", f"--server.address={settings.ADDRESS.get()}"]
        server = subprocess.Popen(command, cwd=settings.PROJECT)
        try:
            return server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
