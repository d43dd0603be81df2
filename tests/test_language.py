"""Both catalogues say the same things, and no page says anything past them."""

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
UNSEEN = set(
    [
        "key",
        "filter_mode",
        "icon",
        "icon_position",
        "type",
        "format",
        "mime",
        "file_name",
        "layout",
        "vertical_alignment",
        "horizontal_alignment",
        "width",
        "height",
        "gap",
        "on_click",
        "on_change",
        "page",
        "label_visibility",
        "position",
        "page",
        "text_alignment",
        "selection_mode",
        "url_path",
        "default",
    ]
)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_catalogues_have_the_same_keys() -> None:
    assert catalogue("ko").keys() == catalogue("en").keys()


# A date reads "11월 20일" in one language and "20 November" in the other.
@pytest.mark.parametrize(
    "key", sorted(set(catalogue("en")) - {"days.month", "days.day", "days.month_day", "days.short"})
)
def test_both_sentences_have_the_same_placeholders_and_words(key: str) -> None:
    ko, en = catalogue("ko")[key], catalogue("en")[key]
    assert placeholders(ko) == placeholders(en)
    assert ko.strip()
    assert en.strip()
    if key.startswith("error."):
        assert re.search("[가-힣]", ko)
        assert not re.search("[가-힣]", en)


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


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_no_page_says_anything_past_the_catalogues(file: Path) -> None:
    """Every string handed to a Streamlit command as something to show comes from t() or from a person."""
    bare = []
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        if getattr(call.func.value, "id", "") != "st" or call.func.attr in ("html", "Page"):
            continue
        where_to = call.func.attr == "page_link"  # its first argument is a file of ours
        shown = [*call.args[where_to:], *(word.value for word in call.keywords if word.arg not in UNSEEN)]
        bare += [text for argument in shown for text in _letters_in(argument)]
    assert not bare


def _letters_in(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value] if re.search("[A-Za-z가-힣]", argument.value) else []
    if isinstance(argument, ast.JoinedStr):
        # "tel:" is where a link goes, not what it says.
        return [text for part in argument.values for text in _letters_in(part) if "](tel:" not in text]
    return []


@pytest.mark.parametrize("template", sorted((PROJECT / "web" / "html").glob("*.html")), ids=lambda t: t.stem)
def test_no_account_page_says_anything_past_the_catalogues(template: Path) -> None:
    text = re.sub(r"\{[{%#].*?[#%}]\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "", text)
    assert not re.search("[A-Za-z가-힣]", text), text.strip()


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
