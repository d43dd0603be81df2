"""Against Google's own discovery document and their mock of the wire: no network."""

from __future__ import annotations

import json
import logging
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httplib2
import pytest
from googleapiclient.http import HttpMockSequence

from emotions import EMOTIONS
from language import LANGUAGES
from music import search_cache, youtube
from music.recommend import INTENTS, Wish
from music.search_cache import Ledger
from music.track import GENRES
from music.youtube import Service

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
def purse(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "youtube.db")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a test went to the network")

    monkeypatch.setattr(socket, "create_connection", refuse)


def test_a_search_brings_what_may_be_played(purse: Ledger) -> None:
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
    brought = youtube.find(WISH, "ko", purse, Service(KEY, http))
    assert brought.trouble is None
    assert [track.name for track in brought.tracks] == [names[0], names[4]]
    first = brought.tracks[0]
    assert (first.title_in("ko"), first.by_in("ko"), first.seconds) == ("Nocturne & more", "A pianist", 253)
    assert first.placed == "search words"
    search, check = (request[0] for request in http.request_sequence)
    assert "safeSearch=strict" in search
    assert "videoEmbeddable=true" in search
    assert "relevanceLanguage=ko" in search
    assert "/videos?" in check


def test_the_second_time_it_is_remembered(purse: Ledger) -> None:
    service = Service(KEY, answers(found("abcdefghijk"), {"items": [video()]}))
    first = youtube.find(WISH, "en", purse, service)
    again = youtube.find(WISH, "en", purse, Service(KEY, answers()))  # a mock that answers nothing any more
    assert again == first
    assert first.tracks


def test_what_is_remembered_is_forgotten_after_days(purse: Ledger) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    purse.remember("q", [{"id": "x"}], now)
    assert purse.remembered("q", now + search_cache.KEPT_FOR - timedelta(hours=1)) == [{"id": "x"}]
    assert purse.remembered("q", now + search_cache.KEPT_FOR + timedelta(hours=1)) is None


def test_the_quota_is_counted_for_googles_day_and_never_overdrawn(purse: Ledger, monkeypatch) -> None:
    monkeypatch.setattr(search_cache, "SEARCHES_A_DAY", 2)
    noon = datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert [purse.spend(noon) for _ in range(3)] == [True, True, False]
    assert not purse.spend(datetime(2026, 11, 21, 7, 59, tzinfo=UTC))  # still the 20th in California
    assert purse.spend(datetime(2026, 11, 21, 8, 1, tzinfo=UTC))


def test_before_the_quota_ends_nobody_is_asked(purse: Ledger, monkeypatch) -> None:
    monkeypatch.setattr(search_cache, "SEARCHES_A_DAY", 0)
    http = answers()
    assert youtube.find(WISH, "en", purse, Service(KEY, http)).trouble == "quota"
    assert http.request_sequence == []


def test_without_a_key_nobody_is_asked_and_nothing_is_spent(purse: Ledger, monkeypatch) -> None:
    monkeypatch.delenv(youtube.KEY_VARIABLE, raising=False)
    monkeypatch.setattr(search_cache, "SEARCHES_A_DAY", 1)
    assert youtube.find(WISH, "en", purse).trouble == "no_key"
    assert purse.spend()


def test_a_purse_that_cannot_be_opened_is_empty(tmp_path: Path) -> None:
    broken = Ledger(tmp_path / "no such folder" / "youtube.db")
    assert youtube.find(WISH, "en", broken, Service(KEY, answers())).trouble == "quota"
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_bytes(b"this is no database" * 100)
    assert youtube.find(WISH, "en", Ledger(rubbish), Service(KEY, answers())).trouble == "quota"


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
    purse: Ledger, http: HttpMockSequence, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert youtube.find(WISH, "en", purse, Service(KEY, http)) == youtube.Found(trouble=trouble)
    assert KEY not in caplog.text


class Failing:
    """A wire that breaks."""

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
def test_every_broken_wire_is_a_quiet_line(purse: Ledger, error: Exception, trouble: str) -> None:
    assert youtube.find(WISH, "en", purse, Service(KEY, Failing(error))).trouble == trouble


@pytest.mark.parametrize(
    "item", [None, 3, {}, {"id": "x"}, {"id": {"videoId": 3}}, {"id": {"videoId": "<script>alert"}}, {"id": {}}]
)
def test_a_strange_row_costs_that_row(purse: Ledger, item: object) -> None:
    http = answers({"items": [item, *found("abcdefghijk")["items"]]}, {"items": [video(), {"id": "abcdefghijk"}, 7]})
    assert [track.name for track in youtube.find(WISH, "en", purse, Service(KEY, http)).tracks] == ["abcdefghijk"]


def test_a_search_that_finds_nothing(purse: Ledger) -> None:
    assert youtube.find(WISH, "en", purse, Service(KEY, answers({"items": []}))) == youtube.Found()


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, "alive"),
        ({"embeddable": False}, "not embeddable"),
        ({"privacyStatus": "private"}, "not public"),
        ({"uploadStatus": "deleted"}, "not processed"),
        ({"madeForKids": True}, "made for kids"),
        ({"contentRating": {"ytRating": "ytAgeRestricted"}}, "age restricted"),
    ],
)
def test_how_a_recording_stands(changes: dict, standing: str) -> None:
    http = answers({"items": [video(**changes)]})
    assert Service(KEY, http).standing(["abcdefghijk", "unknown-one"]) == {"abcdefghijk": standing}


def test_many_ids_are_asked_about_fifty_at_a_time() -> None:
    http = answers({"items": [video()]}, {"items": []}, {"items": []})
    Service(KEY, http).standing([f"id-{number:08d}" for number in range(120)])
    assert len(http.request_sequence) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_every_wish(language: str) -> None:
    for mood in EMOTIONS:
        for intent in INTENTS:
            for genre in GENRES:
                said = youtube.words(Wish(mood, 3, intent, frozenset({genre})), language)
                assert len(said) > 5
    assert youtube.words(Wish("sadness", 5, "lift"), "en") == youtube.words(Wish("sadness", 5, "ease"), "en")


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("PT4M13S", 253), ("PT1H", 3600), ("PT7S", 7), ("P0D", None), ("PT", None), (None, None), (5, None)],
)
def test_how_long(duration: object, seconds: int | None) -> None:
    assert youtube._seconds(duration) == seconds
