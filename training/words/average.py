"""Averages two trainings of the words model: `python -m training.words.average FIRST SECOND --out FILE --data DIR`.

The second continued from the first (`training.words.train --init`). Of a few shares of the second, the one with the
smallest loss on the lines to choose on is taken; then the average is calibrated.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from inference.model_card import write_checksum
from training.words import corpora, free
from training.words.calibrate import calibrate
from training.words.train import Chosen, WithOffsets
from words import model
from words.model import WordsModel
from words.transformer import Transformer

SHARES = (0.35, 0.5, 0.65, 1.0)
"""Of the second training."""
LINES = 300
"""Of each set, to choose on."""


def average(first: WordsModel, second: WordsModel, share: float) -> WordsModel:
    """The mean of two models of one tokenizer, with this share of the second."""
    if first.tokenizer.to_str() != second.tokenizer.to_str():
        raise ValueError("two trainings with different tokenizers cannot be averaged")
    one, other = first.net.state_dict(), second.net.state_dict()
    heads = {name: first.net.labels(name) for name in first.net.heads}
    net = Transformer(first.net.shape, heads)
    net.load_state_dict({name: torch.lerp(one[name], other[name], share) for name in one})
    offsets = {
        name: ((1 - share) * np.array(values) + share * np.array(second.meta["source_offsets"][name])).tolist()
        for name, values in first.meta["source_offsets"].items()
    }
    meta = second.meta | {"source_offsets": offsets}
    return replace(second, net=net.eval(), meta=meta)


def loss(averaged: WordsModel, chosen: Chosen) -> float:
    """Its mean loss on the lines to choose on."""
    sources = averaged.meta["source_offsets"]
    with_offsets = WithOffsets(averaged.net, list(sources))
    with_offsets.offsets.data = torch.tensor(list(sources.values()), dtype=torch.float32)
    return chosen.measure(with_offsets, averaged.tokenizer)["loss"]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.words.average",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help=corpora.LAYOUT)
    options = parser.parse_args()
    first, second = model.load(options.first), model.load(options.second)
    lines = free.lines_to_choose_on(options.data, str(second.meta["name"]))
    chosen = Chosen.read(first.tokenizer, lines, options.data, LINES)
    losses = {share: loss(average(first, second, share), chosen) for share in SHARES}
    print(", ".join(f"{share:.2f}: {value:.4f}" for share, value in losses.items()))
    model.save(average(first, second, min(losses, key=losses.__getitem__)), options.out)
    # The stored model, whose matrices are rounded to int8.
    trained = model.load(options.out)
    trained.meta.update(calibrate(trained, options.data))
    model.save(trained, options.out)
    if options.out not in (model.WEIGHTS, model.FREE_WEIGHTS):
        write_checksum(options.out)


if __name__ == "__main__":
    main()
