"""Trains the model of written emotion: multilingual-e5-small, shortened to two languages and fine-tuned whole.

    python -m training.words.train --data DIR --start E5.safetensors --tokenizer E5.json --work DIR [--out FILE]
    python -m training.words.train --data DIR --init FILE --most 4000 --sentences 3 --work DIR    goes on from weights
    python -m training.words.train --data DIR --calibrate [--out FILE]      only calibrates the weights of FILE again

It trains on every source of training/words/sources.py at once; with `--free` only on those that anybody may use,
change, share and sell (training/words/free.py). The moods are not equally frequent in the sources, so each has its own
offset for each mood. A stopped training continues with the same command. The weights that it writes
are int8; what the calibration fits, it fits on these.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from emotions import EMOTIONS
from inference.metrics import uar
from inference.model_card import write_checksum
from training import loop
from training.words import corpora, free, sources
from training.words.batches import Batch, Lines, plan
from training.words.calibrate import calibrate
from training.words.first_person import FirstPersonLine
from training.words.shorten import needed, shorten, start
from training.words.sources import Source
from words import model
from words.model import MOOD, WordsModel
from words.parts import encode, words_of
from words.transformer import Shape, Transformer

NAME = "haru-words"
VERSION = "2.1.0"
FINE_WEIGHT = 0.3
"""What the finer labels count beside the seven moods."""
KNOWN = 0.34
"""Share of known words under which no reading is sure."""
_LAYER_DECAY = 0.93
"""Each layer learns slower than the one above it: the lower ones know the languages already."""
_ENCODER_RATE = 0.1
"""The rate of the highest layer, as a share of that of the new heads."""


class WithOffsets(nn.Module):
    """The network and what only the training needs: an offset of each mood for each source."""

    def __init__(self, net: Transformer, names: Sequence[str]) -> None:
        super().__init__()
        self.model = net
        self.names = tuple(names)
        self.offsets = nn.Parameter(torch.zeros(len(names), len(EMOTIONS)))

    def loss(self, batch: Batch) -> Tensor:
        logits = self.model(batch.pieces)
        moods = logits[MOOD].float() + self.offsets[batch.source]
        each = -(batch.shares * moods.log_softmax(1)).sum(1)
        total = (batch.weight * each).sum() / batch.weight.sum()
        for name, (rows, labels) in batch.fine.items():
            fine = nn.functional.binary_cross_entropy_with_logits(logits[name].float()[rows], labels)
            # The loss is a mean over the labels, most of which are absent; a head with more labels counts as much.
            total = total + FINE_WEIGHT * labels.shape[1] / 8 * fine * len(rows) / len(batch.pieces)
        return total


@dataclass(frozen=True)
class Chosen:
    """Lines to choose on, by set."""

    pieces: dict[str, list[np.ndarray]]
    shares: dict[str, np.ndarray]

    @classmethod
    def read(cls, tokenizer: Tokenizer, lines: Sequence[FirstPersonLine], data: Path, most: int = 400) -> Chosen:
        """At most so many of the lines of each set, and of GoEmotions' dev comments."""
        texts: dict[str, list[str]] = {}
        shares: dict[str, np.ndarray] = {}
        for name in sorted({line.source for line in lines}):
            mine = [line for line in lines if line.source == name][:most]
            texts[name], shares[name] = [line.text for line in mine], np.array([line.shares for line in mine])
        for language in ("en", "ko"):
            dev = corpora.goemotions(language, "dev", data)
            dev = dev[np.flatnonzero(dev.single)[:most]]
            texts[f"goemotions_{language}"], shares[f"goemotions_{language}"] = list(dev.texts), dev.shares
        return cls({name: encode(tokenizer, each) for name, each in texts.items()}, shares)

    def measure(self, trained: nn.Module, tokenizer: Tokenizer) -> dict[str, float]:
        """The mean loss; and for each set the recall, averaged over the moods that it has and among these."""
        assert isinstance(trained, WithOffsets)
        reader = WordsModel(trained.model, tokenizer, np.zeros(0, np.uint32), {})
        numbers, losses = {}, []
        for name, pieces in self.pieces.items():
            source = trained.names.index(name if name in trained.names else "practice")
            logits = reader.logits(pieces) + trained.offsets[source].detach().numpy()
            shares = self.shares[name]
            losses.append(float(-(shares * torch.from_numpy(logits).log_softmax(1).numpy()).sum(1).mean()))
            moods = shares.argmax(1)
            among = np.arange(len(EMOTIONS)) if name == "plain" else np.unique(moods)
            numbers[name] = uar(moods, among[logits[:, among].argmax(1)], len(EMOTIONS))
        return {"loss": float(np.mean(losses)), **numbers}


def fit(options: argparse.Namespace) -> WordsModel:
    """The trained model, not calibrated yet."""
    options.work.mkdir(parents=True, exist_ok=True)
    found = sources.read(options.data, options.sentences, options.seed, options.free)
    common = options.words.read_text(encoding="utf-8").split() if options.words else []
    begun = model.load(options.init) if options.init else _from_published(options, found, common)
    net, tokenizer = begun.net.train(), begun.tokenizer
    if options.most:
        found = [
            source if source.name.startswith("events_") else source.some(options.most, options.seed) for source in found
        ]
    lines = Lines.of(tokenizer, found, options.seed)
    for number, source in enumerate(found):
        here = lines.source == number
        print(f"{source.name}: {here.sum():,} lines, {lines.lengths[here].sum():,} pieces", flush=True)
    trained = WithOffsets(net, [source.name for source in found])
    if options.init:
        rows = [begun.meta["source_offsets"][name] for name in trained.names]
        trained.offsets.data = torch.tensor(rows, dtype=torch.float32)
    passes = int(np.ceil(options.passes))
    batches = [batch for each in range(passes) for batch in plan(lines.lengths, options.seed + each)]
    steps = round(len(batches) * options.passes / passes)
    print(f"{net.shape.pieces:,} pieces in the vocabulary; {steps:,} steps", flush=True)
    name = free.NAME if options.free else NAME
    chosen = Chosen.read(tokenizer, free.lines_to_choose_on(options.data, name), options.data)
    loop.fit(
        trained,
        lambda step: lines.batch(batches[step]),
        WithOffsets.loss,
        loop.TrainingOptions(
            steps=steps, lr=options.rate, epoch=max(1, steps // 3), warmup=0.06, lr_scales=layer_rates(net),
            weight_decay=0.01, seed=options.seed, checkpoint=options.work / "last.pt", checkpoint_every=400,
            show_progress=False, report=lambda text: print(text, flush=True),
        ),
        # A short further training ends with its last weights: by the dev loss it would end near its start.
        validate=None if options.init else lambda average: chosen.measure(average, tokenizer),
    )  # fmt: skip
    return WordsModel(net.eval(), tokenizer, begun.known, meta_of(trained) | (_free_meta() if options.free else {}))


def _from_published(options: argparse.Namespace, found: Sequence[Source], common: Sequence[str]) -> WordsModel:
    """The published encoder with the shortened vocabulary and new heads."""
    full = Tokenizer.from_file(str(options.tokenizer))
    scores = dict(json.loads(options.tokenizer.read_text(encoding="utf-8"))["model"]["vocab"])
    kept = needed(full, (text for source in found for text in source.texts), common, least=2)
    tokenizer, order = shorten(full, scores, kept)
    heads = {MOOD: len(EMOTIONS)}
    heads |= {str(source.fine_head): source.fine.shape[1] for source in found if source.fine is not None}
    net = Transformer(Shape(len(order)), heads)
    net.load_state_dict(net.state_dict() | start(options.start, order))
    return WordsModel(net, tokenizer, known_words(found, common), {})


def layer_rates(net: Transformer) -> dict[str, float]:
    """The rate of each layer, as a share of that of the heads."""
    layers = net.shape.layers
    rates = {f"model.encoder.layer.{n}": _ENCODER_RATE * _LAYER_DECAY ** (layers - 1 - n) for n in range(layers)}
    return rates | {"model.embeddings": _ENCODER_RATE * _LAYER_DECAY**layers}


def meta_of(trained: WithOffsets) -> dict:
    offsets = trained.offsets.detach().numpy().astype(float).round(4)
    return {
        "name": NAME,
        "version": VERSION,
        "labels": list(EMOTIONS),
        "sense": "words",
        "training_data": [
            "multilingual-e5-small (MIT)", "GoEmotions (en, machine-translated ko) train", "KOTE, four of five folds",
            "ISEAR, enISEAR, I-feel posts, Lemotif, Korean rated lines, film subtitles: three fifths",
            "chatbot lines with moods noted for Haru", "training/words/events_*.tsv", "training/words/practice.py",
        ],
        "licence": "research and educational use: ISEAR and the I-feel posts allow no more; cite the data",
        "known": KNOWN,
        "source_offsets": dict(zip(trained.names, offsets.tolist(), strict=True)),
    }  # fmt: skip


def _free_meta() -> dict:
    return {
        "name": free.NAME,
        "version": free.VERSION,
        "training_data": [
            "multilingual-e5-small (MIT)",
            *(f"{name} ({terms})" for name, terms in sources.LICENCES.items() if name in sources.FREE),
        ],
        "licence": free.LICENCE,
    }


def known_words(found: Sequence[Source], common: Sequence[str]) -> np.ndarray:
    """The English words of two training lines or more and the common ones, as sorted CRC-32."""
    counts: Counter[str] = Counter()
    for source in found:
        for text in source.texts:
            counts.update({word.text.lower().replace("’", "'") for word in words_of(text) if word.is_latin})
    known = {word for word, count in counts.items() if count >= 2} | {word.lower() for word in common}
    return np.unique(np.array([zlib.crc32(word.encode()) for word in known], np.uint32))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.words.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help=corpora.LAYOUT)
    parser.add_argument("--start", type=Path, help="multilingual-e5-small as safetensors")
    parser.add_argument("--init", type=Path, help="weights of an earlier training to go on from, in place of --start")
    parser.add_argument("--tokenizer", type=Path, help="its tokenizers file")
    parser.add_argument("--words", type=Path, help="common English words that stay known, one a line")
    parser.add_argument("--work", type=Path, help="folder for checkpoints; a stopped training continues from it")
    parser.add_argument("--out", type=Path, help="file to write (default: the shipped weights)")
    parser.add_argument("--free", action="store_true", help="only lines that anybody may use, change, share and sell")
    parser.add_argument("--most", type=int, help="at most so many lines of each source other than the events")
    parser.add_argument("--sentences", type=int, default=14, help="of each template of events")
    parser.add_argument("--passes", type=float, default=1.0, help="how often every line is seen")
    parser.add_argument("--rate", type=float, default=1e-3, help="of the heads; the encoder's is a tenth and less")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--calibrate", action="store_true", help="only calibrate the weights of --out again")
    options = parser.parse_args()
    options.out = options.out or (model.FREE_WEIGHTS if options.free else model.WEIGHTS)
    if not options.calibrate:
        if not (options.work and (options.init or (options.start and options.tokenizer))):
            parser.error("a training needs --work, and --start with --tokenizer or --init")
        model.save(fit(options), options.out)
    # The stored model, whose matrices are rounded to int8.
    trained = model.load(options.out)
    trained.meta.update(calibrate(trained, options.data))
    model.save(trained, options.out)
    # The app loads own weights (HARU_WEIGHTS) only with their checksum.
    if options.out not in (model.WEIGHTS, model.FREE_WEIGHTS):
        write_checksum(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
