"""The pages, the server and the error texts use the same limits."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from components import uploads
from diary import errors
from diary.transfer import detect, export_parts, limited_text
from diary.transfer.archive import MEGABYTE
from language import LANGUAGES, say

PROJECT = Path(__file__).parents[2]
DRAWN = [file for room in ("components", "pages") for file in (PROJECT / room).rglob("*.py")]


def uploaders(file: Path) -> list[ast.Call]:
    calls = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "file_uploader"]


def test_every_uploader_takes_its_limit_from_one_place() -> None:
    found = [call for file in DRAWN for call in uploaders(file)]
    assert len(found) >= 5
    for call in found:
        limit = next(word.value for word in call.keywords if word.arg == "max_upload_size")
        assert ast.unparse(limit) in ("uploads.MEDIA", "uploads.DIARY", "uploads.MUSIC")


def test_the_server_takes_what_the_pages_ask_for() -> None:
    settings = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["maxUploadSize"] == uploads.SERVER
    assert max(uploads.MEDIA, uploads.DIARY, uploads.MUSIC) < uploads.SERVER


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_names_the_limit_of_the_page(language: str) -> None:
    with pytest.raises(errors.FileTooLarge) as refusal:
        detect.read(b"PK" + bytes(uploads.DIARY * 2**20 - 1), "UTC")
    assert f"{uploads.DIARY} MB" in say(language, "error.file_too_large", **refusal.value.facts).replace("0MB", "0 MB")


def test_a_part_of_an_export_can_come_back() -> None:
    # Text doubles in size where a line has to be escaped.
    assert export_parts.PART_BYTES + export_parts.PART_TEXT_BYTES <= detect.LARGEST
    assert 2 * export_parts.PART_TEXT_BYTES <= limited_text.TEXT_MAX
    # An entry is never divided: its recording and picture fit into one file, with their text.
    assert (2 * uploads.MEDIA + 5) * MEGABYTE <= detect.LARGEST
    assert detect.LARGEST <= uploads.DIARY * MEGABYTE


def test_the_readme_names_the_largest_health_export_of_the_page() -> None:
    for name, limit in (("README.md", f"{uploads.DIARY} MB"), ("README.ko.md", f"{uploads.DIARY}MB")):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert limit in text.partition("import-health")[0].rpartition("```")[0][-400:]
