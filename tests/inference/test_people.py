"""What people reach: stated with its source, and the same wherever it is said."""

from __future__ import annotations

from pathlib import Path

from inference import people
from settings import ASSETS


def test_the_shipped_shares_name_their_source_and_are_those_of_the_voice_card() -> None:
    found = people.read()
    assert "doi:" in found.source
    assert found.licence
    assert found.moods == 6
    card = (ASSETS.parent / "ser" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"{100 * found.voice:.1f} %, {100 * found.face:.1f} % and {100 * found.both:.1f} %" in card


def test_written_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    one = people.People(0.25, 0.5, 0.75, moods=2, clips=4, actors=1, source="a", licence="b", command="c")
    people.write(one, tmp_path / "people.json")
    assert people.read(tmp_path / "people.json") == one
