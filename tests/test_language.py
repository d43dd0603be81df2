"""Both locale catalogues hold the same keys, and no page shows text from outside them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from diary import errors
from language import LANGUAGES, catalogue, preferred, say
from tests.composed_locale_keys import COMPOSED, ERRORS_AND_REFUSALS, NOT_WRITTEN_DOWN, SENSES

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
