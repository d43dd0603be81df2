"""The table of `make bench`: each figure beside its limit, or beside an alternative measured in the same run."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measurement:
    """One row of the table."""

    name: str
    value: float
    unit: str
    reference: float | None
    reference_name: str

    def __str__(self) -> str:
        row = f"| {self.name} | {_number(self.value)} {self.unit} |"
        if self.reference is None:
            return f"{row} | |"
        ratio = self.value / self.reference
        return f"{row} {self.reference_name} {_number(self.reference)} {self.unit} | {ratio:.2f} |"


@dataclass
class ResultTable:
    """Collects measurements, and prints each to stderr as it comes."""

    measurements: list[Measurement] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, limit: float | None = None) -> None:
        self._append(Measurement(name, value, unit, limit, "at most"))

    def compare(self, name: str, value: float, unit: str, other: str, other_value: float) -> None:
        """Adds a value beside that of an alternative."""
        self._append(Measurement(name, value, unit, other_value, other))

    def _append(self, measurement: Measurement) -> None:
        self.measurements.append(measurement)
        text = f"  {measurement.name}: {_number(measurement.value)} {measurement.unit}"
        print(text, file=sys.stderr, flush=True)

    def __str__(self) -> str:
        head = ["| measured | value | reference | ratio |", "|---|---|---|---|"]
        return "\n".join([*head, *map(str, self.measurements)])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
