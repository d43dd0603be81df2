"""Who may ask what: tokens, scopes, methods, bodies, the throttle, and in which language a refusal is said."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from diary import account_locks, api_tokens, database, entries, errors, sessions, throttle
from diary.sessions import Session
from language import say
from tests.diary.histories import keep
from tests.web.api.conftest import Program
from web.api import gate
from web.api.routes import OPERATIONS

Make = Callable[..., Program]
BODIES = {"/entries": {"mood": "fear"}, "note": {"note": "x", "version": 1}, "values": {"value": 1}}


def ask(program: Program, method: str, path: str) -> int:
    """Asks for an operation with values and a body that fit; returns the status."""
    path = path.replace("{month}", "2026-11").replace("{day}", "2026-11-20")
    path = path.replace("{entry_id}", "0" * 32).replace("{tracker_id}", "0" * 32)
    body = next((body for part, body in BODIES.items() if part in path), None) if method in ("POST", "PUT") else None
    return program.ask(method, path, body).status_code


def test_each_operation_needs_its_scopes(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "API_BY_TOKEN", throttle.API_BY_ADDRESS)
    for scopes in (("write",), ("moods",), ("notes",), ("write", "moods"), ("write", "notes")):
        for operation in OPERATIONS:
            one = program(*scopes)
            held = {*scopes, "moods"} if "notes" in scopes else set(scopes)
            status = ask(one, operation.method, operation.path)
            assert (status == 403) == (not held.issuperset(operation.scopes)), (scopes, operation.path, status)
            with database.transaction() as db:
                db.execute("delete from api_tokens")


def test_without_a_valid_token_nothing_is_answered(client: TestClient, person: Session, program: Make) -> None:
    ended = program("write", "notes")
    api_tokens.revoke(person, api_tokens.find(ended.token).id)
    cookie = program("moods").token.removeprefix("haru_")
    for token in (ended.token, "haru_" + "x" * 43, cookie, "x", "é"):
        answer = (
            Program(client, token).ask("GET", "/token")
            if token.isascii()
            else client.get("/api/v1/token", headers={"authorization": b"Bearer \xe9"})
        )
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
    missing = Program(client, "").ask("GET", "/token")
    assert (missing.status_code, missing.headers["www-authenticate"]) == (401, "Bearer")
    for authorization in ("", "Bearer", "Bearer ", "Basic aGFydTpoYXJ1", "bearer\t"):
        answer = client.get("/api/v1/token", headers={"authorization": authorization})
        assert answer.json()["code"] == "token_missing", authorization


def test_a_locked_account_answers_no_program(program: Make, person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "API_BY_TOKEN", throttle.API_BY_ADDRESS)
    programs = program("write"), program("write", "notes")
    account_locks.lock(person.account_id)
    for one in programs:
        assert {ask(one, operation.method, operation.path) for operation in OPERATIONS} == {403}
    answer = programs[0].keep()
    assert answer.json()["detail"] == say("en", "error.account_locked")
    account_locks.unlock(person.account_id)
    assert [one.keep().status_code for one in programs] == [201, 201]
    with database.connect() as db:
        assert db.table("inbox").count + db.table("entries").count == 2, "nothing came in while it was locked"


def test_no_cookie_signs_a_program_in(client: TestClient, sign_up: Callable[..., str]) -> None:
    client.cookies.set("haru_session", sign_up())
    assert client.get("/api/v1/token").status_code == 401


def test_a_page_of_another_address_gets_no_permission(client: TestClient, program: Make) -> None:
    """No CORS: a browser then shows no other page the answer, and does not even send the token."""
    one = program("moods")
    answer = one.ask("GET", "/token", origin="https://example.org")
    asked = {"origin": "https://example.org", "access-control-request-method": "GET"}
    before = client.options("/api/v1/token", headers=asked | {"access-control-request-headers": "authorization"})
    assert before.status_code == 401
    for given in (answer, before):
        assert not [name for name in given.headers if name.startswith("access-control-")]


def test_what_a_token_may_do_and_that_it_can_end_itself(program: Make, person: Session) -> None:
    one = program("moods", "write", days=30)
    content = one.ask("GET", "/token").json()
    assert (content["scopes"], content["language"], content["timezone"]) == (["write", "moods"], "en", "Asia/Seoul")
    assert one.ask("DELETE", "/token").status_code == 204
    assert one.ask("GET", "/token").status_code == 401
    assert api_tokens.every(person) == []


def test_unknown_addresses_and_methods_are_refused_in_words(program: Make) -> None:
    one = program("moods")
    for path in ("/", "/nothing", "/entries/", "/months", "/token/../../account", "/entries/%00", "//entries"):
        answer = one.ask("GET", path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
    for method, path, allowed in (("PATCH", "/entries", "GET, POST"), ("HEAD", "/token", "DELETE, GET")):
        answer = one._client.request(method, "/api/v1" + path, headers={"authorization": f"Bearer {one.token}"})
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"mood": "fear"}', "text/plain", 415),
        (b"mood=fear", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"mood": "fear"', "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        (b'{"a":' * 100_000, "application/json", 400),
        (b"1" * 5000, "application/json", 400),
        (b'{"note": "' + b"a" * gate.BODY_MAX + b'"}', "application/json", 413),
    ],
    ids=[f"case {number}" for number in range(9)],
)
def test_what_is_no_json_object_is_refused(program: Make, body: bytes, kind: str, status: int) -> None:
    assert program("write").ask("POST", "/entries", body, **{"content-type": kind}).status_code == status


def test_the_longest_note_has_a_place_however_it_is_written(program: Make, person: Session) -> None:
    note = "\U0001f600" * entries.NOTE_MAX
    body = json.dumps({"mood": "fear", "note": note}).encode()
    assert program("write", "notes").ask("POST", "/entries", body).status_code == 201
    assert entries.every(person)[0].note == note


def test_refusals_are_in_the_language_that_is_asked_for(program: Make, person: Session) -> None:
    one = program("moods")
    for accept, language in (({}, "en"), ({"accept-language": "ko-KR,ko"}, "ko"), ({"accept-language": "fr"}, "en")):
        answer = one.ask("POST", "/entries", {"mood": "fear"}, **accept)
        sentence = say(language, "error.scope_missing", scope=say(language, "token.scope_write"))
        assert (answer.json()["detail"], answer.headers["content-language"]) == (sentence, language)
    with database.transaction() as db:
        db.execute("update accounts set language = 'ko'")
    assert one.ask("GET", "/months/13").headers["content-language"] == "ko"


def test_no_answer_is_stored_and_none_sets_a_cookie(program: Make) -> None:
    for path in ("/token", "/moods", "/nothing"):
        answer = program("moods").ask("GET", path)
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_a_token_that_asks_too_often_waits_and_the_others_do_not(
    program: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "API_BY_TOKEN", throttle.Limit("t", 3, throttle.LONGEST_WAIT, throttle.LONGEST_WAIT))
    one, other = program("moods"), program("moods")
    assert [one.ask("GET", "/token").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = one.ask("GET", "/token")
    assert (refused.headers["retry-after"], refused.json()["code"]) == ("900", "too_many_requests")
    assert other.ask("GET", "/token").status_code == 200


def test_an_address_that_asks_too_often_waits(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = throttle.Limit("a", 3, throttle.LONGEST_WAIT, throttle.LONGEST_WAIT)
    monkeypatch.setattr(throttle, "API_BY_ADDRESS", limit)
    assert [program("moods").ask("GET", "/token").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_an_address_that_tries_tokens_waits_but_not_a_program_with_a_right_one(
    client: TestClient, program: Make
) -> None:
    right, wrong = program("moods"), Program(client, "haru_" + "x" * 43)
    statuses = [wrong.ask("GET", "/token").status_code for _ in range(throttle.API_UNKNOWN_BY_ADDRESS.free + 2)]
    assert statuses == [401] * throttle.API_UNKNOWN_BY_ADDRESS.free + [429] * 2
    assert right.ask("GET", "/token").status_code == 200


def test_a_session_that_ends_meanwhile_writes_nothing(
    program: Make, person: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is revoked after it was checked."""
    add = entries.add

    def add_after_the_end(session: Session, *arguments: object) -> str:
        sessions.end_all(session.account_id)
        return add(session, *arguments)

    monkeypatch.setattr(entries, "add", add_after_the_end)
    answer = program("write", "notes").keep()
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
    with database.connect() as db:
        assert db["entries"].count == 0


def test_an_unexpected_error_says_a_sentence_and_logs_no_word(
    program: Make, person: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    note = "a secret note"

    def fail(*_arguments: object) -> None:
        raise ValueError(note)

    monkeypatch.setattr(entries, "add", fail)
    one = program("write", "notes")
    with caplog.at_level(logging.DEBUG):
        answer = one.keep(note=note)
    assert (answer.status_code, answer.json()["detail"]) == (500, say("en", "error.unexpected"))
    assert "ValueError" in caplog.text
    assert "test_gate.py" in caplog.text
    for text in (note, one.token, one.token[8:]):
        assert text not in caplog.text


def test_while_the_database_cannot_be_used_it_says_so(
    program: Make, person: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = program("moods")

    def broken(_token: str) -> None:
        raise errors.DatabaseBusy()

    monkeypatch.setattr(api_tokens, "find", broken)
    assert one.ask("GET", "/token").status_code == 503


def test_the_log_has_no_token(program: Make, person: Session, caplog: pytest.LogCaptureFixture) -> None:
    keep(person, "2026-11-20", note="a secret")
    with caplog.at_level(logging.DEBUG):
        one = program("notes")
        one.ask("GET", "/entries?from=2026-11-20")
        Program(one._client, one.token[:-1] + "_").ask("GET", "/token")
    assert one.token[8:30] not in caplog.text
    assert "a secret" not in caplog.text
