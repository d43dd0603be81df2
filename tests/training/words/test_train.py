"""The whole way from lines to readings on a few hundred sentences: a broken step anywhere would show."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from emotions import EMOTIONS
from tests.words.conftest import tiny_tokenizer
from training import loop
from training.words.batches import Lines, plan
from training.words.sources import Source, written_differently
from training.words.train import WithOffsets, known_words, meta_of
from words.model import MOOD, WordsModel
from words.parts import encode
from words.transformer import Shape, Transformer

SEVEN = len(EMOTIONS)
HAPPY, SAD = EMOTIONS.index("happiness"), EMOTIONS.index("sadness")


def _source(name: str, sad: int, happy: int) -> Source:
    texts = tuple(["went home sad"] * sad + ["오늘 집에 갔다 행복"] * happy)
    return Source(name, texts, np.eye(SEVEN)[[SAD] * sad + [HAPPY] * happy], 1.0, 1)


def _trained(found: list[Source], steps: int = 60) -> tuple[WithOffsets, WordsModel]:
    torch.manual_seed(0)
    tokenizer = tiny_tokenizer()
    net = Transformer(
        Shape(tokenizer.get_vocab_size(), width=16, layers=1, heads=2, inner=32, positions=80), {MOOD: SEVEN}
    )
    trained = WithOffsets(net, [source.name for source in found])
    lines = Lines.of(tokenizer, found, seed=0)
    batches = [batch for each in range(200) for batch in plan(lines.lengths, each, tokens=256)]
    options = loop.TrainingOptions(steps=steps, lr=1e-2, show_progress=False, ema=0.9)
    loop.fit(trained, lambda step: lines.batch(batches[step]), WithOffsets.loss, options)
    return trained, WordsModel(net.eval(), tokenizer, known_words(found, ["Day"]), meta_of(trained))


def test_training_learns_what_lines_say() -> None:
    _, model = _trained([_source("practice", 40, 40)])
    sad, happy = model.logits(encode(model.tokenizer, ["went home sad", "오늘 집에 갔다 행복"]))
    assert (sad.argmax(), happy.argmax()) == (SAD, HAPPY)
    assert (model.knows("went"), model.knows("day"), model.knows("sadly")) == (True, True, False)
    assert set(model.meta["source_offsets"]) == {"practice"}


def test_the_share_of_a_mood_in_a_source_goes_into_its_offset() -> None:
    trained, _ = _trained([_source("isear", 60, 5), _source("events_ko", 5, 60)])
    offsets = trained.offsets.detach().numpy()
    assert offsets[0, SAD] - offsets[0, HAPPY] > offsets[1, SAD] - offsets[1, HAPPY]


def test_finer_labels_count_only_for_lines_that_have_them() -> None:
    tokenizer = tiny_tokenizer()
    net = Transformer(
        Shape(tokenizer.get_vocab_size(), width=16, layers=1, heads=2, inner=32), {MOOD: SEVEN, "kote": 2}
    )
    trained = WithOffsets(net, ["kote", "practice"]).eval()
    fine = Source("kote", ("sad",), np.eye(SEVEN)[[SAD]], 1.0, 1, np.array([[1, 0]], np.float32))
    lines = Lines.of(tokenizer, [fine, Source("practice", ("sad",), np.eye(SEVEN)[[SAD]], 1.0, 1)], seed=3)
    with_labels, without = (trained.loss(lines.batch([row])).item() for row in (0, 1))
    assert with_labels > without


@pytest.mark.parametrize("seed", range(5))
def test_a_line_stays_a_line_when_it_is_written_differently(seed: int) -> None:
    rng = random.Random(seed)
    for text in ("Went home.", "오늘 집에 갔다!", "...", "😊"):
        found = written_differently(text, rng)
        assert found
        assert "".join(found.lower().split()).rstrip(".!") == "".join(text.lower().split()).rstrip(".!") or found == "."
