"""The training on free lines alone: it needs no other file, and its weights say what they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import settings
from inference import prior
from inference.weights import read_meta
from tests.words.conftest import tiny_model
from training.fusion import fit_prior, held_out
from training.words import events, first_person, free, sources, train
from training.words.labels import GOEMOTIONS, KOTE
from training.words.practice import practice
from words import model
from words import predict as words_model

COMMENTS = ["I am so happy", "went home sad", "what a day", "but why", "오늘 집에 갔다", "정말 행복"]
DIARY = [f"went home and was {said}" for said in ("happy", "sad", "tired", "glad", "calm", "afraid", "angry", "upset")]
CHAT = [f"오늘 집에 갔다 {number}" for number in range(30)]


def _table(file: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    file.write_text("".join("\t".join(row) + "\n" for row in ([header] if header else []) + list(rows)), "utf-8")


@pytest.fixture
def free_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few lines of each free set, and none of the others."""
    data = tmp_path / "text"
    data.mkdir()
    _table(data / "goemotions_labels.txt", [], [[label] for label in GOEMOTIONS])
    _table(data / "kote_labels.txt", [], [[label] for label in KOTE])
    for language in ("en", "ko"):
        for split in ("train", "dev", "test"):
            rows = [[text, str(number % 28), f"id{number}"] for number, text in enumerate(COMMENTS * 4)]
            _table(data / f"goemotions_{language}_{split}.tsv", [], rows)
    _table(data / "kote_val.tsv", [], [[f"k{n}", f"{text} {n}", str(n)] for n, text in enumerate(COMMENTS * 3)])
    said = [[text, "happy" if number % 2 else "sad"] for number, text in enumerate(DIARY)]
    _table(data / "lemotif_en.tsv", ["text", "said"], said)
    _table(data / "subtitles_en.tsv", ["text", "moods"], [["went home", "anger"], ["but why", "neutral,fear"]])
    _table(data / "chatbot_ko.tsv", ["text"], [[text] for text in CHAT])
    moods = tmp_path / "moods.tsv"
    codes = [[sources.line_key(text), "H" if number % 2 else "BN"] for number, text in enumerate(CHAT)]
    _table(moods, ["line", "moods"], codes)
    monkeypatch.setattr(sources, "CHATBOT_MOODS", moods)
    monkeypatch.setattr(events, "FOLDER", tmp_path)
    monkeypatch.setattr(sources, "practice", lambda count, seed: practice(200, seed))
    for language, text in (("ko", "오늘 {집에|집으로} 갔다"), ("en", "went {home|back}")):
        (tmp_path / f"events_{language}.tsv").write_text(f"happiness\t{text}\nneutral\t{text} again\n", "utf-8")
    return data


def test_the_table_of_licences_names_every_source() -> None:
    assert {name for name in sources.LICENCES if name not in sources.FREE} == {"isear", "enisear", "ifeel", "korean"}
    assert all(sources.LICENCES.values())


def test_only_free_files_are_read(free_data: Path) -> None:
    found = {source.name: source for source in sources.read(free_data, 2, free=True)}
    assert list(found) == [name for name in sources.LICENCES if name in sources.FREE]
    assert all(len(source.texts) == len(source.shares) > 0 for source in found.values())
    with pytest.raises(FileNotFoundError, match="isear"):
        sources.read(free_data, 2)


def test_lines_to_choose_on_train_nothing(free_data: Path) -> None:
    chosen = free.lines_to_choose_on(free_data, free.NAME)
    trained = {text for source in sources.read(free_data, 2, free=True) for text in source.texts}
    assert {line.source for line in chosen} >= {"chatbot", "plain"}
    assert not trained & {line.text for line in chosen}
    assert {line.language for line in chosen} == {"ko", "en"}


def test_other_weights_are_chosen_on_all_sets(free_data: Path) -> None:
    with pytest.raises(FileNotFoundError, match="isear"):
        free.lines_to_choose_on(free_data, train.NAME)
    assert {line.source for line in first_person.read(free_data, {"lemotif"})} == {"lemotif", "plain"}


@pytest.fixture
def trained(free_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Weights that the command wrote, from a tiny model to go on from."""
    start, out = tmp_path / "start.safetensors", tmp_path / "words_free.safetensors"
    begun = tiny_model()
    offsets = {name: [0.0] * 7 for name in sources.FREE}
    heads = {"mood": 7, "goemotions": 28, "kote": 44}
    net = type(begun.net)(begun.net.shape, heads).eval()
    model.save(replace(begun, net=net, meta=begun.meta | {"source_offsets": offsets}), start)
    command = ["train", "--free", "--data", str(free_data), "--init", str(start), "--sentences", "2"]
    monkeypatch.setattr("sys.argv", [*command, "--work", str(tmp_path / "work"), "--out", str(out)])
    train.main()
    return out


def test_the_command_trains_and_the_weights_name_their_licence(trained: Path) -> None:
    meta = read_meta(trained)
    assert (meta["name"], meta["version"], meta["licence"]) == (free.NAME, free.VERSION, free.LICENCE)
    assert not any(word in " ".join(meta["training_data"]) for word in ("isear", "ifeel", "korean", "research", "NC"))
    assert set(meta["calibration"]) == {"en", "ko"}
    assert 0 <= meta["margin"] <= 1
    assert words_model.load(trained).read(["went home sad"])


def test_the_prior_of_free_weights_has_an_entry_of_its_own(
    trained: Path, free_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prior.json"
    file.write_text('{"words": {"model": "haru-words 2.1.0"}}', encoding="utf-8")
    monkeypatch.setattr(prior, "FILE", file)
    monkeypatch.setattr(words_model, "weights_in_use", lambda: trained)
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    monkeypatch.setattr(
        "sys.argv",
        ["fit", "--data", str(free_data.parent), "--cache", str(tmp_path / "cache"), "--only", "words", "--write"],
    )
    fit_prior.main()
    prior._read.cache_clear()
    assert settings.FREE_WEIGHTS.get()
    fitted = prior.of("words", f"{free.NAME} {free.VERSION}")
    assert fitted is not None
    assert set(fitted.adaptations) == {"en", "ko"}
    assert prior.of("words", "haru-words 1.0.0") is None
    kinds = set(held_out.words(free_data, tmp_path / "cache").kind.tolist())
    assert kinds <= {"lemotif", "plain", "chatbot", "goemotions_en", "goemotions_ko"}
    assert np.load(tmp_path / "cache" / "words.npz")["tuning"].any()
    with file.open(encoding="utf-8") as opened:
        assert "haru-words 2.1.0" in opened.read(), "the other entry stays"
