"""Readers of values that several settings share. Each raises a ValueError that says what the value must be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def as_path(text: str) -> Path:
    return Path(text).expanduser()


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {text!r}.")
        return text.lower()

    return parse


def whole_number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"must be a whole number above 0, not {text!r}.")
    return number


def switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"must be 1 (on) or 0 (off), not {text!r}.")
    return text == "1"


def one_line(text: str) -> str:
    if not text.isprintable():  # a secret: the message does not repeat it
        raise ValueError("must be on one line.")
    return text


def label(text: str) -> str:
    if len(text) > 40 or not text.isprintable():
        raise ValueError("must be at most 40 characters on one line.")
    return text


def check_folder(path: Path | None) -> None:
    if path is not None and not path.is_dir():
        raise ValueError(f"names {path}, which is not a folder.")
