"""The log: its level and its form, also of what uvicorn and Streamlit say, and the number of the request in each line.

The text of an exception is never written, because it may hold what a person wrote: its type and its stack are.
"""

from __future__ import annotations

import copy
import json
import logging
import threading
import traceback
from datetime import UTC, datetime

import counters
import settings
from diary.errors import DiaryError
from web import request_ids, streamlit_private

_LINE = "%(asctime)s %(name)s %(levelname)s %(message)s"
# Below WARNING these write the network addresses of everyone who opens a page or the live tab, a websocket's query, and
# the length and language of each recording that is written down.
_TALKATIVE = ("uvicorn", "websockets", "streamlit_webrtc", "aiortc", "aioice", "faster_whisper")
# uvicorn gives these a form of their own.
_OF_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.asgi")

_AGAIN_AFTER = 60.0  # seconds

log = logging.getLogger("haru")


def configure() -> None:
    """Sets the log up for the whole process, unless it has one: a test that imports the app does."""
    root = logging.getLogger()
    if root.handlers:
        return
    level = logging.getLevelNamesMapping()[settings.LOG_LEVEL.get().upper()]
    # At DEBUG, libraries write what they get and send.
    root.setLevel(max(level, logging.INFO))
    log.setLevel(level)
    root.addHandler(handler(settings.LOG_FORMAT.get()))
    root.addHandler(counters.ErrorCounter())
    for name in _OF_UVICORN:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
    streamlit_private.log_through_root()
    logging.captureWarnings(True)
    threading.excepthook = _of_thread


def handler(form: str) -> logging.Handler:
    writes = logging.StreamHandler()
    writes.addFilter(_is_silent_enough)
    writes.addFilter(_OfStrangers())
    writes.setFormatter(JsonFormatter() if form == "json" else TextFormatter(_LINE))
    return writes


def _is_silent_enough(record: logging.LogRecord) -> bool:
    """Not by the level of these loggers: Streamlit sets it whenever it reads its settings."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] not in _TALKATIVE


class _OfStrangers(logging.Filter):
    """Lets each of uvicorn's warnings through once a minute: whoever reaches the port causes one with a few bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._written: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name != "uvicorn.error" or record.levelno != logging.WARNING:
            return True
        message = str(record.msg)
        if record.created - self._written.get(message, float("-inf")) < _AGAIN_AFTER:
            return False
        self._written[message] = record.created
        return True


class TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.exc_text = None  # another handler may have put the exception's text there
        record.msg, record.args = _message(record), ()
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        number = _request(record)
        return super().formatMessage(record) + (f" [{number}]" if number else "")

    def formatException(self, ei: object) -> str:
        return _stack(ei[1]) if isinstance(ei, tuple) and isinstance(ei[1], BaseException) else ""


class JsonFormatter(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if number := _request(record):
            line["request"] = number
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["stack"] = _stack(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    # After its first line, asyncio writes the task with its exception.
    return record.getMessage().partition("\n")[0] if record.name == "asyncio" else record.getMessage()


def _request(record: logging.LogRecord) -> str:
    return getattr(record, "request", "") or request_ids.current.get()


def _stack(error: BaseException) -> str:
    """Where it was raised, and what caused it, without their texts."""
    parts: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        parts.append("".join(traceback.format_tb(cause.__traceback__)) + type(cause).__name__ + _harmless(cause))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\ncaused by:\n".join(parts)


def _harmless(error: BaseException) -> str:
    """What of the text comes from the machine or from Haru itself."""
    if isinstance(error, ImportError):
        return f": {error}"
    known = error.strerror if isinstance(error, OSError) else error.code if isinstance(error, DiaryError) else None
    return f": {known}" if isinstance(known, str) else ""


def _of_thread(failed: threading.ExceptHookArgs) -> None:
    """Python itself would write the exception's text."""
    if failed.exc_value is not None and not isinstance(failed.exc_value, SystemExit):
        log.error("a thread failed", exc_info=failed.exc_value)
