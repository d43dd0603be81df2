"""Both locale catalogues hold the same keys, and no page shows text from outside them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from diary import errors
from language import LANGUAGES, catalogue, preferred, say

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
DATES = {"days.month", "days.day", "days.month_day", "days.short"}


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


def test_every_error_has_its_sentence() -> None:
    def kinds(base: type) -> set[type]:
        return {base}.union(*(kinds(kind) for kind in base.__subclasses__()))

    missing = {kind.code for kind in kinds(errors.DiaryError) if f"error.{kind.code}" not in catalogue("en")}
    assert not missing


def test_every_refusal_of_an_input_has_its_sentence() -> None:
    codes = set()
    for room in ("ser", "fer", "words"):
        for file in (PROJECT / room).glob("*.py"):
            text = file.read_text(encoding="utf-8")
            codes |= set(re.findall(r"""Refusal\(\s*["']([a-z_]+)["']""", text))
            codes |= set(re.findall(r"""^\s+\(["']([a-z_]+)["'], quality\.""", text, re.MULTILINE))
    assert len(codes) > 12
    # What cannot be opened at all is told by its kind (components/entry/verdict.py): "that picture", "that sound".
    missing = {code for code in codes - {"unreadable"} if f"refusal.{code}" not in catalogue("en")}
    assert not missing


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
