"""A program that talks to the API, and compares each answer with what openapi.json says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.testclient import TestClient

from diary import api_tokens
from diary.api_tokens import NewToken
from diary.sessions import Session
from tests.conftest import PASSWORD
from web.api.routes import routes

ROOT = "/api/v1"
DOCUMENT = json.loads((Path(__file__).parents[3] / "web" / "api" / "openapi.json").read_text(encoding="utf-8"))
NO_BODY = (204,)


class Program:
    def __init__(self, client: TestClient, token: str) -> None:
        self._client = client
        self.token = token

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = {"authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            headers = {"content-type": "application/json"} | headers
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        answer = self._client.request(method, ROOT + path, content=content, headers=sent | headers)
        expect_described(method, path.partition("?")[0], answer)
        return answer

    def keep(self, mood: str = "happiness", **more: Any) -> httpx.Response:
        return self.ask("POST", "/entries", {"mood": mood, **more})


def expect_described(method: str, path: str, answer: httpx.Response) -> None:
    """The status, the media type and the content of the answer are those of the description."""
    described = next((item for known, item in DOCUMENT["paths"].items() if re.fullmatch(_pattern(known), path)), None)
    kind = answer.headers.get("content-type", "")
    if described is None or method.lower() not in described:
        assert answer.status_code in (401, 404, 405, 429), (method, path)
        found = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    else:
        found = described[method.lower()]["responses"][str(answer.status_code)]
        if "$ref" in found:
            found = DOCUMENT["components"]["responses"][found["$ref"].rpartition("/")[2]]
    if answer.status_code in NO_BODY:
        assert answer.content == b""
        return
    schema = found["content"][kind]["schema"]
    content = answer.json()
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    assert [error.message for error in validator.iter_errors(content)] == []
    if kind == "application/problem+json":
        assert content["status"] == answer.status_code
        assert content["detail"]


def _pattern(path: str) -> str:
    return re.sub(r"\{\w+\}", "[^/]+", path)


@pytest.fixture
def client(data_folder: Path) -> Iterator[TestClient]:
    """The API alone, without Streamlit before and behind it."""
    with TestClient(Starlette(routes=routes), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def program(client: TestClient, person: Session) -> Callable[..., Program]:
    """Makes a token with these scopes and a program that has it."""

    def make(*scopes: str, of: Session = person, name: str = "a script", days: int = 90) -> Program:
        return Program(client, api_tokens.make(of, NewToken(name, scopes, days), PASSWORD))

    return make
