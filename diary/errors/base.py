"""The class of all errors that the diary raises."""

from __future__ import annotations

import re

_CAPITAL = re.compile("(?<!^)(?=[A-Z])")


class DiaryError(Exception):
    """An error with one clear sentence for the person."""

    code = "unexpected"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts
        """Values for the sentence: a number of minutes, a limit."""

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            cls.code = _CAPITAL.sub("_", cls.__name__).lower()
