"""Crisis lines. Every page links to them; no reading opens them by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HelpLine:
    """A number to call; its name and hours are `help.<key>` in both catalogues."""

    key: str
    number: str
    country: str


HELP_LINES = (
    HelpLine("suicide_prevention", "109", "KR"),
    HelpLine("mental_health_crisis", "1577-0199", "KR"),
    HelpLine("youth", "1388", "KR"),
    HelpLine("lifeline", "988", "US"),
)


def nearest_first(language: str) -> tuple[HelpLine, ...]:
    """All lines, those of the reader's likely country first."""
    home = "KR" if language == "ko" else "US"
    return tuple(sorted(HELP_LINES, key=lambda line: line.country != home))
