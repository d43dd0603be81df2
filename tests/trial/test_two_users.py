"""Two people on one server: Bob, and somebody who is nobody, ask every address and send every message of Haru with
Alice's ids. Nothing of hers is in an answer, nothing of hers changes, and no answer tells an id of hers from none.

The addresses are those of the real app: a new one needs a line in tests/trial/crossings.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import httpx2 as httpx
import pytest
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import get_instance
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from diary import accounts, api_tokens, sessions, throttle
from diary.accounts import NewAccount
from diary.api_tokens import NewToken
from tests.trial.alice import DAY, MONTH, SECRET, Alice, alice_of, unknown
from tests.trial.crossings import BOBS_PASSWORD, CASES, MESSAGES, OPERATIONS, Case
from tests.web.conftest import Browser
from tests.web.tabs import Tab, open_tab
from web import cookies, forms

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SOUND = b"RIFF a sound of " + SECRET.encode()
BOUNDARY = "a-boundary-that-is-in-no-file"
FORM_COOKIE = "a cookie of forms"
WITH_PAYLOAD = "backend_operation_request"
numbers = count()


@dataclass
class Person:
    """Somebody who asks: with a cookie and a token, or with neither."""

    client: TestClient
    cookie: str = ""
    token: str = ""

    def ask(self, method: str, path: str, case: Case, ids: dict[str, str]) -> httpx.Response:
        xsrf = generate_xsrf_token_string()
        jar = {cookies.SESSION: self.cookie, cookies.FORM: FORM_COOKIE, "_streamlit_xsrf": xsrf}
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in jar.items() if value)}
        headers |= {"x-xsrftoken": xsrf, "sec-fetch-site": "same-origin"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        options: dict[str, Any] = {}
        if method in ("POST", "PUT", "PATCH", "DELETE") and case.json is not None:
            options["json"] = filled(case.json, ids)
        elif method == "POST":
            token = forms.token(path, FORM_COOKIE, self.cookie or None)
            options["data"] = filled(case.form, ids) | {"form_token": token}
        elif method == "PUT":
            headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
            options["content"] = upload(b"his")
        self.client.cookies.clear()
        answer = self.client.request(method, path, headers=headers, follow_redirects=False, **options)
        self.client.cookies.clear()
        return answer


def upload(content: bytes) -> bytes:
    head = 'Content-Disposition: form-data; name="file"; filename="a.wav"'
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def filled(content: Any, ids: dict[str, str]) -> Any:
    """The content with Alice's ids in the place of their names."""
    if isinstance(content, dict):
        return {name: filled(value, ids) for name, value in content.items()}
    if isinstance(content, list):
        return [filled(value, ids) for value in content]
    return (
        re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], name[0]), content) if isinstance(content, str) else content
    )


@pytest.fixture
def alice(served: TestClient, running: None, sign_up: Callable[..., str]) -> Alice:
    return alice_of(sign_up("Alice"))


@pytest.fixture
def hers(served: TestClient, alice: Alice) -> Iterator[Tab]:
    """Her open tab, with a file that she uploads and pages that name media and downloads."""
    browser = Browser(served)
    browser.cookies.set("haru_session", alice.cookie, domain="localhost.local")
    with open_tab(served, browser) as tab:
        seen = "".join(tab.run(page) for page in ("", "data", "settings", "trackers"))
        message = BackMsg()
        message.rerun_script.page_script_hash = tab.pages["days"]
        message.rerun_script.query_string = f"day={DAY.isoformat()}"
        tab.send(message)
        seen += tab.finish()
        shown = {kind for kind in ("note", "tag", "tracker", "token", "waiting", "draft") if f"{SECRET} {kind}" in seen}
        assert shown == {"note", "tag", "tracker", "token", "waiting", "draft"}, "her own pages show what is hers"
        alice.ids |= {
            **{"tab": tab.id, "upload": "1", "media": sorted(tab.media)[0].removeprefix("/media/")},
            **{"download": tab.downloads[0], "month": MONTH, "day": DAY.isoformat(), "passkey": "f" * 32},
            "changed_stop_token": unknown(alice.ids["stop_token"]),
        }
        alice.ids["widgets"] = "\n".join(sorted(set(re.findall(r'id: "(\$\$ID-[^"]+)"', seen))))
        files = get_instance().uploaded_file_mgr
        path = f"/_stcore/upload_file/{tab.id}/1"
        xsrf = generate_xsrf_token_string()
        cookie = f"haru_session={alice.cookie}; _streamlit_xsrf={xsrf}"
        headers = {"x-xsrftoken": xsrf, "content-type": f"multipart/form-data; boundary={BOUNDARY}", "cookie": cookie}
        assert served.put(path, content=upload(SOUND), headers=headers).status_code == 204
        assert [file.data for file in files.get_files(tab.id, ["1"])] == [SOUND]
        yield tab


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of requests of one address and one person: their throttles have tests of their own."""
    for name in ("API_BY_ADDRESS", "API_UNKNOWN_BY_ADDRESS", "BY_ADDRESS", "SIGN_UPS_BY_ADDRESS"):
        limit = getattr(throttle, name)
        monkeypatch.setattr(throttle, name, throttle.Limit(limit.kind, 10**6, limit.reset_after))


def new_bob(client: TestClient) -> Person:
    """A person of his own for each address: some of them end his session or delete his account."""
    name = f"Bob {next(numbers)}"
    new = NewAccount(name, BOBS_PASSWORD, date(1995, 5, 5), ["diary", "media"], "en", "Asia/Seoul")
    cookie = accounts.sign_up(new, today=date(2026, 11, 20), address="192.0.2.7")
    session = sessions.find(cookie)
    assert session is not None
    token = api_tokens.make(session, NewToken("his", api_tokens.SCOPES, 90), BOBS_PASSWORD)
    return Person(client, cookie, token)


def routes_of(served: TestClient) -> dict[str, set[str]]:
    """The methods of each address that the app serves."""
    import app

    assert app.app._starlette_app is not None
    found: dict[str, set[str]] = {}
    for route in app.app._starlette_app.routes:
        known = {*METHODS} if isinstance(route, WebSocketRoute) else set(getattr(route, "methods", None) or METHODS)
        found.setdefault(getattr(route, "path"), set()).update(known - {"HEAD"})  # noqa: B009
    return found


def addresses(path: str, case: Case, ids: dict[str, str]) -> list[str]:
    named = re.sub(r"\{(\w+)(:path)?\}", lambda name: ids[case.values[name[1]]], path)
    return [*([named] if named else []), *(filled(further, ids) for further in case.also)]


def said(answer: httpx.Response, ids: dict[str, str]) -> str:
    """The answer without what differs by chance, and without the ids that were asked for."""
    text = f"{answer.status_code} {answer.headers.get('location', '')} {answer.text}"
    for value in sorted(ids.values(), key=len, reverse=True):
        if len(value) > 3:
            text = text.replace(value, "…")
    return re.sub(r'[\w-]{43}|(?<=value=")[0-9a-f]{64}|\b[0-9a-f]{32}\b', "…", text)


def test_every_address_has_a_case_and_no_case_is_left_over(served: TestClient) -> None:
    assert set(routes_of(served)) == set(CASES)


def test_no_address_gives_one_person_what_is_another_s(served: TestClient, alice: Alice, hers: Tab) -> None:
    crossings, asked = [], 0
    assert reached_by_herself(served, alice) >= 4
    before = alice.rows()
    files = get_instance().uploaded_file_mgr
    none_of_hers = {
        name: unknown(value) if name not in ("month", "day") else value for name, value in alice.ids.items()
    }
    nobody = Person(served)
    for path, methods in sorted(routes_of(served).items()):
        case = CASES[path]
        bob = new_bob(served)
        for method in sorted(methods, key=METHODS.index):
            for who, person in (("Bob", bob), ("nobody", nobody)):
                pairs = zip(addresses(path, case, alice.ids), addresses(path, case, none_of_hers), strict=True)
                for address, other in pairs:
                    answer = person.ask(method, address, case, alice.ids)
                    asked += 1
                    where = f"{who}: {method} {path}"
                    if SECRET in answer.text or SECRET in str(answer.headers) or SOUND in answer.content:
                        crossings.append(f"{where} shows something of hers")
                    if alice.rows() != before:
                        crossings.append(f"{where} changes something of hers")
                        before = alice.rows()
                    if [file.data for file in files.get_files(hers.id, ["1"])] != [SOUND]:
                        crossings.append(f"{where} changes her upload")
                    if address != other:
                        there = said(answer, alice.ids)
                        if there != said(person.ask(method, other, case, none_of_hers), none_of_hers):
                            crossings.append(f"{where} tells that hers exists")
    assert crossings == []
    assert asked > 300


def reached_by_herself(served: TestClient, alice: Alice) -> int:
    """How many addresses show her what the others must not see: otherwise they would look for what is not there."""
    her_own, texts = Person(served, alice.cookie, alice.token), []
    for path, case in CASES.items():
        if case.hers is not None:
            for address in addresses(path, case, alice.ids):
                answer = her_own.ask("GET", address, case, alice.ids)
                assert answer.status_code == case.hers, address
                texts.append(answer.text)
    return sum(SECRET in text for text in texts)


def message_of(kind: str, ids: dict[str, str], operation: str = "") -> BackMsg:
    message = BackMsg()
    if BackMsg.DESCRIPTOR.fields_by_name[kind].message_type is None:
        setattr(message, kind, True)
        return message
    inner = getattr(message, kind)
    inner.SetInParent()
    if kind == WITH_PAYLOAD:
        inner.request_id, inner.session_id = "1", ids["tab"]
        inner = getattr(inner, operation)
        inner.SetInParent()
    for name, value in filled(MESSAGES[kind] if not operation else OPERATIONS[operation], ids).items():
        if isinstance(value, list):
            getattr(inner, name).extend(value)
        else:
            setattr(inner, name, value)
    if kind == "rerun_script":
        for widget in ids["widgets"].splitlines():
            inner.widget_states.widgets.add(id=widget, trigger_value=True)
    return message


def test_every_message_of_a_tab_has_a_case() -> None:
    request = BackMsg.DESCRIPTOR.fields_by_name[WITH_PAYLOAD].message_type
    assert set(BackMsg.DESCRIPTOR.fields_by_name) == set(MESSAGES)
    assert {one.name for one in request.oneofs_by_name["payload"].fields} == set(OPERATIONS)


def test_no_message_of_a_tab_reaches_another_person(served: TestClient, alice: Alice, hers: Tab) -> None:
    bob = new_bob(served)
    browser = Browser(served)
    browser.cookies.set("haru_session", bob.cookie, domain="localhost.local")
    before, files = alice.rows(), get_instance().uploaded_file_mgr
    assert len(alice.ids["widgets"].splitlines()) > 30
    messages = [message_of(kind, alice.ids) for kind in MESSAGES if kind not in ("rerun_script", WITH_PAYLOAD)]
    messages += [message_of(WITH_PAYLOAD, alice.ids, operation) for operation in OPERATIONS]
    with open_tab(served, browser) as his:
        his.run()
        for message in messages:
            answered = his.answered(message)
            assert not [text for text in answered if SECRET in text or "/media/" in text], message
            assert alice.rows() == before, message
        for page in ("days", "settings"):
            message = message_of("rerun_script", alice.ids)
            message.rerun_script.page_script_hash = his.pages[page]
            his.send(message)
            message.rerun_script.fragment_id = ""
            his.send(message)
            assert SECRET not in his.finish() + his.run(page), page
            assert alice.rows() == before, page
    with open_tab(served, browser, comes_back_to=hers.id) as his:
        assert SECRET not in his.run()
        assert his.id != hers.id
    assert [file.data for file in files.get_files(hers.id, ["1"])] == [SOUND]
    assert SECRET in hers.run("settings"), "her tab is as it was"
