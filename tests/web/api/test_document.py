"""openapi.json is valid, and describes exactly the addresses that there are. conftest.py compares each answer."""

from __future__ import annotations

from openapi_spec_validator import validate
from starlette.testclient import TestClient

from emotions import EMOTIONS
from tests.web.api.conftest import DOCUMENT, ROOT
from web.api.routes import OPERATIONS

METHODS = ("get", "post", "put", "delete", "patch")


def test_the_description_is_valid() -> None:
    validate(DOCUMENT)


def test_it_describes_every_operation_and_no_other() -> None:
    described = {
        (method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in METHODS if method in item
    }
    assert described == {(operation.method, operation.path) for operation in OPERATIONS}


def test_it_names_the_scopes_and_the_body_of_each_operation() -> None:
    for operation in OPERATIONS:
        described = DOCUMENT["paths"][operation.path][operation.method.lower()]
        scopes = f"Scopes: {', '.join(operation.scopes)}." if operation.scopes else None
        assert described.get("description") == scopes, operation.path
        assert ("requestBody" in described) == operation.has_body, operation.path


def test_it_knows_the_seven_moods() -> None:
    assert DOCUMENT["components"]["schemas"]["Mood"]["enum"] == list(EMOTIONS)


def test_it_is_served_without_a_token_and_names_its_server(client: TestClient) -> None:
    answer = client.get(f"{ROOT}/openapi.json")
    assert answer.json() == DOCUMENT | {"servers": [{"url": ROOT}]}
