"""Asks a running Haru. It follows no redirect: the token must not go to another address."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from language import say

_SECONDS = 20.0
_ANSWER_MAX = 20_000_000


class Refused(Exception):
    """Haru's own sentence why it does not do something."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class Unreachable(Exception):
    """Nothing answered, or something else than Haru; the message is a sentence for the person."""


class Client:
    """`url` is where Haru is, such as https://diary.example.org or https://example.org/haru."""

    def __init__(self, url: str, token: str, language: str) -> None:
        self._parts = urlsplit(url)
        self._url, self._token, self._language = url, token, language

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, tries: int = 1) -> Any:
        """The content of the answer. Ask more than once only for what may be asked twice."""
        for left in reversed(range(tries)):
            try:
                return self._ask(method, path, body)
            except (OSError, HTTPException, UnicodeError) as error:
                if not left:
                    reason = getattr(error, "strerror", None) or type(error).__name__
                    raise Unreachable(
                        say(self._language, "command.unreachable", url=self._url, reason=reason)
                    ) from error

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {
            "Accept": "application/json",
            "Accept-Language": self._language,
            "Authorization": f"Bearer {self._token}",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection = self._connection()
        try:
            content = None if body is None else json.dumps(body).encode()
            connection.request(method, f"{self._parts.path.rstrip('/')}/api/v1{path}", content, headers)
            response = connection.getresponse()
            answer = response.read(_ANSWER_MAX)
        finally:
            connection.close()
        if response.status == 204:
            return None
        content = _content(response.headers.get_content_type(), answer)
        if content is None or (response.status >= 300 and "detail" not in content):
            raise Unreachable(say(self._language, "command.not_haru", url=self._url, status=response.status))
        if response.status >= 300:
            raise Refused(str(content["detail"]), response.status)
        return content

    def _connection(self) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return HTTPSConnection(host, port, timeout=_SECONDS, context=ssl.create_default_context())
        return HTTPConnection(host, port, timeout=_SECONDS)


def _content(kind: str, answer: bytes) -> dict[str, Any] | None:
    """The JSON object of an answer; None for what Haru does not send."""
    if kind not in ("application/json", "application/problem+json"):
        return None
    try:
        content = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
