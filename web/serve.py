"""The `haru` command without a command: checks the settings, then replaces its process with Streamlit's server."""

from __future__ import annotations

import argparse
import ipaddress
import os
import sys

import settings
from version import VERSION


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="haru",
        description="Serve Haru on http://localhost:PORT.",
        epilog="To keep and see days of a Haru that runs: haru sign-in, keep, month, sign-out; each knows --help.",
    )
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", help="network address to answer on; default: HARU_ADDRESS, or only this machine")
    parser.add_argument("--version", action="version", version=f"Haru {VERSION}")
    options = parser.parse_args(arguments)
    if options.address:  # the server that follows reads it, too: who may sign up depends on it
        os.environ[settings.ADDRESS.name] = options.address
    settings.exit_if_invalid()
    os.environ[settings.FORWARDED_ALLOW_IPS.name] = trusted_proxies()  # for uvicorn
    command = [sys.executable, "-m", "streamlit", "run", str(settings.PROJECT / "app.py")]
    command += [f"--server.port={options.port}", f"--server.address={settings.ADDRESS.get()}"]
    if settings.LOG_FORMAT.get() == "json":
        command.append("--logger.hideWelcomeMessage=true")  # lines of text
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")  # it warns past Python's log
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, with fixed arguments


def trusted_proxies() -> str:
    """The proxies of the setting, and those of IPv4 also as IPv6 writes them.

    A socket for both versions (HARU_ADDRESS=::) names an IPv4 proxy ::ffff:127.0.0.1. Without this Haru would not know
    it: cookies would lack Secure, and all visitors would count as one address.
    """
    networks = [ipaddress.ip_network(part.strip()) for part in settings.FORWARDED_ALLOW_IPS.get().split(",")]
    mapped = [f"::ffff:{one.network_address}/{96 + one.prefixlen}" for one in networks if one.version == 4]
    return ",".join([*map(str, networks), *mapped])


if __name__ == "__main__":
    main()
