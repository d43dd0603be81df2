"""Asking YouTube: a search for a mood, a taste and a language, and whether a recording may be played here.

Only ever after somebody asked for it. Every failure is a `NoAnswer` with a code that the page has one honest line for;
the catalogue is there in any case. What is sent holds a mood's usual words and a genre, nothing that anyone wrote.
"""

from __future__ import annotations

import html
import json
import logging
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleError
from googleapiclient.errors import HttpError

from music.recommend import Wish, path
from music.search_cache import Ledger
from music.track import Track

log = logging.getLogger("haru.youtube")

KEY_VARIABLE = "HARU_YOUTUBE_KEY"
FOUND_AT_MOST = 12
_TIMEOUT_SECONDS = 6
_MOST_SECONDS = 20 * 60
"""Hour-long mixes are no answer to a mood of now."""
_ID = re.compile(r"[\w-]{11}", re.ASCII)

_MOOD_WORDS = {
    "happiness": ("happy", "신나고 행복한"),
    "surprise": ("bright exciting", "설레는"),
    "neutral": ("calm everyday", "편안한 일상"),
    "fear": ("tense, reassuring", "불안할 때 듣는"),
    "disgust": ("moody", "답답할 때 듣는"),
    "anger": ("intense", "강렬한"),
    "sadness": ("sad comforting", "슬플 때 위로가 되는"),
}
_INTENT_WORDS = {"ease": ("calm relaxing", "잔잔하고 편안한"), "lift": ("uplifting hopeful", "기분 좋아지는")}
_GENRE_WORDS = {
    "classical": ("classical music", "클래식"),
    "pop": ("pop song", "팝송"),
    "rock": ("rock song", "록 음악"),
    "electronic": ("electronic music", "일렉트로닉 음악"),
    "film": ("film or game soundtrack", "영화 게임 음악"),
    "korean": ("korean song", "한국 노래"),
    "folk": ("folk song", "포크 음악"),
    "jazz": ("jazz", "재즈"),
}
_ANY_GENRE = ("music", "음악")


class NoAnswer(Exception):
    """YouTube could not be asked. `code` is no_key, wrong_key, quota, time_out, no_network or malformed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Found:
    """What a search brought, or why it brought nothing (`code` of a `NoAnswer`)."""

    tracks: tuple[Track, ...] = ()
    trouble: str | None = None


def find(wish: Wish, language: str, ledger: Ledger, service: Service | None = None) -> Found:
    """Recordings for a wish; from memory where the same was asked in the last days. Never raises."""
    question = words(wish, language)
    rows = ledger.remembered(f"{language}: {question}")
    if rows is None:
        try:
            service = service or Service(os.environ.get(KEY_VARIABLE, ""))
            if not ledger.spend():
                raise NoAnswer("quota")
            rows = service.search(question, language)
        except NoAnswer as error:
            log.warning("a search at YouTube brought nothing: %s", error.code)
            return Found(trouble=error.code)
        ledger.remember(f"{language}: {question}", rows)
    return Found(tracks=tuple(_track(row, wish) for row in rows))


def words(wish: Wish, language: str) -> str:
    """What is typed into the search, in the person's language: a feeling and a genre."""
    place = 1 if language == "ko" else 0
    # No excitement on the darkest days: the words for them say comfort (music/recommend.py, `is_dark`).
    feeling = _INTENT_WORDS["ease"] if wish.is_dark and wish.intent == "lift" else _INTENT_WORDS.get(wish.intent)
    feeling = feeling or _MOOD_WORDS[wish.mood]
    genres = [_GENRE_WORDS[genre][place] for genre in sorted(wish.genres) if genre in _GENRE_WORDS]
    return " ".join([feeling[place], *(genres or [_ANY_GENRE[place]])])


def _track(row: Mapping, wish: Wish) -> Track:
    wanted = path(wish)[-1]
    return Track(
        id=f"youtube:{row['id']}",
        title={"en": row["title"]},
        by={"en": row["channel"]},
        work=row["id"],
        genre=next(iter(sorted(wish.genres)), "other"),
        valence=wanted[0],
        arousal=wanted[1],
        seconds=row["seconds"],
        placed="search words",
        evidence="answered",
    )


class Service:
    """The two calls of the YouTube Data API that Haru makes."""

    def __init__(self, key: str, http: object | None = None) -> None:
        if not key:
            raise NoAnswer("no_key")
        # The discovery document lies in the package: nothing is fetched before the call itself.
        self._youtube = build(
            "youtube",
            "v3",
            developerKey=key,
            http=http or httplib2.Http(timeout=_TIMEOUT_SECONDS),
            static_discovery=True,
            cache_discovery=False,
        )

    def search(self, question: str, language: str) -> list[dict]:
        """Playable recordings, as plain rows: id, title, channel, seconds."""
        answer = _ask(
            self._youtube.search().list(
                part="id",
                q=question,
                type="video",
                videoCategoryId="10",
                videoEmbeddable="true",
                videoSyndicated="true",
                safeSearch="strict",
                relevanceLanguage=language,
                maxResults=25,
            )
        )
        ids = []
        for item in _items(answer):
            about = item.get("id")
            name = about.get("videoId") if isinstance(about, dict) else None
            if isinstance(name, str) and _ID.fullmatch(name) and name not in ids:
                ids.append(name)
        playable = [_row(video) for video in self._videos(ids) if _standing(video) == "alive"]
        return [row for row in playable if row and row["seconds"] <= _MOST_SECONDS][:FOUND_AT_MOST]

    def standing(self, ids: Sequence[str]) -> dict[str, str]:
        """`alive` for each id that may be played in a page, else why not; ids that YouTube does not know are absent."""
        return {video["id"]: _standing(video) for video in self._videos(ids) if isinstance(video.get("id"), str)}

    def _videos(self, ids: Sequence[str]) -> list[dict]:
        videos = []
        for start in range(0, len(ids), 50):
            part = "status,contentDetails,snippet"
            answer = _ask(self._youtube.videos().list(part=part, id=",".join(ids[start : start + 50]), maxResults=50))
            videos += _items(answer)
        return videos


def _ask(request) -> dict:
    """One call; whatever goes wrong becomes a `NoAnswer`. The request's address holds the key: it is never logged."""
    try:
        answer = request.execute(num_retries=0)
    except HttpError as error:
        raise NoAnswer(_why(error)) from None
    except TimeoutError:
        raise NoAnswer("time_out") from None
    except (OSError, httplib2.HttpLib2Error):
        raise NoAnswer("no_network") from None
    except (GoogleError, ValueError, KeyError, TypeError, AttributeError):
        raise NoAnswer("malformed") from None
    if not isinstance(answer, dict):
        raise NoAnswer("malformed")
    return answer


def _why(error: HttpError) -> str:
    try:
        told = json.loads(error.content)["error"]
        reasons = {str(each.get("reason")) for each in told.get("errors", [])} | {str(told.get("status"))}
        reasons |= {str(each.get("reason")) for each in told.get("details", []) if isinstance(each, dict)}
    except (ValueError, KeyError, TypeError, AttributeError):
        reasons = set()
    if reasons & {"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "RESOURCE_EXHAUSTED"}:
        return "quota"
    status = int(error.resp.status)
    if status in (400, 401, 403):
        return "wrong_key"
    return "quota" if status == 429 else "no_network" if status >= 500 else "malformed"


def _items(answer: dict) -> list[dict]:
    items = answer.get("items", [])
    if not isinstance(items, list):
        raise NoAnswer("malformed")
    return [item for item in items if isinstance(item, dict)]


def _standing(video: dict) -> str:
    """Whether this may be played in a page for grown-ups anywhere; else the first reason why not."""
    status, details = video.get("status"), video.get("contentDetails")
    if not isinstance(status, dict) or not isinstance(details, dict):
        return "malformed"
    rating = details.get("contentRating")
    if status.get("privacyStatus") != "public":
        return "not public"
    if status.get("uploadStatus") != "processed":
        return "not processed"
    if status.get("embeddable") is not True:
        return "not embeddable"
    if status.get("madeForKids") is True:
        return "made for kids"
    if isinstance(rating, dict) and rating.get("ytRating") == "ytAgeRestricted":
        return "age restricted"
    return "alive"


def _row(video: dict) -> dict | None:
    snippet, details = video.get("snippet"), video.get("contentDetails")
    if not isinstance(snippet, dict) or not isinstance(details, dict) or not _ID.fullmatch(str(video.get("id"))):
        return None
    title, seconds = snippet.get("title"), _seconds(details.get("duration"))
    if not isinstance(title, str) or not title.strip() or seconds is None:
        return None
    channel = snippet.get("channelTitle")
    channel = channel if isinstance(channel, str) else ""
    return {
        "id": video["id"],
        "title": html.unescape(title)[:200],
        "channel": html.unescape(channel)[:100],
        "seconds": seconds,
    }


def _seconds(duration: object) -> int | None:
    """ISO 8601, as YouTube writes it: PT4M13S. A live broadcast is P0D and has no length."""
    told = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", duration) if isinstance(duration, str) else None
    if told is None or not any(told.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in told.groups())
    return hours * 3600 + minutes * 60 + seconds
