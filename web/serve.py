"""The `haru` command: checks the settings, then replaces its process with Streamlit's server."""

from __future__ import annotations

import argparse
import os
import sys

import settings


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="haru", description="Serve Haru on http://localhost:PORT.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", help="serve only on this address of the machine (without it: on all of them)")
    options = parser.parse_args(arguments)
    settings.exit_if_invalid()
    command = [sys.executable, "-m", "streamlit", "run", str(settings.PROJECT / "app.py")]
    command.append(f"--server.port={options.port}")
    if options.address:
        command.append(f"--server.address={options.address}")
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, with fixed arguments


if __name__ == "__main__":
    main()
