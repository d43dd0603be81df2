"""What an operator sees of a running Haru: figures and a log."""

from __future__ import annotations

import re

from settings.readers import one_of
from settings.setting import Row, Setting, Text


def _metrics_token(text: str) -> str:
    if not re.fullmatch(r"[!-~]{16,}", text):  # a secret: the message does not repeat it
        raise ValueError("must be at least 16 characters of ASCII without spaces.")
    return text


METRICS_TOKEN: Setting[str] = Setting(
    Row(
        "HARU_METRICS_TOKEN",
        Text(
            "secret of at least 16 characters with which a Prometheus reads `/account/metrics`",
            "프로메테우스가 `/account/metrics`를 읽을 때 쓰는 16자 이상의 비밀 값",
        ),
        Text("no metrics", "지표 없음"),
    ),
    parse=_metrics_token,
    default="",
    is_secret=True,
)
LOG_LEVEL: Setting[str] = Setting(
    Row(
        "HARU_LOG_LEVEL",
        Text(
            "what the log holds: `error`, `warning`, `info`, or `debug` with a line for each request",
            "로그에 남길 것: `error`, `warning`, `info`, 또는 요청마다 한 줄을 더하는 `debug`",
        ),
        Text("`info`", "`info`"),
    ),
    parse=one_of("error", "warning", "info", "debug"),
    default="info",
)
LOG_FORMAT: Setting[str] = Setting(
    Row(
        "HARU_LOG_FORMAT",
        Text(
            "form of the log: `text`, or `json` with one object a line",
            "로그의 형식: `text`, 또는 한 줄에 객체 하나인 `json`",
        ),
        Text("`text`", "`text`"),
    ),
    parse=one_of("text", "json"),
    default="text",
)
