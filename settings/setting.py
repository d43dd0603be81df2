"""What a setting is: an environment variable with its type, its default and its row in the READMEs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from settings.readers import as_path

Value = TypeVar("Value")

_LARGEST_SECRET = 64 * 1024  # bytes


class SettingError(ValueError):
    """A variable holds a value that Haru cannot use; the message says which variable and what to do."""


@dataclass(frozen=True)
class Text:
    """The same text in both languages of the READMEs."""

    en: str
    ko: str


@dataclass(frozen=True)
class Row:
    """One row of the READMEs' configuration table."""

    name: str
    meaning: Text
    default: Text


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """One environment variable. An empty one counts as unset."""

    row: Row
    parse: Callable[[str], Value]
    """Raises a ValueError that says what the value must be."""
    default: Value
    check: Callable[[Value], None] | None = None
    """Checks the value against the disk when Haru starts; raises a ValueError like `parse`."""
    is_secret: bool = False
    """It may be in a file instead, which `file_name` names: containers pass secrets that way."""

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def file_name(self) -> str:
        return f"{self.name}_FILE"

    def get(self) -> Value:
        """The current value; raises a SettingError if it cannot be used."""
        text = self._text()
        if not text:
            return self.default
        try:
            return self.parse(text)
        except ValueError as error:
            raise SettingError(f"{self.name} {error} Correct it or unset it.") from None

    def validate(self) -> None:
        value = self.get()
        if self.check is None or not self._text():
            return
        try:
            self.check(value)
        except ValueError as error:
            raise SettingError(f"{self.name} {error} Correct it or unset it.") from None

    def _text(self) -> str:
        """What the variable holds, or the file that stands for it; empty if neither is set."""
        text = os.environ.get(self.name, "").strip()
        file = os.environ.get(self.file_name, "").strip() if self.is_secret else ""
        if not file:
            return text
        if text:
            raise SettingError(f"{self.name} and {self.file_name} are both set. Unset one of them.")
        return _read_secret(self.file_name, as_path(file))


def _read_secret(variable: str, file: Path) -> str:
    """The secret in a file, without the line break at its end. No message repeats what is in it."""
    if not file.is_file():
        raise SettingError(f"{variable} names {file}, which is not a file. Correct it or unset it.")
    try:
        if file.stat().st_size > _LARGEST_SECRET:
            raise SettingError(f"{variable} names {file}, which is too large for a secret. Correct it or unset it.")
        text = file.read_text(encoding="utf-8").strip()
    except OSError:
        raise SettingError(f"{variable} names {file}, which Haru may not read. Change its permissions.") from None
    except UnicodeDecodeError:
        raise SettingError(f"{variable} names {file}, which is not text. Correct it or unset it.") from None
    if not text:
        raise SettingError(f"{variable} names {file}, which is empty. Fill it or unset the variable.")
    return text
