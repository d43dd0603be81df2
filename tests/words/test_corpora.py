import re
from zlib import crc32

import numpy as np
import pytest

from emotions import EMOTIONS
from words import corpora
from words.evaluate import DIARY
from words.features import features
from words.labels import GOEMOTIONS, KOTE, KOTE_FREQUENCY, kote_weight
from words.practice import practice
from words.train import Recipe, choose_vocabulary, fit, fit_offsets, logits_of, matrix, pieces_of


@pytest.mark.parametrize(("table", "count"), [(GOEMOTIONS, 28), (KOTE, 44)])
def test_every_label_is_shared_out_whole(table, count):
    assert len(table) == count
    for shares in table.values():
        assert sum(shares.values()) == pytest.approx(1)
        assert set(shares) <= set(EMOTIONS)
    assert {mood for shares in table.values() for mood in shares} == set(EMOTIONS)


def test_rare_labels_say_more():
    assert set(KOTE_FREQUENCY) == set(KOTE)
    assert kote_weight("공포/무서움") > kote_weight("불평/불만")


def test_the_tables_name_the_labels_of_the_data(data):
    assert (data / "goemotions_labels.txt").read_text(encoding="utf-8").split() == list(GOEMOTIONS)
    assert (data / "kote_labels.txt").read_text(encoding="utf-8").split() == list(KOTE)
    labels = [row.split("\t")[2].split(",") for row in (data / "kote_val.tsv").read_text(encoding="utf-8").splitlines()]
    counted = np.bincount([int(label) for row in labels for label in row], minlength=44)
    assert counted.tolist() == list(KOTE_FREQUENCY.values())


def test_the_corpora_are_whole(data):
    assert [len(corpora.goemotions("en", split, data)) for split in corpora.SPLITS] == [43_410, 5_426, 5_427]
    assert len(corpora.kote(data)) == 5_000


def test_equal_comments_are_in_one_fold(data):
    comments = corpora.kote(data)
    fold: dict[str, int] = {}
    for text, number in zip(comments.texts, corpora.folds(comments), strict=True):
        assert fold.setdefault("".join(text.split()), number) == number
    assert min(np.bincount(corpora.folds(comments))) > 900


def test_absent_corpora_say_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="--data"):
        corpora.kote(tmp_path)


def test_the_diary_lines_are_balanced():
    lines = corpora.diary_lines(DIARY)
    count = {}
    for line in lines:
        assert line["mood"] in EMOTIONS
        assert line["also"] in ("", *EMOTIONS)
        count[line["language"], line["mood"]] = count.get((line["language"], line["mood"]), 0) + 1
    assert set(count.values()) == {12}
    assert len(count) == 14
    assert {"negation", "slang", "emoji", "two-sided"} <= {line["kind"] for line in lines}


def test_no_diary_line_is_ever_practised():
    practised = {"".join(text.lower().split()).strip(".!") for text in practice(20_000)[0]}
    for line in corpora.diary_lines(DIARY):
        assert "".join(line["text"].lower().split()).strip(".!") not in practised


def test_practice_is_the_same_each_time_and_knows_all_seven():
    texts, shares = practice(500, seed=1)
    assert texts == practice(500, seed=1)[0]
    assert texts != practice(500, seed=2)[0]
    assert np.allclose(shares.sum(1), 1)
    assert (shares.sum(0) > 10).all()
    assert not any(re.search("[a-z가-힣]_[a-z가-힣]", text.replace("t_t", "")) for text in texts)


def test_training_learns_practice():
    """The whole way from text to verdict on a few hundred sentences: a broken step anywhere would show."""
    texts, shares = practice(900, seed=3)
    lines = pieces_of(texts, shares, "practice")
    recipe = Recipe(pieces=20_000, least=2, epochs=10, batch=70, rate=5e-2, width=8, hidden=8)
    bag, vocabulary, _ = fit(lines[np.arange(700)], recipe, said=False)
    unseen = np.arange(700, 900)
    guess = logits_of(bag, matrix(vocabulary, lines[unseen])).argmax(1)
    assert (guess == shares[unseen].argmax(1)).mean() > 0.7


def test_the_vocabulary_keeps_what_tells_most():
    texts = ["happy day", "happy time", "sad day", "sad time"] * 10
    shares = np.zeros((40, 7), np.float32)
    shares[:, 0] = [1, 1, 0, 0] * 10
    shares[:, 6] = [0, 0, 1, 1] * 10
    lines = pieces_of(texts, shares, "en")
    few = choose_vocabulary(lines, Recipe(pieces=10, least=2))
    assert len(few) == 10
    assert few.find(np.array([crc32(b"w:day"), crc32(b"w:time")], np.uint32)).tolist() == [-1, -1]
    telling = np.concatenate([features("happy").keys, features("sad").keys])
    assert np.isin(few.keys, telling).all()


def test_offsets_lift_the_rare():
    rng = np.random.default_rng(0)
    moods = rng.choice(7, 2_000, p=[0.7, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05])
    logits = rng.normal(size=(2_000, 7)) + 1.5 * np.eye(7)[moods] + np.array([2, 0, 0, 0, 0, 0, 0])
    assert fit_offsets(logits, moods)[0] < 0
