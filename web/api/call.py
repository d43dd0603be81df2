"""A request to the API after its token was checked, and what answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from diary.api_tokens import ApiToken
from diary.sessions import Session

ROOT = "/api/v1"


@dataclass(frozen=True)
class Call:
    token: ApiToken
    path: Mapping[str, str]
    """The values in the address."""
    query: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def session(self) -> Session:
        return self.token.session


@dataclass(frozen=True)
class Answer:
    content: Any = None
    """As JSON; None for an empty answer."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One method at one address."""

    method: str
    path: str
    scopes: tuple[str, ...]
    """All of them are needed; none: any token will do."""
    act: Callable[[Call], Answer]
    """Runs in a worker thread."""
    has_body: bool = False
