from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from diary import consents, own_tracks, sessions
from music import catalogue
from tests.diary.test_own_tracks import SOUND, song
from web import audio, cookies
from web.auth import AuthMiddleware
from web.headers import SecurityHeadersMiddleware


@pytest.fixture
def token(sign_up) -> str:
    return sign_up(allowed=["diary", "media"])


@pytest.fixture
def browser(token: str) -> TestClient:
    app = Starlette(routes=audio.routes, middleware=[Middleware(SecurityHeadersMiddleware), Middleware(AuthMiddleware)])
    return TestClient(app, base_url="http://localhost:8501", cookies={cookies.SESSION: token}, follow_redirects=False)


@pytest.fixture
def own_id(token: str) -> str:
    return own_tracks.add(sessions.find(token), song(mime="audio/ogg"), SOUND)


def test_ones_own_track_is_opened_for_its_owner(browser: TestClient, own_id: str) -> None:
    answer = browser.get(f"{audio.OWN}/{own_id}")
    assert answer.content == SOUND
    assert answer.headers["content-type"] == "audio/ogg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_nobody_else_hears_it(browser: TestClient, own_id: str, sign_up) -> None:
    browser.cookies = {cookies.SESSION: sign_up("Somebody else", allowed=["diary", "media"])}
    assert browser.get(f"{audio.OWN}/{own_id}").status_code == 404
    browser.cookies = {}
    assert browser.get(f"{audio.OWN}/{own_id}").status_code == 401


@pytest.mark.parametrize("name", ["0" * 32, "..", "%2e%2e%2fharu.db", "x", "0" * 31 + "g"])
def test_there_is_nothing_else_there(browser: TestClient, name: str) -> None:
    assert browser.get(f"{audio.OWN}/{name}").status_code == 404


def test_without_the_switch_the_sound_is_gone(browser: TestClient, token: str, own_id: str) -> None:
    consents.set_given(sessions.find(token), "media", False)
    assert browser.get(f"{audio.OWN}/{own_id}").status_code == 404


def test_harus_own_tracks_are_for_those_who_are_in(browser: TestClient) -> None:
    files = [track.name for track in catalogue.load().of_kind("local")]
    if not files:
        pytest.skip("the tracks that come with Haru are not rendered in this checkout")
    address, content = f"{audio.LOCAL}/{files[0]}", (catalogue.LOCAL_FOLDER / files[0]).read_bytes()
    assert browser.get(address).content == content
    part = browser.get(address, headers={"Range": "bytes=0-3"})  # seeking in the player
    assert (part.status_code, part.content) == (206, content[:4])
    browser.cookies = {}
    assert browser.get(address).status_code == 401


def test_only_youtubes_frame_without_cookies_may_be_shown(browser: TestClient) -> None:
    page = browser.get("/no-such-page").headers
    assert "frame-src 'self' https://www.youtube-nocookie.com;" in page["content-security-policy"]
    assert page["referrer-policy"] == "strict-origin-when-cross-origin"


def test_a_track_opened_by_its_address_runs_nothing(browser: TestClient, own_id: str) -> None:
    assert browser.get(f"{audio.OWN}/{own_id}").headers["content-security-policy"].startswith("sandbox; default-src")


def test_what_is_no_sound_is_never_declared_as_something_that_runs(browser: TestClient, token: str) -> None:
    own_id = own_tracks.add(sessions.find(token), song("page", mime="text/html"), b"<script>")
    assert browser.get(f"{audio.OWN}/{own_id}").headers["content-type"] == "application/octet-stream"
