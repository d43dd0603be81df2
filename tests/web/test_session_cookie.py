"""Under HTTPS at the root, the session's cookie has a name that only this host itself can set."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from diary import database, sessions
from tests.web.conftest import SIGN_UP, Browser, form_token
from web.session_cookie import OF_HOST

HTTPS = "https://localhost"


def set_by(answer) -> dict[str, str]:
    """The cookies that an answer sets, by their names."""
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


@pytest.fixture
def signed_up(served: TestClient, browser: Browser) -> str:
    """A session that began under HTTPS."""
    answer = browser.post(
        f"{HTTPS}/account/sign-up", SIGN_UP, token=form_token(browser.get(f"{HTTPS}/account/sign-up").text)
    )
    set_ = set_by(answer)
    assert "haru_session" not in set_
    parts = {part.strip().lower() for part in set_[OF_HOST].split(";")[1:]}
    assert {"secure", "path=/", "httponly", "samesite=lax"} <= parts
    assert not any(part.startswith("domain") for part in parts)
    served.cookies.clear()
    browser.cookies.clear()
    return set_[OF_HOST].split(";")[0].partition("=")[2]


@pytest.fixture
def is_signed_in(served: TestClient) -> Callable[..., bool]:
    def ask(cookie: str, address: str = HTTPS) -> bool:
        answer = served.get(f"{address}/", headers={"cookie": cookie}, follow_redirects=False)
        served.cookies.clear()
        assert answer.status_code in (200, 303)
        return answer.status_code == 200

    return ask


def test_the_session_is_read_by_this_name(signed_up: str, is_signed_in: Callable[..., bool]) -> None:
    assert is_signed_in(f"{OF_HOST}={signed_up}")
    assert is_signed_in(f"a=1; haru_session=chosen; {OF_HOST}={signed_up}; haru_session=chosen")


def test_a_session_that_another_host_name_put_there_is_not_taken(
    signed_up: str, is_signed_in: Callable[..., bool]
) -> None:
    assert not is_signed_in(f"haru_session={signed_up}")


def test_whoever_was_signed_in_by_the_old_name_stays_signed_in(
    served: TestClient, signed_up: str, is_signed_in: Callable[..., bool]
) -> None:
    with database.transaction() as db:
        db.execute("update sessions set has_plain_cookie = 1")  # as the update of the database does
    old = {"cookie": f"haru_session={signed_up}"}
    answer = served.get(f"{HTTPS}/", headers=old)
    assert answer.status_code == 200
    set_ = set_by(answer)
    assert set_[OF_HOST].startswith(f"{OF_HOST}={signed_up};")
    assert "max-age=0" in set_["haru_session"].lower(), "the old one goes"
    served.cookies.clear()
    uploads = served.get(f"{HTTPS}/_stcore/host-config", headers=old)
    assert uploads.status_code == 200
    assert not set_by(uploads), "only pages move it"
    served.cookies.clear()
    assert is_signed_in(f"{OF_HOST}={signed_up}")


def test_signing_out_forgets_both(served: TestClient, signed_up: str, is_signed_in: Callable[..., bool]) -> None:
    both = f"{OF_HOST}={signed_up}; haru_session=older"
    page = served.get(f"{HTTPS}/account/sign-out", headers={"cookie": both})
    form = set_by(page)["__Host-haru_form"].split(";")[0]
    served.cookies.clear()
    answer = served.post(
        f"{HTTPS}/account/sign-out",
        data={"form_token": form_token(page.text)},
        headers={"cookie": f"{both}; {form}"},
        follow_redirects=False,
    )
    gone = set_by(answer)
    assert answer.headers["location"].endswith("left=yes")
    assert all(
        "max-age=0" in gone[name].lower() and "secure" in gone[name].lower() for name in (OF_HOST, "haru_session")
    )
    served.cookies.clear()
    assert not is_signed_in(f"{OF_HOST}={signed_up}")


def test_a_tab_opens_by_this_name(served: TestClient, signed_up: str) -> None:
    # A proxy may forget to say that a websocket came with HTTPS.
    for address in ("wss://localhost", "ws://localhost"):
        headers = {"cookie": f"{OF_HOST}={signed_up}", "host": "localhost", "origin": "http://localhost"}
        with served.websocket_connect(f"{address}/_stcore/stream", headers=headers, subprotocols=["streamlit"]):
            pass
    headers |= {"cookie": f"haru_session={signed_up}"}
    with (
        pytest.raises(WebSocketDisconnect),
        served.websocket_connect("wss://localhost/_stcore/stream", headers=headers, subprotocols=["streamlit"]),
    ):
        pass


def test_without_https_the_plain_name_stays(served: TestClient, browser: Browser) -> None:
    assert "haru_session" in set_by(browser.sign_up())
    assert browser.get("/").status_code == 200


def test_a_new_session_has_no_plain_cookie(signed_up: str) -> None:
    assert not sessions.has_plain_cookie(signed_up)
    assert not sessions.has_plain_cookie("unknown")
