"""What one person hears and sees in CREMA-D, counted from a made-up table in the published form."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference import people as stored
from tests.trees import votes_table
from training import people

CLIPS = [(f"{actor}_IEO_{mood}_XX", mood[0]) for actor in (1001, 1002) for mood in ("ANG", "SAD")]


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    """Six of ten listeners and all who watch name the intended mood, but one watched clip is taken for another."""
    votes_table(tmp_path, [*CLIPS, ("1002_TIE_NEU_XX", "H")])
    return tmp_path / "processedResults" / "tabulatedVotes.csv"


def test_every_vote_counts_once_against_the_intended_mood(votes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people.main([str(votes)])
    rows = {line.split(" | ")[0].strip("| "): line.split(" | ") for line in capsys.readouterr().out.splitlines()}
    # Of 50 votes, 24 listeners named what was meant; four others chose neutral, which the fifth actor meant.
    assert rows["voice"][:3] == ["| voice", "5", "50"]
    assert rows["voice"][3].startswith("56.0%")
    assert rows["both"][3].startswith("80.0%")
    named = dict(zip(people.SIX.values(), rows["both"][4:], strict=True))
    assert named["anger"] == "100.0%"
    assert named["neutral"] == "0.0%"
    assert named["fear"] == "–"


def test_what_is_written_names_the_command(votes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "FILE", tmp_path / "people.json")
    people.main([str(votes), "--write"])
    found = stored.read(tmp_path / "people.json")
    assert (found.voice, found.face, found.both) == pytest.approx((0.56, 0.8, 0.8))
    assert (found.moods, found.clips, found.actors) == (3, 5, 2)
    assert found.command == "python -m training.people VOTES"


def test_another_table_is_refused(votes: Path, tmp_path: Path) -> None:
    lines = votes.read_text().splitlines()
    votes.write_text("\n".join(line for line in lines if not line.startswith('"3')) + "\n")
    with pytest.raises(SystemExit, match="no votes for both"):
        people.main([str(votes)])
    with pytest.raises(SystemExit, match="did not find it"):
        people.main([str(tmp_path / "none.csv")])
