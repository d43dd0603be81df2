"""Makes the shipped ensemble from trained networks: the mix fitted on held-out faces, and weights in int8.

    python -m training.face.export --trained DIR --data FERPLUS --version 1.0
    python -m training.face.export --trained DIR --data FERPLUS --look            the tables alone; writes nothing
    python -m training.face.export --trained DIR --data FERPLUS --keep alexnet    the shipped file of this one stays

DIR holds NAME.safetensors of each network, as `python -m training.cli face --model NAME` writes it. Everything is
chosen on the valid split; the test split is for `python -m training.face.evaluate`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Sequence
from pathlib import Path

from fer.ensemble import Logits, Mix
from fer.labels import seven_of
from fer.model import ARCHITECTURES, FaceMember, load_member, save_member
from fer.predict import WEIGHTS
from inference import calibration
from training.face import corpora, fit_ensemble
from training.face.corpora import FERPLUS_HELP, Faces
from training.face.fit_ensemble import MixResult
from training.face.train import logits_of

SURE = 0.9
"""The share of sure readings that must be right; it decides the margin."""
LICENCE = "research and private, non-commercial use (FER2013 is web-scraped research data; FER+ votes are MIT)"
TRAINING_DATA = "FER2013, 28,386 training faces (Goodfellow et al. 2013) with FER+ votes (Barsoum et al. 2016)"


def as_table(rows: Sequence[MixResult]) -> str:
    lines = ["| mix | loss | accuracy (8) | UAR (7) | ECE |", "|---|---|---|---|---|"]
    lines += [f"| {row.name} | {row.loss:.4f} | {row.accuracy:.1%} | {row.uar:.1%} | {row.ece:.1%} |" for row in rows]
    return "\n".join(lines)


def best_mix(logits: Logits, faces: Faces, rows: Sequence[MixResult], lift: float) -> tuple[str, Mix]:
    """The weighting with the lowest cross-fitted loss, fitted once more on all held-out faces."""
    candidates = fit_ensemble.weightings(list(logits))
    best = min((row for row in rows if row.name in candidates), key=lambda row: row.loss)
    return best.name, fit_ensemble.fit(logits, faces.majority, lift, candidates[best.name])


def ship(members: dict[str, FaceMember], mix: Mix, margin: float, version: str, lift: float, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"version": version, "training_data": TRAINING_DATA, "licence": LICENCE}
    for name, member in members.items():
        save_member(member, folder / f"{name}.safetensors", {"name": f"haru-face-{name}", **facts})
    whole = {"name": "haru-face", **facts, "margin": margin, "lift_strength": lift, **mix.as_dict()}
    (folder / "ensemble.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def loss_of_storing(trained: Logits, fresh: Collection[str], mix: Mix, faces: Faces, folder: Path) -> str:
    """Figures of the trained and of the stored weights on the same faces, and the size on disk."""
    stored = dict(trained)
    for name in fresh:
        member = load_member(folder / f"{name}.safetensors")
        stored[name] = logits_of(member, faces.pixels, member.size, mirrored=True)
    lines = []
    for name, logits in {"trained": trained, "stored": stored}.items():
        row = fit_ensemble.measure(name, mix.scores(logits), faces.majority)
        lines.append(f"{name}: accuracy {row.accuracy:.2%}, UAR {row.uar:.2%}, loss {row.loss:.4f}")
    size = sum(file.stat().st_size for file in folder.iterdir())
    return "\n".join([*lines, f"on disk: {size / 1e6:.1f} MB"])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trained", type=Path, required=True, help="folder with NAME.safetensors of each network")
    parser.add_argument("--data", type=Path, required=True, help=FERPLUS_HELP)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--version", default="1.0")
    parser.add_argument("--members", nargs="+", default=list(ARCHITECTURES), choices=list(ARCHITECTURES))
    parser.add_argument(
        "--keep", nargs="+", default=[], choices=list(ARCHITECTURES), help="networks whose shipped file stays"
    )
    parser.add_argument("--lift", type=float, default=1.0, help="how far to undo the balancing of rare classes, 0 … 1")
    parser.add_argument("--look", action="store_true", help="print the tables, write nothing")
    options = parser.parse_args(arguments)
    faces = corpora.read_ferplus(options.data).part("valid")
    members, logits = {}, {}
    for name in options.members:
        members[name] = load_member((options.out if name in options.keep else options.trained) / f"{name}.safetensors")
        logits[name] = logits_of(members[name], faces.pixels, members[name].size, mirrored=True)
    ways = fit_ensemble.cross_compare(logits, faces.majority, lift_strength=options.lift)
    rows = [fit_ensemble.measure(way, scores, faces.majority) for way, scores in ways.items()]
    print(f"{len(faces)} held-out faces, every mix fitted on the other folds\n{as_table(rows)}\n")
    way, mix = best_mix(logits, faces, rows, options.lift)
    margin = calibration.fit_margin(seven_of(ways[way]), faces.majority, SURE)
    print(f"chosen: {way}, margin {margin:.3f}\n{json.dumps(mix.as_dict())}")
    if options.look:
        return
    fresh = {name: member for name, member in members.items() if name not in options.keep}
    ship(fresh, mix, margin, options.version, options.lift, options.out)
    print(loss_of_storing(logits, fresh, mix, faces, options.out))


if __name__ == "__main__":
    main()
