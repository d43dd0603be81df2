"""Searches YouTube for a mood, genres and a language, and checks whether a recording may be embedded.

The page searches only when a person presses its button. Every failure is a `YouTubeError` with a code that the page has
a sentence for. A search sends words for a mood and a genre, and nothing that a person wrote.
"""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread

import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleError
from googleapiclient.errors import HttpError

import settings
from music.recommend import Wish, path
from music.search_cache import SearchCache
from music.track import Track

log = logging.getLogger("haru.youtube")

KEY_VARIABLE = settings.YOUTUBE_KEY.name
MAX_RESULTS = 12
_TIMEOUT_SECONDS = 3.5
"""For a whole search, so that the person gets an answer within four seconds, and for each of its calls."""
_MAX_SECONDS = 20 * 60
"""Hour-long mixes do not fit a playlist of six."""
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


class YouTubeError(Exception):
    """YouTube gave no usable answer. `code` is no_key, wrong_key, quota, time_out, no_network or malformed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class SearchResult:
    """The tracks of a search, or the code of its `YouTubeError`."""

    tracks: tuple[Track, ...] = ()
    error: str | None = None


def search(wish: Wish, language: str, cache: SearchCache, api: Api | None = None) -> SearchResult:
    """Recordings for a wish, from the cache if the same search was made in the last days. Never raises."""
    question = search_words(wish, language)
    rows = cache.get(f"{language}: {question}")
    if rows is None:
        try:
            api = api or Api(settings.YOUTUBE_KEY.get())
            if not cache.use_search():
                raise YouTubeError("quota")
            rows = _within(_TIMEOUT_SECONDS, lambda: api.search(question, language))
        except YouTubeError as error:
            log.warning("a search at YouTube failed: %s", error.code)
            return SearchResult(error=error.code)
        cache.put(f"{language}: {question}", rows)
    return SearchResult(tracks=tuple(_track(row, wish) for row in rows))


def _within(seconds: float, act: Callable[[], list[dict]]) -> list[dict]:
    """Runs it in a thread: a server that sends a byte now and then would outlast every timeout of the connection."""
    answers: Queue[list[dict] | BaseException] = Queue()

    def run() -> None:
        try:
            answers.put(act())
        except BaseException as error:
            answers.put(error)

    Thread(target=run, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise YouTubeError("time_out") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def search_words(wish: Wish, language: str) -> str:
    """The search text in the person's language: a feeling and genres."""
    place = 1 if language == "ko" else 0
    # Comfort instead of excitement on the darkest days (music/recommend.py, `is_dark`).
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


class Api:
    """The two calls of the YouTube Data API that Haru makes."""

    def __init__(self, key: str, http: object | None = None) -> None:
        if not key:
            raise YouTubeError("no_key")
        # The discovery document is part of the package: this fetches nothing.
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
        playable = [_row(video) for video in self._videos(ids) if _status(video) == "alive"]
        return [row for row in playable if row and row["seconds"] <= _MAX_SECONDS][:MAX_RESULTS]

    def statuses(self, ids: Sequence[str]) -> dict[str, str]:
        """`alive` for each id that may be embedded, else the reason; ids that YouTube does not know are absent."""
        return {video["id"]: _status(video) for video in self._videos(ids) if isinstance(video.get("id"), str)}

    def _videos(self, ids: Sequence[str]) -> list[dict]:
        videos = []
        for start in range(0, len(ids), 50):
            part = "status,contentDetails,snippet"
            answer = _ask(self._youtube.videos().list(part=part, id=",".join(ids[start : start + 50]), maxResults=50))
            videos += _items(answer)
        return videos


def _ask(request) -> dict:
    """Makes one call; every failure becomes a `YouTubeError`. The request's URL holds the key and is never logged."""
    try:
        answer = request.execute(num_retries=0)
    except HttpError as error:
        raise YouTubeError(_error_code(error)) from None
    except TimeoutError:
        raise YouTubeError("time_out") from None
    except (OSError, httplib2.HttpLib2Error):
        raise YouTubeError("no_network") from None
    except (GoogleError, ValueError, KeyError, TypeError, AttributeError):
        raise YouTubeError("malformed") from None
    if not isinstance(answer, dict):
        raise YouTubeError("malformed")
    return answer


def _error_code(error: HttpError) -> str:
    try:
        details = json.loads(error.content)["error"]
        reasons = {str(each.get("reason")) for each in details.get("errors", [])} | {str(details.get("status"))}
        reasons |= {str(each.get("reason")) for each in details.get("details", []) if isinstance(each, dict)}
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
        raise YouTubeError("malformed")
    return [item for item in items if isinstance(item, dict)]


def _status(video: dict) -> str:
    """`alive` if a page for adults may embed it anywhere, else the first reason against it."""
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
    """Parses YouTube's ISO 8601: PT4M13S. A live broadcast is P0D and has no length."""
    match = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", duration) if isinstance(duration, str) else None
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
