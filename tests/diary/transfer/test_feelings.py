"""Feelings in Haru's own export and in the table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from diary import entries, errors
from diary.sessions import Session
from diary.transfer import detect, export, table
from language import say
from tests.diary.test_feelings import ZONE, proud


def _exported(session: Session, feelings: object = None) -> bytes:
    content = json.loads(export.as_json(session))
    if feelings is not None:
        content["entries"][0]["feelings"] = feelings
    return json.dumps(content).encode()


def test_an_export_takes_the_feelings_along(
    person: Session, stranger: Session, import_file: Callable[..., object]
) -> None:
    entries.add(person, proud())
    import_file(stranger, _exported(person), was_mine=True)
    assert [entry.feelings for entry in entries.every(stranger)] == [("proud", "relieved")]


def test_feelings_of_a_newer_version_survive_import_change_and_export(
    person: Session, stranger: Session, import_file: Callable[..., object]
) -> None:
    entries.add(person, proud())
    import_file(stranger, _exported(person, ["proud", "from_a_newer_version"]), was_mine=True)
    entry = entries.every(stranger)[0]
    assert entry.feelings == ("proud", "from_a_newer_version")
    changed = proud(id=entry.id, feelings=("relieved", "from_a_newer_version"))
    entries.change(stranger, entry.id, entry.version, changed)
    exported = json.loads(export.as_json(stranger))["entries"][0]["feelings"]
    assert exported == ["relieved", "from_a_newer_version"]


def test_a_file_of_an_older_version_has_no_feelings(
    person: Session, stranger: Session, import_file: Callable[..., object]
) -> None:
    entries.add(person, proud())
    content = json.loads(export.as_json(person))
    content["version"] = 3
    del content["entries"][0]["feelings"]
    import_file(stranger, json.dumps(content).encode(), was_mine=True)
    assert [entry.feelings for entry in entries.every(stranger)] == [()]


@pytest.mark.parametrize(
    "feelings",
    ["proud", [1], ["Proud"], ["<b>"], [""], ["a" * 41], ["proud", "proud"], ["a" * n for n in range(1, 12)], None, {}],
)
def test_feelings_that_the_diary_would_not_store_are_refused(person: Session, feelings: object) -> None:
    entries.add(person, proud())
    content = json.loads(export.as_json(person))
    content["entries"][0]["feelings"] = feelings
    with pytest.raises(errors.LineUnreadable):
        detect.read(json.dumps(content).encode(), ZONE)


@pytest.mark.parametrize(("language", "cell"), [("ko", "뿌듯함, 홀가분함"), ("en", "proud, relieved")])
def test_the_table_has_the_feelings_in_words(person: Session, language: str, cell: str) -> None:
    entries.add(person, proud())
    rows = list(csv.DictReader(io.StringIO(table.as_csv(replace(person, language=language)).decode("utf-8-sig"))))
    assert rows[0][say(language, "csv.feelings")] == cell


def test_a_table_of_a_version_without_feelings_is_still_known(person: Session) -> None:
    for language in ("ko", "en"):
        without = [name for name in table.header(language) if name != say(language, "csv.feelings")]
        assert table.is_header(without)
        assert table.is_header(table.header(language))
        assert not table.is_header(without[1:])
