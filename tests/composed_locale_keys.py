"""The locale keys that code composes, with the values that it may fill in."""

from __future__ import annotations

from components.data import push_switch
from components.demo.route import ROUTE
from components.entry import camera, parts
from components.models import comparison
from components.music.wish import GENRES as CHOSEN_GENRES
from components.settings.trackers import SUGGESTED
from components.today.tour import CARDS
from components.widget_words import FAILURES, PATTERNS, WORDS
from demo.moments import MOMENTS
from diary import api_tokens, help_lines, idle, trusted
from diary.entries import INTENSITIES
from diary.report.spans import KINDS as SPANS
from diary.trackers import KINDS
from emotions import EMOTIONS
from fer.explain import REGIONS
from language import LANGUAGES
from music.place import EIGHT, UNDECIDED
from music.recommend import INTENTS, STRENGTHS
from music.track import GENRES
from ser.describe import MEASURES
from web.cookies import THEMES

SENSES = ("voice", "face", "words")
NOT_WRITTEN_DOWN = ("failed", "no_words", "other_language")
"""Why a recording was not written down; what cannot be decoded has the sentences of the voice."""
SOURCES = (*SENSES, "hand", "fusion")
# The values in keys that code composes: each `{}` of an f-string in turn.
COMPOSED: dict[str, list[tuple[object, ...]]] = {
    pattern: [value if isinstance(value, tuple) else (value,) for value in values]
    for pattern, values in {
        "saved.{}": EMOTIONS,
        "import.{}": (
            *("already_here", "crowded", "left_out", "media", "media_damaged", "media_left_out", "mended", "music"),
            *("not_yet", "transcripts", "transcripts_damaged", "attachments_left_out", "photos_missing"),
            "late_photos",
        ),
        "import.is_{}": (
            *("apple_health", "apple_journal", "day_one", "daylio", "daylio_backup", "haru", "health_connect"),
            *("journey", "pixels", "values"),
        ),
        "import.health_{}": ("sleep", "state_of_mind", "steps", "workouts"),
        "import.tracker_{}": ("not_yet", "other_kind", "repeated", "too_many", "values_here"),
        "import.mood_{}": ("journey", "named", "pixels"),
        "api.needs_{}": (*("day", "month", "mood", "number", "text", "texts", "time", "whole_number", "zone"),),
        "attached.{}": ("face", "voice"),
        "attached.remove_{}": ("face", "voice"),
        "calendar.rule_{}": ("latest", "strongest"),
        "camera.{}": camera.SAYS,
        "capture.{}_off": ("face", "transcript", "voice"),
        "command.{}_help": ("keep", "month", "sign_in", "sign_out"),
        "consent.{}": ("diary", "face", "media", "transcript", "voice"),
        "consent.{}_means": ("diary", "face", "media", "transcript", "voice"),
        "csv.{}": ("intensity", "mood", "note", "source", "tags", "time", "timezone", "day", "feelings"),
        "draft.lost_{}": ("voice", "face", "photo"),
        "draft.lost_{}_named": ("voice", "face", "photo"),
        "csv.source_{}": SOURCES,
        "demo.step_{}": [step.name for step in ROUTE],
        "demo.step_{}_do": [step.name for step in ROUTE],
        "demo.step_{}_means": [step.name for step in ROUTE],
        "eight.{}": (*EIGHT, UNDECIDED),
        "entry.intensity_{}": INTENSITIES,
        "four.{}": ("anger", "joy", "neutral", "sadness"),
        "genre.{}": [genre for genre in {*GENRES, *CHOSEN_GENRES} if genre != "other"],
        "help.{}": [line.key for line in help_lines.nearest_first("ko")],
        "highlight.day_{}": EMOTIONS,
        "highlight.days_{}": EMOTIONS,
        "history.beside_{}": ("before", "year_before"),
        "history.period_{}": ("all", "month", "own", "quarter", "year"),
        "history.section_{}": ("compare", "feelings", "models", "rhythm", "tags", "time", "trackers"),
        "history.source_{}": SOURCES,
        "media.{}": ("picture", "sound"),
        "media.{}_damaged": ("picture", "sound"),
        "media.{}_deleted": ("picture", "sound"),
        "live.{}": (
            *("device_access_denied", "device_ask_permission", "device_not_available", "media_api_not_available"),
            *("select_camera", "select_device", "select_microphone", "several_faces", "start", "stop"),
        ),
        "live.sure_{}": ("fairly", "not", "quite"),
        "part.{}": list(parts.ICONS),
        "widget.{}": (*WORDS.values(), *FAILURES.values(), *PATTERNS.values()),
        "today.kept_{}": (1, 2, 3),
        "models.{}": (
            *(*SENSES, "music", "transcript", "accuracy", "data", "human", "licence", "limits", "not_for", "uar"),
            "version",
        ),
        "models.condition_{}": ("clean", "distance", "noise", "telephone"),
        "models.spoken_{}": ("cremad", "korean", "ravdess"),
        "models.wrong_{}": ("characters", "words"),
        "models.{}_human": (*SENSES, "music"),
        "models.{}_what": (*SENSES, "music"),
        "models.{}_{}": [(model, fact) for model in (*SENSES, "music") for fact in ("data", "licence", "not_for")],
        "models.beside_{}": (*(name for sets in comparison.SETS.values() for name in sets), *comparison.SETS),
        "models.beside_person_{}": comparison.SETS,
        "models.set_{}": (
            *(
                "artists_never_heard",
                "comments_en",
                "comments_ko",
                "corpora_never_heard",
                "diary_lines",
                "first_person",
                "writers_never_read",
            ),
            *("ferplus_clear", "ferplus_test", "left_out_clips", "left_out_faces", "left_out_people"),
        ),
        "music.{}": (*INTENTS, "better", "same", "worse"),
        "music.{}_means": INTENTS,
        "music.no_{}": ("local", "youtube"),
        "music.room_{}": ("credits", "listen", "own"),
        "music.source_{}": ("local", "youtube"),
        "music.strength_{}": STRENGTHS,
        "own.{}": ("amplitude", "brightness", "dynamics", "noise", "onset_rate", "tempo"),
        "player.{}": ("back", "bar", "close", "pause", "play", "position", "silent"),
        "reminder.push_{}": push_switch.SAYS,
        "report.as_{}": ("pdf", "png"),
        "report.kind_{}": SPANS,
        "report.link_{}": SPANS,
        "report.show_{}": ("counts", "moods", "name", "tags", "trackers"),
        "report.span_{}": SPANS,
        "report.take_{}": ("pdf", "png"),
        "report.{}_rule": ("months", "years"),
        "sample.{}": ("face", "voice"),
        "sample.{}_means": ("face", "voice"),
        "settings.days_mood_{}": ("latest", "strongest"),
        "settings.spoken_{}": ("detected", *LANGUAGES),
        "trusted.shows_{}": trusted.SHOWS,
        "trusted.offers_{}": trusted.SHOWS,
        "lock.after_{}": idle.MINUTES,
        "settings.theme_{}": (*THEMES, "system"),
        "source.{}": SENSES,
        "export.left_out_{}": ("entries", "media", "readings", "tracker_values", "trackers", "transcripts"),
        "token.can_{}": api_tokens.SCOPES,
        "token.can_{}_means": api_tokens.SCOPES,
        "token.scope_{}": api_tokens.SCOPES,
        "tour.{}": CARDS,
        "tour.{}_means": CARDS,
        "tracker.kind_{}": KINDS,
        "tracker.kind_{}_means": KINDS,
        "tracker.suggest_{}": SUGGESTED,
        "transcript.{}": NOT_WRITTEN_DOWN,
        "verdict.{}": SENSES,
        "verdict.by_{}": (*SENSES, "voice_face", "voice_words", "face_words", "voice_face_words"),
        "moment.{}": [moment.name for moment in MOMENTS],
        "moment.{}_means": [moment.name for moment in MOMENTS],
        "saved.of_{}": ("voice", "face", "voice_face"),
        "tile.face_{}": REGIONS,
        "why.{}_{}": [(measure, side) for measure in MEASURES for side in ("above", "below")],
        "why.{}_differs": SENSES,
        "why_music.goal_{}": ("ease", "lift", "warmth"),
        "why_music.way_{}": ("ease", "lift", "warmth"),
        "youtube.{}": (
            "contact",
            "elsewhere",
            "malformed",
            "no_network",
            "play",
            "quota",
            "silent",
            "time_out",
            "trouble",
            "wrong_key",
        ),
    }.items()
}
ERRORS_AND_REFUSALS = {"error.{}", "refusal.{}", "refusal.music_{}"}
"""Composed from codes: tests/test_language.py reads them from the code that raises them."""
