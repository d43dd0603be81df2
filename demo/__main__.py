"""python -m demo [--port 8501] [--language ko|en]: Haru with a fictional person's diary, gone when it is stopped.

The language is also taken from HARU_LANG. Everything lives in one temporary folder; nothing of this machine's own diary
is read or written, and nothing is fetched from anywhere.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import settings
from language import LANGUAGES, preferred

PROJECT = Path(__file__).resolve().parent.parent


def language_wanted() -> str:
    """The language that HARU_LANG names, or the language of this machine."""
    return settings.DEMO_LANGUAGE.get() or preferred((os.environ.get("LANG") or "").replace("_", "-"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo", description="Haru with a fictional person's diary.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--language", choices=LANGUAGES, default=None)
    options = parser.parse_args()
    settings.exit_if_invalid()
    from demo.build import build  # imports torch: seconds, in which a wrong option is still not answered

    language = options.language or language_wanted()
    # Ended by a signal, the folder is still to be thrown away.
    signal.signal(signal.SIGTERM, _as_if_interrupted)
    with tempfile.TemporaryDirectory(prefix="haru-demo-") as folder:
        os.environ["HARU_DATA"] = folder
        build(language)
        print(f"Haru's demo: http://localhost:{options.port}  (Ctrl+C ends it and throws everything away)", flush=True)
        serving = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(options.port)], cwd=PROJECT
        )
        try:
            return serving.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            serving.terminate()
            try:
                serving.wait(timeout=15)
            except subprocess.TimeoutExpired:
                serving.kill()
                serving.wait()


def _as_if_interrupted(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
