"""From finished trainings to what is shipped: the mix fitted on held-out faces, int8 weights, and what both cost.

    python -m training.face.export --runs RUNS --version 1.0
    python -m training.face.export --runs RUNS --look            the tables alone; nothing is written
    python -m training.face.export --runs RUNS --keep alexnet    of this one no new training: its file stays untouched

Everything is chosen on the valid split. The test split is for `python -m training.face.evaluate`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from fer.ensemble import Logits, Mix
from fer.labels import seven_of
from fer.model import ARCHITECTURES, Member, load_member, save_member
from fer.predict import WEIGHTS
from inference import calibration
from training.face import corpora, fit_ensemble, train
from training.face.corpora import Faces
from training.face.fit_ensemble import MixResult

WANTED_RIGHT = 0.9
"""A verdict is called sure where verdicts with such a lead were right nine times in ten."""
LICENCE = "research and private, non-commercial use (FER2013 is web-scraped research data; FER+ votes are MIT)"
TRAINING_DATA = "FER2013, 28,386 training faces (Goodfellow et al. 2013) with FER+ votes (Barsoum et al. 2016)"


def logits_kept(folder: Path, member: Member, faces: Faces, state: Path) -> np.ndarray:
    """(faces, eight), mirrored, computed once for each state of the weights."""
    kept = folder / "valid.npy"
    if not kept.exists() or kept.stat().st_mtime < state.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(kept, train.logits_of(member, faces.pixels, member.size, mirrored=True))
    return np.load(kept)


def rows_of(ways: dict[str, np.ndarray], faces: Faces) -> list[MixResult]:
    return [fit_ensemble.measure(way, scores, faces.majority) for way, scores in ways.items()]


def as_table(rows: Sequence[MixResult]) -> str:
    lines = ["| mix | loss | accuracy (8) | UAR (7) | ECE |", "|---|---|---|---|---|"]
    lines += [f"| {row.name} | {row.loss:.4f} | {row.accuracy:.1%} | {row.uar:.1%} | {row.ece:.1%} |" for row in rows]
    return "\n".join(lines)


def best_mix(logits: Logits, faces: Faces, rows: Sequence[MixResult], lift: float) -> tuple[str, Mix]:
    """The way of all four members whose cross-fitted loss is lowest, fitted once more on all held-out faces."""
    candidates = fit_ensemble.weightings(list(logits))
    best = min((row for row in rows if row.name in candidates), key=lambda row: row.loss)
    return best.name, fit_ensemble.fit(logits, faces.majority, lift, candidates[best.name])


def ship(members: dict[str, Member], mix: Mix, margin: float, version: str, lift: float, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"version": version, "training_data": TRAINING_DATA, "licence": LICENCE}
    for name, member in members.items():
        save_member(member, folder / f"{name}.safetensors", {"name": f"haru-face-{name}", **facts})
    whole = {"name": "haru-face", **facts, "margin": margin, "lift_strength": lift, **mix.as_dict()}
    (folder / "ensemble.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def loss_of_storing(trained: Logits, fresh: Collection[str], mix: Mix, faces: Faces, folder: Path) -> str:
    """The same faces by the trained and by the stored weights; of members that were kept these are the same."""
    stored = dict(trained)
    for name in fresh:
        member = load_member(folder / f"{name}.safetensors")
        stored[name] = train.logits_of(member, faces.pixels, member.size, mirrored=True)
    lines = []
    for name, logits in {"trained": trained, "stored": stored}.items():
        row = fit_ensemble.measure(name, mix.scores(logits), faces.majority)
        lines.append(f"{name}: accuracy {row.accuracy:.2%}, UAR {row.uar:.2%}, loss {row.loss:.4f}")
    size = sum(file.stat().st_size for file in folder.iterdir())
    return "\n".join([*lines, f"on disk: {size / 1e6:.1f} MB"])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--version", default="1.0")
    parser.add_argument("--members", nargs="+", default=list(ARCHITECTURES), choices=list(ARCHITECTURES))
    parser.add_argument(
        "--keep", nargs="+", default=[], choices=list(ARCHITECTURES), help="members that stay as they are"
    )
    parser.add_argument("--lift", type=float, default=1.0, help="how far the balancing of rare classes is taken back")
    parser.add_argument("--look", action="store_true", help="print the tables, write nothing")
    options = parser.parse_args(arguments)
    faces = corpora.read_ferplus(options.data, options.runs).part("valid")
    members, logits = {}, {}
    for name in options.members:
        folder, shipped = options.runs / name, options.out / f"{name}.safetensors"
        state = shipped if name in options.keep else folder / "last.best.pt"
        members[name] = load_member(shipped) if name in options.keep else train.trained_member(folder)
        logits[name] = logits_kept(folder, members[name], faces, state)
    ways = fit_ensemble.cross_compare(logits, faces.majority, lift_strength=options.lift)
    rows = rows_of(ways, faces)
    print(f"{len(faces)} held-out faces, every mix fitted on the other folds\n{as_table(rows)}\n")
    way, mix = best_mix(logits, faces, rows, options.lift)
    margin = calibration.fit_margin(seven_of(ways[way]), faces.majority, WANTED_RIGHT)
    print(f"chosen: {way}, margin {margin:.3f}\n{json.dumps(mix.as_dict())}")
    if options.look:
        return
    fresh = {name: member for name, member in members.items() if name not in options.keep}
    ship(fresh, mix, margin, options.version, options.lift, options.out)
    print(loss_of_storing(logits, fresh, mix, faces, options.out))


if __name__ == "__main__":
    main()
