"""One thing that `haru-admin check` looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    check: str
    """What was looked at, as a word."""
    found: str
    to_do: str = ""
    """What the operator does about it; empty if all is well."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """For `--json`."""

    @property
    def is_well(self) -> bool:
        return not self.to_do
