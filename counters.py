"""What the server counts for a scraper (web/metrics.py): numbers, by names that stand in Haru's own code.

No label holds anything of a person: no name, no id, no address and no text that somebody sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from reading import Refusal

Answer = TypeVar("Answer")

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

REQUESTS = Counter(
    "haru_requests", "Requests by the template of their address.", ("method", "route", "status"), registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "haru_request_seconds",
    "Time until a request was answered.",
    ("route",),
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
TABS = Gauge("haru_open_tabs", "Pages that are open in browsers now.", registry=REGISTRY)
READING_SECONDS = Histogram(
    "haru_reading_seconds",
    "Time of a reading by its recogniser (voice, face, words, speech) and outcome (answer, refusal).",
    ("recogniser", "outcome"),
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
    registry=REGISTRY,
)
REFUSALS = Counter(
    "haru_refusals", "Inputs that a recogniser did not read, by reason.", ("recogniser", "reason"), registry=REGISTRY
)
ERRORS = Counter("haru_errors", "Lines of the log at the level of an error, by logger.", ("logger",), registry=REGISTRY)
SPEECH_WAITING = Gauge("haru_speech_waiting", "Recordings that wait to be written down.", registry=REGISTRY)
PASSWORDS_WAITING = Gauge("haru_passwords_waiting", "Requests that wait to hash a password.", registry=REGISTRY)


def counted(recogniser: str, read: Callable[[], Answer]) -> Answer:
    """The answer of a recogniser, counted with its time."""
    started = time.perf_counter()
    answer = read()
    count_reading(recogniser, answer, time.perf_counter() - started)
    return answer


def count_reading(recogniser: str, answer: object, seconds: float) -> None:
    is_refused = isinstance(answer, Refusal)
    READING_SECONDS.labels(recogniser, "refusal" if is_refused else "answer").observe(seconds)
    if is_refused:
        REFUSALS.labels(recogniser, answer.code).inc()


class ErrorCounter(logging.Handler):
    """Counts the errors that the log holds."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        ERRORS.labels(record.name if record.name.startswith("haru") else "other").inc()
