"""One table of measured values, each beside what it may be or what another way takes, measured in the same run."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    name: str
    value: float
    unit: str
    beside: float | None
    what: str
    """What stands beside it: the limit, or another way of doing the same."""

    def __str__(self) -> str:
        told = f"| {self.name} | {_number(self.value)} {self.unit} |"
        if self.beside is None:
            return f"{told} | |"
        return f"{told} {self.what} {_number(self.beside)} {self.unit} | {self.value / self.beside:.2f} |"


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, limit: float | None = None) -> None:
        self._take(Row(name, value, unit, limit, "at most"))

    def add_beside(self, name: str, value: float, unit: str, other: str, beside: float) -> None:
        self._take(Row(name, value, unit, beside, other))

    def _take(self, row: Row) -> None:
        self.rows.append(row)
        print(f"  {row.name}: {_number(row.value)} {row.unit}", file=sys.stderr, flush=True)

    def __str__(self) -> str:
        return "\n".join(["| what | measured | beside it | ratio |", "|---|---|---|---|", *map(str, self.rows)])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
