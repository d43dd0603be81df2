"""Checks every variable when Haru starts."""

from __future__ import annotations

import difflib
import os
import re
import sys

from settings.readme_table import ALL
from settings.setting import SettingError

_STREAMLITS_BASE = "STREAMLIT_SERVER_BASE_URL_PATH"

# Only deploy/compose.yaml reads these, but they may be set in the shell that starts Haru.
_COMPOSE_VARIABLES = {"HARU_DOMAIN", "HARU_TURN_SECRET"}


def problems() -> list[str]:
    """One sentence for each setting that Haru cannot use."""
    found = []
    if os.environ.get(_STREAMLITS_BASE, "").strip("/ "):
        found.append(f"{_STREAMLITS_BASE} moves Streamlit alone, past Haru's gates. Set HARU_BASE_PATH in its place.")
    for setting in ALL:
        try:
            setting.validate()
        except SettingError as error:
            found.append(str(error))
    return found


def misspelt() -> list[str]:
    """One sentence for each HARU_* variable that Haru does not know."""
    known = {setting.name for setting in ALL} | {setting.file_name for setting in ALL if setting.is_secret}
    found = []
    for name in sorted(set(filter(re.compile("HARU_").match, os.environ)) - known - _COMPOSE_VARIABLES):
        similar = difflib.get_close_matches(name, known, 1)
        found.append(f"Haru has no setting {name}" + (f"; did you mean {similar[0]}?" if similar else "."))
    return found


def exit_if_invalid() -> None:
    """Ends the process with code 2 and a sentence for each wrong setting; only warns of unknown variables."""
    for sentence in misspelt():
        print(sentence, file=sys.stderr)
    if found := problems():
        print("Haru did not start.", *found, sep="\n", file=sys.stderr, flush=True)
        raise SystemExit(2)
