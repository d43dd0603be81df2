"""Clips with their words: a corpus, its halves by speaker, and a spread-out part of a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data_folders import require_data
from tests.training.voice.conftest import HEADER
from training.stt.corpora import of_half, some, spoken_clips


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [HEADER]
    for speaker in ("d", "a", "c", "b", "e"):
        rows += [f"korean/{speaker}{n}.opus,korean,ko,neutral,,korean-{speaker},,,안녕" for n in range(3)]
    rows.append("korean/x.opus,korean,ko,neutral,,korean-a,,,")
    rows.append("cremad/1.opus,cremad,en,sadness,,cremad-1,,,Hello there")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_the_halves_share_no_speaker_and_no_clip_is_lost(data):
    tuning, report, both = (spoken_clips(data, "korean", half) for half in ("tuning", "report", "all"))
    assert {clip.speaker for clip in tuning} == {"korean-a", "korean-c", "korean-e"}
    assert {clip.speaker for clip in report} == {"korean-b", "korean-d"}
    assert {clip.path for clip in tuning} | {clip.path for clip in report} == {clip.path for clip in both}
    assert len(both) == 15, "the clip without a text is left out"


def test_a_corpus_on_which_nothing_is_chosen_has_no_half(data):
    (data / "labels.csv").open("a", encoding="utf-8").write("ravdess/1.opus,ravdess,en,sadness,,ravdess-1,,,Hello\n")
    assert [clip.path for clip in spoken_clips(data, "ravdess", "report")] == ["ravdess/1.opus"]
    assert spoken_clips(data, "ravdess", "report") == spoken_clips(data, "ravdess", "tuning")
    assert [clip.path for clip in spoken_clips(data, "cremad", "tuning")] == ["cremad/1.opus"]
    assert spoken_clips(data, "cremad", "report") == []


def test_the_real_korean_clips_are_halved_evenly():
    clips = spoken_clips(require_data("speech"), "korean")
    halves = [of_half(clips, "tuning"), of_half(clips, "report")]
    assert [len(half) for half in halves] == [80, 80]
    assert [len({clip.speaker for clip in half}) for half in halves] == [4, 4]


def test_a_folder_without_clips_is_a_clear_sentence(data, tmp_path):
    with pytest.raises(SystemExit, match=r"no labels\.csv; name the folder"):
        spoken_clips(tmp_path / "missing", "korean")
    with pytest.raises(SystemExit, match="no clips with a text of the corpus ravdess"):
        spoken_clips(data, "ravdess")


def test_some_are_drawn_from_all_the_same_way_every_time(data):
    clips = spoken_clips(data, "korean")
    drawn = some(clips, 4)
    assert len({clip.path for clip in drawn}) == 4
    assert drawn == some(clips, 4) == sorted(drawn, key=clips.index)
    assert some(clips, 99) == some(clips, None) == clips
