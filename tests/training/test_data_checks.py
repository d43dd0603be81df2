from __future__ import annotations

from pathlib import Path

import pytest

from tests.trees import nfd
from training.data_checks import check_data, counts_table, duplicate_files
from training.datasets.layouts import (
    Example,
    FoundData,
    LayoutError,
    files_under,
    find_file,
    mood_named,
    nfc,
    parse_data_option,
)


def example(path: Path, label: str = "anger", person: str = "a", content: bytes | None = b"x" * 2000) -> Example:
    if content is not None:
        path.write_bytes(content)
    return Example(path, "set", label, person)


def test_missing_empty_and_unfetched_files_are_counted_and_left_out(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 96044\n"
    found = FoundData(
        (
            example(tmp_path / "1.wav", content=b"a" * 100),
            example(tmp_path / "2.wav", content=None),
            example(tmp_path / "3.wav", content=b""),
            example(tmp_path / "4.wav", content=pointer),
            example(tmp_path / "5.wav", "sadness", content=b"b" * 100),
        ),
        ("7 are missing",),
        ("beware",),
    )
    checked = check_data({"set": found})
    assert [one.path.name for one in checked.examples] == ["1.wav", "5.wav"]
    report = checked.report
    for text in ("set: 7 are missing", "2.wav", "3.wav", "git lfs pull", "set: beware", "| set | 2 | 1 | 1 | 1 |"):
        assert text in report, text


def test_nothing_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="git lfs pull"):
        pointer = b"version https://git-lfs.github.com/spec/v1\n"
        check_data({"set": FoundData((example(tmp_path / "1.wav", content=pointer),))})


def test_doubles_are_found_by_content_with_what_is_odd_about_them(tmp_path: Path) -> None:
    examples = (
        example(tmp_path / "1.wav", "anger", "a", b"same" * 500),
        example(tmp_path / "2.wav", "sadness", "a", b"same" * 500),
        example(tmp_path / "3.wav", "anger", "b", b"same" * 500),
        example(tmp_path / "4.wav", "anger", "b", b"else" * 500),
    )
    checked = check_data({"set": FoundData(examples)})
    assert [[path.name for path in group] for group in checked.duplicates] == [["1.wav", "2.wav", "3.wav"]]
    assert "of these, 1 under different labels" in checked.report
    assert "of these, 1 under different people" in checked.report
    assert duplicate_files([tmp_path / "1.wav", tmp_path / "4.wav"]) == []


def test_what_no_training_can_mend_is_told(tmp_path: Path) -> None:
    many = [example(tmp_path / f"{n}.wav", "anger", f"p{n % 4}", bytes([n]) * (100 + n)) for n in range(60)]
    few = [example(tmp_path / f"x{n}.wav", "fear", "p9", bytes([n]) * (900 + n)) for n in range(2)]
    report = check_data({"set": FoundData((*many, *few))}).report
    assert "hardly enough to learn from: fear 2" in report
    assert "lopsided: 60 of anger to 2 of fear" in report
    assert "5 people have one mood only" in report
    assert "one class only" in check_data({"set": FoundData(tuple(many))}).report


def test_hidden_people_are_not_counted(tmp_path: Path) -> None:
    one = Example(tmp_path / "x.wav", "contest", "anger", "x", person_known=False)
    assert any("| contest | 1 | unknown | 1 |" in line for line in counts_table([one]))


def test_names_of_moods_in_both_languages_and_both_spellings() -> None:
    keys = {
        "Happy": "happiness", "분노": "anger", nfd("슬픔"): "sadness", "pleasant surprise": "surprise",
        "ps": "surprise", "싫음": "disgust", "hungry": None,
    }  # fmt: skip
    assert {name: mood_named(name) for name in keys} == keys
    assert nfc(nfd("가")) == "가"


def test_paths_of_tables_are_found_however_the_disk_writes_them(tmp_path: Path) -> None:
    (tmp_path / nfd("폴더")).mkdir()
    (tmp_path / nfd("폴더") / nfd("소리.wav")).write_bytes(b"x")
    assert find_file(tmp_path, "./폴더/소리.wav") == tmp_path / nfd("폴더") / nfd("소리.wav")
    assert find_file(tmp_path, "폴더/없음.wav") is None
    assert find_file(tmp_path, "폴더/소리.wav/x") is None


def test_dust_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "a.wav").write_bytes(b"x")
    (tmp_path / "._b.wav").write_bytes(b"x")
    with pytest.raises(LayoutError, match="__MACOSX"):
        files_under(tmp_path, {".wav"}, "sounds")


@pytest.mark.parametrize("text", ["ravdess", "=x", "ravdess=", ""])
def test_a_data_set_needs_name_and_path(text: str) -> None:
    with pytest.raises(LayoutError, match="NAME=PATH"):
        parse_data_option(text)
