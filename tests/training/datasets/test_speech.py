"""Each published layout as a small folder with real names and the irregularities of real downloads."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.data_folders import require_data
from tests.trees import nfd, ravdess, write_wav
from training.datasets import folders, speech
from training.datasets.layouts import FoundData, LayoutError
from training.voice.corpora import read_clips
from training.voice.custom import LAYOUTS
from training.voice.known_corpora import KNOWN


def labels(found: FoundData) -> dict[str, int]:
    return dict(Counter(example.label for example in found.examples))


def test_ravdess_by_its_seven_numbers(tmp_path: Path) -> None:
    ravdess(tmp_path, actors=(1, 2))
    actor = tmp_path / "Audio_Speech_Actors_01-24" / "Actor_01"
    write_wav(actor / "03-02-05-01-01-01-01.wav", 200)  # a song
    (actor / "03-01-01-01-01-01-01.wav").unlink()
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "._03-01-01-01-01-01-01.wav").write_bytes(b"dust")
    found = speech.ravdess(tmp_path)
    assert labels(found) == {
        **{"neutral": 1, "calm": 2, "happiness": 2, "sadness": 2},
        **{"anger": 2, "fear": 2, "disgust": 2, "surprise": 2},
    }
    assert {(example.person, example.gender) for example in found.examples} == {
        ("ravdess-01", "male"),
        ("ravdess-02", "female"),
    }
    assert {example.intensity for example in found.examples} == {"normal"}
    remarks = " ".join(found.remarks)
    assert "03-02-05-01-01-01-01.wav" in remarks
    assert "22 of 24 actors are not here" in remarks
    assert "ravdess-01 has 7 of 60" in remarks


def test_ravdess_films_are_read_where_the_sound_file_is_missing(tmp_path: Path) -> None:
    ravdess(tmp_path, actors=(1,))
    folder = tmp_path / "Video_Speech_Actor_01"
    folder.mkdir()
    (folder / "01-01-03-01-01-01-01.mp4").write_bytes(b"the same take as a film")
    (folder / "01-01-03-02-02-02-01.mp4").write_bytes(b"a take of its own")
    (folder / "02-01-03-01-01-02-01.mp4").write_bytes(b"without sound")
    names = {example.path.name for example in speech.ravdess(tmp_path).examples}
    assert "03-01-03-01-01-01-01.wav" in names
    assert {example.intensity for example in speech.ravdess(tmp_path).examples} == {"normal", "strong"}
    assert "01-01-03-02-02-02-01.mp4" in names
    assert not names & {"01-01-03-01-01-01-01.mp4", "02-01-03-01-01-02-01.mp4"}


def test_emodb_by_its_letters(tmp_path: Path) -> None:
    for letter in "WLEAFTN":
        write_wav(tmp_path / "wav" / f"03a01{letter}a.wav", 150)
    write_wav(tmp_path / "wav" / "16b10Fd.wav", 150)
    write_wav(tmp_path / "wav" / "readme.wav", 150)
    found = speech.emodb(tmp_path)
    assert labels(found) == {
        **{"anger": 1, "boredom": 1, "disgust": 1, "fear": 1},
        **{"happiness": 2, "sadness": 1, "neutral": 1},
    }
    assert {(example.person, example.gender) for example in found.examples} == {
        ("emodb-03", "male"),
        ("emodb-16", "female"),
    }
    assert "readme.wav" in " ".join(found.remarks)


def test_tess_twice_in_itself_and_with_its_misspelt_file(tmp_path: Path) -> None:
    once = tmp_path / "TESS Toronto emotional speech set data"
    for folder, name in (
        ("OAF_angry", "OAF_back_angry"),
        ("OAF_neutral", "OA_bite_neutral"),
        ("YAF_pleasant_surprised", "YAF_back_ps"),
        ("YAF_happy", "YAF_back_happy"),
    ):
        write_wav(once / folder / f"{name}.wav", 200, 24_414)
    shutil.copytree(once, once / "TESS Toronto emotional speech set data")
    found = speech.tess(tmp_path)
    assert labels(found) == {"anger": 1, "neutral": 1, "surprise": 1, "happiness": 1}
    assert {example.person for example in found.examples} == {"tess-OAF", "tess-YAF"}
    assert "4 files left out: here twice, in folders of the same name" in found.remarks[0]
    assert "two speakers" in found.cautions[0]


def test_nemo_with_and_without_its_table(tmp_path: Path) -> None:
    for name in ("WR0_surprised_64", "EB0_neutral_13", "EB0_anger_2"):
        write_wav(tmp_path / "samples" / f"{name}.wav", 200, 24_000)
    assert labels(speech.nemo(tmp_path)) == {"surprise": 1, "neutral": 1, "anger": 1}
    (tmp_path / "data.tsv").write_text(
        "file_id\temotion\traw_text\tgender\n"
        "WR0_surprised_64.wav\tsurprised\tUcho wykrywa dźwięki.\tmale\n"
        "WR0_fear_1.wav\tfear\tNie ma jej tu.\tmale\n",
        encoding="utf-8",
    )
    found = speech.nemo(tmp_path)
    assert {example.text for example in found.examples} == {"Ucho wykrywa dźwięki.", ""}
    assert "1 recordings of data.tsv are not here" in found.remarks
    assert {example.gender for example in found.examples if example.person == "nemo-EB0"} == {"female"}


@pytest.mark.parametrize("flat", [True, False])
def test_savee_in_folders_or_flat(tmp_path: Path, flat: bool) -> None:
    for speaker in ("DC", "KL"):
        for letters in ("a", "d", "f", "h", "n", "sa", "su"):
            name = f"{speaker}_{letters}03.wav" if flat else f"AudioData/{speaker}/{letters}03.wav"
            write_wav(tmp_path / name, 150, 44_100)
    found = speech.savee(tmp_path)
    # In folders everybody's files bear the same names: nobody's may be taken for another's double.
    assert labels(found)["surprise"] == labels(found)["sadness"] == 2
    assert Counter(example.person for example in found.examples) == {"savee-DC": 7, "savee-KL": 7}
    assert found.remarks == ()


def test_emovo_by_its_italian_words(tmp_path: Path) -> None:
    for word in ("dis", "gio", "pau", "rab", "sor", "tri", "neu"):
        write_wav(tmp_path / "EMOVO" / "f1" / f"{word}-f1-b1.wav", 150, 48_000)
    write_wav(tmp_path / "EMOVO" / "m3" / "gio-m3-n5.wav", 150, 48_000)
    write_wav(tmp_path / "EMOVO" / "m3" / "alt-m3-n5.wav", 150, 48_000)
    found = speech.emovo(tmp_path)
    assert labels(found) == {
        **{"disgust": 1, "happiness": 2, "fear": 1, "anger": 1},
        **{"surprise": 1, "sadness": 1, "neutral": 1},
    }
    assert {(example.person, example.gender) for example in found.examples} == {
        ("emovo-f1", "female"),
        ("emovo-m3", "male"),
    }
    assert {example.language for example in found.examples} == {"it"}
    assert "alt-m3-n5.wav" in " ".join(found.remarks)


def test_ased_by_letter_gender_and_speaker(tmp_path: Path) -> None:
    names = ("01Neutral/n1-01-01-01-01", "02Fearful/f2-03-02-02-50", "03Happy/h3-01-01-01-01", "05Angry/a5-07-02-02-50")
    for name in (*names, "04Sad/S4-04-02-01-29"):  # one published file has a large S
        write_wav(tmp_path / f"{name}.wav", 150)
    write_wav(tmp_path / "04Sad" / "s4-04-02-29.wav", 150)
    found = speech.ased(tmp_path)
    assert labels(found) == {"neutral": 1, "fear": 1, "happiness": 1, "sadness": 1, "anger": 1}
    assert {(example.person, example.gender) for example in found.examples} == {
        ("ased-01", "female"),
        ("ased-29", "female"),
        ("ased-50", "male"),
    }
    assert "s4-04-02-29.wav" in " ".join(found.remarks)


def test_emogator_in_nine_of_its_thirty_categories(tmp_path: Path) -> None:
    for number in range(1, 31):
        write_wav(tmp_path / "data" / "mp3" / f"000001-{number:02d}-1.wav", 150)
    write_wav(tmp_path / "data" / "mp3" / "000357-24-3.wav", 150)
    write_wav(tmp_path / "data" / "mp3" / "laugh.wav", 150)
    found = speech.emogator(tmp_path)
    assert labels(found) == {
        **{"happiness": 2, "surprise": 2, "sadness": 2},
        **{"anger": 1, "disgust": 1, "fear": 1, "neutral": 1},
    }
    assert {example.person for example in found.examples} == {"emogator-000001", "emogator-000357"}
    assert {example.original_label for example in found.examples if example.label == "happiness"} == {
        "amusement",
        "elation",
    }
    assert {example.language for example in found.examples} == {"none"}
    assert "21 files left out: of categories that are none of the seven moods" in found.remarks
    assert "laugh.wav" in " ".join(found.remarks)
    assert "no speech" in found.cautions[0]


def test_class_folders_in_english_and_korean_however_it_is_written(tmp_path: Path) -> None:
    write_wav(tmp_path / "angry" / "jiwoo" / "1.wav", 220)
    write_wav(tmp_path / nfd("슬픔") / nfd("지우") / "1.wav", 110)
    write_wav(tmp_path / "슬픔" / "지우" / "2.wav", 110)
    write_wav(tmp_path / "notes" / "1.wav", 110)
    write_wav(tmp_path / "stray.wav", 110)
    found = folders.class_folders(tmp_path)
    assert labels(found) == {"anger": 1, "sadness": 2}
    assert {example.person for example in found.examples} == {"folder-jiwoo", "folder-지우"}
    assert "notes" in " ".join(found.remarks)
    assert "stray.wav" in " ".join(found.remarks)
    assert not found.cautions


def test_class_folders_without_people_say_so(tmp_path: Path) -> None:
    write_wav(tmp_path / "anger" / "1.wav", 220)
    write_wav(tmp_path / "joy" / "1.wav", 220)
    found = folders.class_folders(tmp_path)
    assert not any(example.person_known for example in found.examples)
    assert len({example.person for example in found.examples}) == 2
    assert "both sides of the split" in found.cautions[0]


def table(root: Path, *rows: str, header: str = "path,label,speaker") -> Path:
    (root / "labels.csv").write_bytes("\n".join([header, *rows]).encode("cp949"))
    return root


def test_a_table_in_the_korean_code_page_with_missing_files(tmp_path: Path) -> None:
    write_wav(tmp_path / nfd("녹음") / "1.wav", 200)
    found = folders.table(table(tmp_path, "녹음/1.wav,화남,지우", "gone.wav,슬픔,지우"))
    assert labels(found) == {"anger": 1}
    assert found.examples[0].person == "지우"
    assert "1 of 2 files in labels.csv are not here, gone.wav first" in found.remarks


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        (["1.wav,hungry,a"], "path,label,speaker", r"'hungry' \(line 2\)"),
        (["1.wav,a"], "path,speaker", "lacks the columns label; it has path, speaker"),
        (["2.wav,anger,a"], "path,label,speaker", r"None of the files .* 2\.wav first"),
        ([], "path,label", "no rows"),
    ],
)
def test_a_table_that_does_not_match_says_where(tmp_path: Path, rows: list[str], header: str, message: str) -> None:
    write_wav(tmp_path / "1.wav", 200)
    with pytest.raises(LayoutError, match=message) as error:
        folders.table(table(tmp_path, *rows, header=header))
    assert str(tmp_path / "labels.csv") in str(error.value)


@pytest.mark.parametrize("name", ["ravdess", "nemo", "tess", "cremad", "ased", "emovo", "emotale", "emogator"])
def test_real_file_names_are_read_as_the_table_of_all_corpora_has_them(name: str) -> None:
    """The clips beside labels.csv are compressed, but bear the names that they were published under."""
    folder = require_data("speech")
    tabled = {clip.path: (clip.label, clip.speaker, clip.language, clip.intensity) for clip in read_clips(folder, name)}
    layout = "crema-d" if name == "cremad" else name
    read = {
        str(example.path.relative_to(folder)): (
            example.label,
            example.person.replace(layout, name),
            example.language,
            example.intensity,
        )
        for example in LAYOUTS[layout].read(folder / name).examples
        if example.label in KNOWN[name].classes
    }
    assert read == tabled


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_reader_names_what_it_looked_for_and_where(tmp_path: Path, name: str) -> None:
    read = LAYOUTS[name].read
    with pytest.raises(LayoutError, match=r"does not exist|Looked"):
        read(tmp_path / "nowhere")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "audio.zip").write_bytes(b"PK")
    with pytest.raises(LayoutError) as error:
        read(tmp_path / "half")
    assert str(tmp_path / "half") in str(error.value)
    if name != "table":
        assert "Unpack audio.zip first" in str(error.value)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_reader_describes_its_layout(name: str) -> None:
    layout = LAYOUTS[name]
    assert len(layout.description) > 80
    assert layout.licence


@pytest.mark.parametrize(("between", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "cp949")])
def test_tables_as_spreadsheets_save_them(tmp_path: Path, between: str, encoding: str) -> None:
    write_wav(tmp_path / nfd("녹음") / "1.wav", 200)
    rows = [("path", "label", "speaker"), ("녹음/1.wav", "슬픔", "지우")]
    (tmp_path / "labels.csv").write_bytes("\n".join(between.join(row) for row in rows).encode(encoding))
    (example,) = folders.table(tmp_path).examples
    assert (example.label, example.person) == ("sadness", "지우")
