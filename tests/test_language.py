"""Both locale catalogues hold the same keys, and no page shows text from outside them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from components.data import push_switch
from components.demo.route import ROUTE
from components.entry import camera, parts
from components.models import comparison
from components.music.wish import GENRES as CHOSEN_GENRES
from components.settings.trackers import SUGGESTED
from components.today.tour import CARDS
from components.widget_words import FAILURES, PATTERNS, WORDS
from demo.moments import MOMENTS
from diary import api_tokens, errors, help_lines, idle, trusted
from diary.entries import INTENSITIES
from diary.report.spans import KINDS as SPANS
from diary.trackers import KINDS
from emotions import EMOTIONS
from fer.explain import REGIONS
from language import LANGUAGES, catalogue, preferred, say
from music.place import EIGHT, UNDECIDED
from music.recommend import INTENTS, STRENGTHS
from music.track import GENRES
from ser.describe import MEASURES
from web.cookies import THEMES

PROJECT = Path(__file__).parent.parent
PAGES = sorted([*(PROJECT / "pages").glob("*.py"), *(PROJECT / "components").rglob("*.py"), PROJECT / "ui.py"])
# Arguments that Streamlit never shows.
UNSEEN = {
    "default",
    "file_name",
    "filter_mode",
    "format",
    "gap",
    "height",
    "horizontal_alignment",
    "icon",
    "icon_position",
    "key",
    "label_visibility",
    "layout",
    "mime",
    "on_change",
    "on_click",
    "on_select",
    "page",
    "position",
    "selection_mode",
    "text_alignment",
    "type",
    "url_path",
    "vertical_alignment",
    "width",
}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_catalogues_have_the_same_keys() -> None:
    assert catalogue("ko").keys() == catalogue("en").keys()


# A date reads "11월 20일" in one language and "20 November" in the other.
DATES = {
    "days.month",
    "days.day",
    "days.month_day",
    "days.short",
    "days.short_month",
    "days.short_month_day",
    "days.time",
    "report.date",
}


def test_both_sentences_of_a_key_have_text_and_the_same_placeholders() -> None:
    wrong = []
    for key in catalogue("en").keys() - DATES:
        ko, en = catalogue("ko")[key], catalogue("en")[key]
        if placeholders(ko) != placeholders(en):
            wrong.append(f"{key}: other placeholders")
        if not (ko.strip() and en.strip()):
            wrong.append(f"{key}: empty")
        if key.startswith("error.") and (not re.search("[가-힣]", ko) or re.search("[가-힣]", en)):
            wrong.append(f"{key}: not in its language")
    assert not wrong


def _kinds(base: type) -> set[type]:
    return {base}.union(*(_kinds(kind) for kind in base.__subclasses__()))


def test_every_error_has_its_sentence() -> None:
    missing = {kind.code for kind in _kinds(errors.DiaryError) if f"error.{kind.code}" not in catalogue("en")}
    assert not missing


def test_every_refusal_of_an_input_has_its_sentence() -> None:
    codes = set()
    for room in ("ser", "fer", "words"):
        for file in (PROJECT / room).glob("*.py"):
            text = file.read_text(encoding="utf-8")
            codes |= set(re.findall(r"""Refusal\(\s*["']([a-z_]+)["']""", text))
            codes |= set(re.findall(r"""^\s+\(["']([a-z_]+)["'], quality\.""", text, re.MULTILINE))
    assert len(codes) > 12
    # A file that cannot be opened is named by its kind (components/entry/verdict.py): "that picture", "that sound".
    missing = {code for code in codes - {"unreadable"} if f"refusal.{code}" not in catalogue("en")}
    assert not missing


def test_every_reason_not_to_write_a_recording_down_has_its_sentence() -> None:
    files = [*(PROJECT / "stt").glob("*.py"), PROJECT / "understanding" / "speech_to_text.py"]
    codes = {
        code
        for file in files
        for code in re.findall(r"""Refusal\(\s*["']([a-z_]+)["']""", file.read_text(encoding="utf-8"))
    }
    assert codes == {*NOT_WRITTEN_DOWN}
    assert [code for code in codes if f"transcript.{code}" not in catalogue("en")] == []


def test_every_key_that_is_asked_for_exists() -> None:
    asked = set()
    for file in [*PAGES, *(PROJECT / "web").glob("*.py")]:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_asking = isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("t", "_pick") and call.args
            if is_asking and isinstance(call.args[0], ast.Constant):
                asked.add(call.args[0].value)
    for template in (PROJECT / "web" / "html").glob("*.html"):
        asked |= set(re.findall(r"""\bt\(["']([a-z0-9_.]+)["'][),]""", template.read_text(encoding="utf-8")))
    assert len(asked) > 100
    assert asked <= catalogue("en").keys()


ROOMS = (
    "components",
    "demo",
    "diary",
    "fer",
    "inference",
    "music",
    "pages",
    "reminders",
    "ser",
    "understanding",
    "web",
    "words",
)
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
"""Composed from codes: the tests above and below read them from the code that raises them."""


def texts_in_code() -> tuple[set[str], set[str]]:
    """Every string in the code, and every f-string with `{}` in the place of its values."""
    plain, composed = set(), set()
    for file in [*(file for room in ROOMS for file in (PROJECT / room).rglob("*.py")), *PROJECT.glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                composed.add(
                    "".join(
                        str(getattr(part, "value", "")) if isinstance(part, ast.Constant) else "{}"
                        for part in node.values
                    )
                )
    for template in (PROJECT / "web" / "html").glob("*.html"):
        plain |= set(re.findall(r"""["']([a-z_]+\.[a-z0-9_]+)["']""", template.read_text(encoding="utf-8")))
    return plain, composed


def refusal_keys() -> set[str]:
    codes = {*SENSES, "music"}
    for room in ("ser", "fer", "words", "music", "inference"):
        for file in (PROJECT / room).glob("*.py"):
            text = file.read_text(encoding="utf-8")
            codes |= set(re.findall(r"""Refusal\(\s*["']([a-z_]+)["']""", text))
            codes |= set(re.findall(r"""^\s+\(?["']([a-z_]+)["'],""", text, re.MULTILINE))
    return {f"refusal.{code}" for code in codes} | {f"refusal.music_{code}" for code in codes}


def test_every_key_is_used() -> None:
    plain, _ = texts_in_code()
    used = plain | refusal_keys()
    used |= {pattern.format(*values) for pattern, rows in COMPOSED.items() for values in rows}
    used |= {f"error.{kind.code}" for kind in _kinds(errors.DiaryError)}
    assert catalogue("en").keys() - used == set()


def test_every_composed_key_exists_and_its_values_are_known() -> None:
    _, composed = texts_in_code()
    spaces = {key.partition(".")[0] for key in catalogue("en")}
    patterns = {
        text for text in composed if re.fullmatch(r"[a-z_]+\.[a-z0-9_{}]+", text) and text.partition(".")[0] in spaces
    }
    assert patterns == COMPOSED.keys() | ERRORS_AND_REFUSALS
    missing = [pattern.format(*values) for pattern, rows in COMPOSED.items() for values in rows]
    assert [key for key in missing if key not in catalogue("en")] == []


# Names of networks, data sets and licences that hold a digit, and years of publications.
NAMES_AND_YEARS = re.compile(r"ResNet50|VGG16|FER2013|NC-SA 4\.0|\b(?:19|20)\d\d\b")


def test_no_description_of_a_model_holds_a_figure() -> None:
    """Figures come from the files beside the weights: another training must not make a sentence wrong."""
    described = [
        key
        for key in catalogue("en")
        if re.fullmatch(rf"models\.(?:{'|'.join((*SENSES, 'music'))})_\w+|models\.set_(?!facts)\w+", key)
    ]
    assert len(described) > 25
    wrong = []
    for language in LANGUAGES:
        for key in described:
            sentence = NAMES_AND_YEARS.sub("", catalogue(language)[key])
            if re.search(r"\d", re.sub(r"\{\w+\}", "", sentence)):
                wrong.append(f"{language}: {catalogue(language)[key]}")
    assert wrong == []


def test_no_page_shows_text_from_outside_the_catalogues() -> None:
    """Every string that a Streamlit command shows comes from t() or from a person."""
    bare = []
    for file in PAGES:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if getattr(call.func.value, "id", "") != "st" or call.func.attr in ("html", "Page"):
                continue
            first_shown = call.func.attr == "page_link"  # its first argument is a file of ours
            shown = [*call.args[first_shown:], *(word.value for word in call.keywords if word.arg not in UNSEEN)]
            bare += [f"{file.name}: {text}" for argument in shown for text in _letters_in(argument)]
    assert not bare


def _letters_in(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value] if re.search("[A-Za-z가-힣]", argument.value) else []
    if isinstance(argument, ast.JoinedStr):
        # "tel:" is where a link goes, not what it says.
        return [text for part in argument.values for text in _letters_in(part) if "](tel:" not in text]
    return []


def test_no_account_page_shows_text_from_outside_the_catalogues() -> None:
    templates = list((PROJECT / "web" / "html").glob("*.html"))
    assert templates
    bare = {}
    for template in templates:
        text = re.sub(r"\{[{%#].*?[#%}]\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", "", text)
        if re.search("[A-Za-z가-힣]", text):
            bare[template.name] = text.strip()
    assert not bare


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en-GB", "en"),
        ("de,ko;q=0.3,en;q=0.7", "en"),
        ("de", "en"),
        ("ko;q=0", "en"),
        ("ko;q=nonsense,", "en"),
        ("", "en"),
        (None, "en"),
        ("KO", "ko"),
    ],
)
def test_the_browsers_first_language_that_we_speak(accept: str | None, language: str) -> None:
    assert preferred(accept) == language


def test_saying_something_unknown_is_an_error_and_an_unknown_language_is_not() -> None:
    with pytest.raises(KeyError):
        say("en", "no.such.key")
    assert say("xx", "app.name") == say("en", "app.name")
    assert set(LANGUAGES) == {"ko", "en"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_called_what_the_link_to_it_says(language: str) -> None:
    assert say(language, "settings.delete").rstrip("…") == say(language, "delete.title")
