import numpy as np
import pytest

from emotions import EMOTIONS
from training.words import corpora
from training.words.evaluate import DIARY, training_counts
from training.words.labels import GOEMOTIONS, KOTE, KOTE_FREQUENCY


def test_the_tables_name_the_labels_of_the_data(data):
    assert (data / "goemotions_labels.txt").read_text(encoding="utf-8").split() == list(GOEMOTIONS)
    assert (data / "kote_labels.txt").read_text(encoding="utf-8").split() == list(KOTE)
    labels = [row.split("\t")[2].split(",") for row in (data / "kote_val.tsv").read_text(encoding="utf-8").splitlines()]
    counted = np.bincount([int(label) for row in labels for label in row], minlength=44)
    assert counted.tolist() == list(KOTE_FREQUENCY.values())


def test_the_corpora_are_whole(data):
    assert [len(corpora.goemotions("en", split, data)) for split in corpora.SPLITS] == [43_410, 5_426, 5_427]
    assert len(corpora.kote(data)) == 5_000
    counts = training_counts(data)
    assert set(counts) == {"comments", "kote", "first_person", "practice"}
    assert 3_900 < counts["kote"] < 4_100  # four folds of five
    assert counts["comments"] > 43_000
    assert min(counts.values()) > 3_000


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
