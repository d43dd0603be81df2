"""Where this user is signed in: an address and a token, in a file that nobody else can read."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


class NotSignedIn(Exception):
    """There is no token on this machine."""


@dataclass(frozen=True)
class Credentials:
    url: str
    token: str = field(repr=False)


def path() -> Path:
    """In the config folder of this user: %APPDATA% on Windows, else XDG_CONFIG_HOME or ~/.config."""
    home = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "haru" / "sign-in.json"


def load() -> Credentials:
    try:
        content = json.loads(path().read_text(encoding="utf-8"))
        return Credentials(content["url"], content["token"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise NotSignedIn from None


def store(new: Credentials) -> None:
    """Writes a new file in place of the old one: at no moment can others read it, or is it half written."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"url": new.url, "token": new.token}, file)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def delete() -> None:
    path().unlink(missing_ok=True)
