"""The YouTube search with Google's own discovery document and a mocked connection, without a network."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import httplib2
import pytest
from googleapiclient.http import HttpMockSequence

from emotions import EMOTIONS
from language import LANGUAGES
from music import search_cache, youtube
from music.recommend import INTENTS, Wish
from music.search_cache import SearchCache
from music.track import GENRES
from music.youtube import Api

WISH = Wish("sadness", 3, "ease", frozenset({"classical"}))
KEY = "AIza-this-is-a-secret"


def video(name: str = "abcdefghijk", **changes: object) -> dict:
    status = {"privacyStatus": "public", "uploadStatus": "processed", "embeddable": True, "madeForKids": False}
    details = {"duration": "PT4M13S", "contentRating": {}}
    snippet = {"title": "Nocturne &amp; more", "channelTitle": "A pianist"}
    for part in (status, details, snippet):
        part.update({key: value for key, value in changes.items() if key in part})
    return {"id": name, "status": status, "contentDetails": details, "snippet": snippet}


def answers(*bodies: object, status: str = "200") -> HttpMockSequence:
    return HttpMockSequence(
        [({"status": status}, body if isinstance(body, str) else json.dumps(body)) for body in bodies]
    )


def found(*names: str) -> dict:
    return {"items": [{"id": {"kind": "youtube#video", "videoId": name}} for name in names]}


@pytest.fixture
def store(tmp_path: Path) -> SearchCache:
    return SearchCache(tmp_path / "youtube.db")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a test went to the network")

    monkeypatch.setattr(socket, "create_connection", refuse)


def test_a_search_brings_what_may_be_played(store: SearchCache) -> None:
    names = ["abcdefghijk", "notembedded", "for-kids-xx", "mix-of-hour", "ABCDEFGHIJK"]
    http = answers(
        found(*names),
        {
            "items": [
                video(names[0]),
                video(names[1], embeddable=False),
                video(names[2], madeForKids=True),
                video(names[3], duration="PT1H2M"),
                video(names[4], duration="PT59S"),
            ]
        },
    )
    brought = youtube.search(WISH, "ko", store, Api(KEY, http))
    assert brought.error is None
    assert [track.name for track in brought.tracks] == [names[0], names[4]]
    first = brought.tracks[0]
    assert (first.title_in("ko"), first.by_in("ko"), first.seconds) == ("Nocturne & more", "A pianist", 253)
    assert first.placed == "search words"
    search, check = (request[0] for request in http.request_sequence)
    assert "safeSearch=strict" in search
    assert "videoEmbeddable=true" in search
    assert "relevanceLanguage=ko" in search
    assert "/videos?" in check


def test_the_second_time_it_is_remembered(store: SearchCache) -> None:
    service = Api(KEY, answers(found("abcdefghijk"), {"items": [video()]}))
    first = youtube.search(WISH, "en", store, service)
    again = youtube.search(WISH, "en", store, Api(KEY, answers()))  # a mock that answers nothing any more
    assert again == first
    assert first.tracks


def test_what_is_remembered_is_forgotten_after_days(store: SearchCache) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    store.put("q", [{"id": "x"}], now)
    assert store.get("q", now + search_cache.KEEP_FOR - timedelta(hours=1)) == [{"id": "x"}]
    assert store.get("q", now + search_cache.KEEP_FOR + timedelta(hours=1)) is None


def test_the_quota_is_counted_for_googles_day_and_never_overdrawn(store: SearchCache, monkeypatch) -> None:
    monkeypatch.setattr(search_cache, "SEARCHES_A_DAY", 2)
    noon = datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert [store.use_search(noon) for _ in range(3)] == [True, True, False]
    assert not store.use_search(datetime(2026, 11, 21, 7, 59, tzinfo=UTC))  # still the 20th in California
    assert store.use_search(datetime(2026, 11, 21, 8, 1, tzinfo=UTC))


def test_before_the_quota_ends_nobody_is_asked(store: SearchCache, monkeypatch) -> None:
    monkeypatch.setattr(search_cache, "SEARCHES_A_DAY", 0)
    http = answers()
    assert youtube.search(WISH, "en", store, Api(KEY, http)).error == "quota"
    assert http.request_sequence == []


def test_without_a_key_nobody_is_asked_and_nothing_is_spent(store: SearchCache, monkeypatch) -> None:
    monkeypatch.delenv(youtube.KEY_VARIABLE, raising=False)
    monkeypatch.setattr(search_cache, "SEARCHES_A_DAY", 1)
    assert youtube.search(WISH, "en", store).error == "no_key"
    assert store.use_search()


def test_a_cache_that_cannot_be_opened_allows_no_search(tmp_path: Path) -> None:
    broken = SearchCache(tmp_path / "no such folder" / "youtube.db")
    assert youtube.search(WISH, "en", broken, Api(KEY, answers())).error == "quota"
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_bytes(b"this is no database" * 100)
    assert youtube.search(WISH, "en", SearchCache(rubbish), Api(KEY, answers())).error == "quota"


def google_error(status: int, reason: str) -> HttpMockSequence:
    content = {"error": {"code": status, "message": f"for {KEY}", "errors": [{"reason": reason}]}}
    return answers(content, status=str(status))


@pytest.mark.parametrize(
    ("http", "trouble"),
    [
        (google_error(400, "keyInvalid"), "wrong_key"),
        (google_error(400, "badRequest"), "wrong_key"),
        (google_error(403, "accessNotConfigured"), "wrong_key"),
        (google_error(403, "quotaExceeded"), "quota"),
        (google_error(403, "dailyLimitExceeded"), "quota"),
        (google_error(429, "rateLimitExceeded"), "quota"),
        (answers("<html>captive portal</html>", status="403"), "wrong_key"),
        (answers("busy", status="503"), "no_network"),
        (answers("[]", status="404"), "malformed"),
        (answers("<html>a hotel's welcome page</html>"), "malformed"),
        (answers(""), "malformed"),
        (answers("[1, 2]"), "malformed"),
        (answers("null"), "malformed"),
        (answers({"items": "many"}), "malformed"),
        (answers('{"items": [{"id"'), "malformed"),
    ],
)
def test_every_refusal_is_a_quiet_line(
    store: SearchCache, http: HttpMockSequence, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert youtube.search(WISH, "en", store, Api(KEY, http)) == youtube.SearchResult(error=trouble)
    assert KEY not in caplog.text


class Failing:
    """A connection that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def request(self, *_: object, **__: object) -> None:
        raise self.error

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (TimeoutError("timed out"), "time_out"),
        (socket.gaierror(-2, "Name or service not known"), "no_network"),
        (ConnectionRefusedError(), "no_network"),
        (httplib2.ServerNotFoundError("Unable to find the server"), "no_network"),
    ],
)
def test_every_broken_wire_is_a_quiet_line(store: SearchCache, error: Exception, trouble: str) -> None:
    assert youtube.search(WISH, "en", store, Api(KEY, Failing(error))).error == trouble


@pytest.mark.parametrize(
    "item", [None, 3, {}, {"id": "x"}, {"id": {"videoId": 3}}, {"id": {"videoId": "<script>alert"}}, {"id": {}}]
)
def test_a_strange_row_costs_that_row(store: SearchCache, item: object) -> None:
    http = answers({"items": [item, *found("abcdefghijk")["items"]]}, {"items": [video(), {"id": "abcdefghijk"}, 7]})
    assert [track.name for track in youtube.search(WISH, "en", store, Api(KEY, http)).tracks] == ["abcdefghijk"]


@pytest.mark.parametrize("trickles", [False, True])
def test_a_server_that_never_answers_is_said_within_four_seconds(store: SearchCache, trickles: bool) -> None:
    """Also one that sends a byte now and then, which no timeout of the connection would end."""
    over = threading.Event()

    def serve(silent: socket.socket) -> None:
        connection, _ = silent.accept()
        with connection:
            while not over.wait(0.2):
                if trickles:
                    connection.sendall(b"H")

    with socket.create_server(("127.0.0.1", 0)) as silent:
        serving = threading.Thread(target=serve, args=(silent,), daemon=True)
        serving.start()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"

        class Redirected(httplib2.Http):
            def request(self, uri: str, *arguments: object, **options: object):
                return super().request(address, *arguments, **options)

        began = time.monotonic()
        result = youtube.search(Wish("fear", 3, "ease"), "en", store, Api("a key", Redirected(timeout=60)))
        took = time.monotonic() - began
        over.set()
    assert result.error == "time_out"
    assert took < 4


def test_a_search_that_finds_nothing(store: SearchCache) -> None:
    assert youtube.search(WISH, "en", store, Api(KEY, answers({"items": []}))) == youtube.SearchResult()


def test_the_status_of_a_recording() -> None:
    cases = (
        ({}, "alive"),
        ({"embeddable": False}, "not embeddable"),
        ({"privacyStatus": "private"}, "not public"),
        ({"uploadStatus": "deleted"}, "not processed"),
        ({"madeForKids": True}, "made for kids"),
        ({"contentRating": {"ytRating": "ytAgeRestricted"}}, "age restricted"),
    )
    for changes, status in cases:
        api = Api(KEY, answers({"items": [video(**changes)]}))
        assert api.statuses(["abcdefghijk", "unknown-one"]) == {"abcdefghijk": status}


def test_many_ids_are_asked_about_fifty_at_a_time() -> None:
    http = answers({"items": [video()]}, {"items": []}, {"items": []})
    Api(KEY, http).statuses([f"id-{number:08d}" for number in range(120)])
    assert len(http.request_sequence) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_every_wish(language: str) -> None:
    for mood, intent, genre in product(EMOTIONS, INTENTS, GENRES):
        assert len(youtube.search_words(Wish(mood, 3, intent, frozenset({genre})), language)) > 5
    lift, ease = (youtube.search_words(Wish("sadness", 5, intent), "en") for intent in ("lift", "ease"))
    assert lift == ease


def test_how_long() -> None:
    cases = {"PT4M13S": 253, "PT1H": 3600, "PT7S": 7, "P0D": None, "PT": None, None: None, 5: None}
    assert {duration: youtube._seconds(duration) for duration in cases} == cases
