"""Trains a model on your own data, for use in the app.

    python -m training.cli voice --data ravdess=/data/ravdess crema-d=/data/CREMA-D --out mine/voice.safetensors
    python -m training.cli face  --data ferplus=/data/ferplus --out mine/face.safetensors
    python -m training.cli words --data table=/data/lines.csv --out mine/words.safetensors
    python -m training.cli music --data tracks=/data/music --out mine/music.safetensors
    python -m training.cli voice --layouts                  lists the data sets and their folder layouts

It checks the data first (`--check` stops there) and reports from the first steps how long the training will take. You
can stop it at any moment; the same command continues. It writes a model card and a checksum beside the weights.
Decoded data, checkpoints and TensorBoard logs go to FILE-work (`--work`).
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from inference.model_card import write_card
from inference.weights import WeightsError
from training.data_checks import check_data
from training.datasets.layouts import LayoutError
from training.trainers import TRAINERS, Trainer, TrainingJob, read_datasets, trainer_for

_NOT_COMPARED = ("check", "layouts", "submission", "arguments")
"""Options that do not affect the training."""


_DATA_HELP = (
    "public or own data sets, for example ravdess=/data/RAVDESS emodb=/data/EMO-DB for voices, ferplus=/data/ferplus "
    "for faces, table=/data/lines.csv for words; --layouts lists all of them and their folder layouts"
)


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser(given).parse_args(given)
    options.arguments = given
    try:
        return _run(trainer_for(options.kind), options)
    except (LayoutError, WeightsError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.cli", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds = parser.add_subparsers(dest="kind", required=True)
    positional = [word for word in given if not word.startswith("-")]
    for kind in TRAINERS:
        subparser = kinds.add_parser(kind, formatter_class=argparse.RawDescriptionHelpFormatter)
        subparser.add_argument("--data", nargs="+", metavar="NAME=PATH", default=[], help=_DATA_HELP)
        subparser.add_argument("--out", type=Path, help="where to write the weights (.safetensors)")
        subparser.add_argument("--work", type=Path, help="folder for decoded data, checkpoints and logs (FILE-work)")
        subparser.add_argument("--check", action="store_true", help="only check the data")
        subparser.add_argument("--layouts", action="store_true", help="list the data sets and their layouts")
        if positional[:1] == [kind]:
            trainer_for(kind).add_options(subparser)
    return parser


def _run(trainer: Trainer, options: argparse.Namespace) -> int:
    if options.layouts:
        print(layouts_text(trainer))
        return 0
    if not options.data:
        raise LayoutError("Name at least one data set: --data NAME=PATH (--layouts lists them).")
    data = check_data(read_datasets(options.data, trainer.LAYOUTS))
    print(data.report, flush=True)
    if options.check:
        return 0
    if options.out is None or options.out.suffix != ".safetensors":
        raise LayoutError("Say where to write the weights: --out FILE.safetensors.")
    work = options.work or options.out.with_name(f"{options.out.stem}-work")
    _check_same_options(work, options)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    print(f"to watch the training: tensorboard --logdir {work / 'log'}", flush=True)
    names = tuple(name.partition("=")[0] for name in options.data)
    job = TrainingJob(data, names, options.out, work, options, lambda line: print(line, flush=True))
    text = trainer.train_model(job)
    command = shlex.join(["python", "-m", "training.cli", *options.arguments])
    sections = {
        **text.sections,
        "Data": _data_section(data.report, names, trainer),
        "Made by": f"```sh\n{command}\n```",
    }
    card = write_card(options.out, text.title, sections)
    print(f"wrote {options.out} and {card}")
    return 0


def layouts_text(trainer: Trainer) -> str:
    """Every data set of a trainer, as its reader describes it."""
    parts = [
        f"{name}=  {layout.title}, {layout.licence}\n{textwrap.indent(layout.description, '    ')}"
        for name, layout in trainer.LAYOUTS.items()
    ]
    return "\n\n".join(parts)


def _check_same_options(work: Path, options: argparse.Namespace) -> None:
    """Refuses to resume a training with other data or options."""
    plan = {name: _as_json(value) for name, value in sorted(vars(options).items()) if name not in _NOT_COMPARED}
    file = work / "plan.json"
    if file.exists():
        before = json.loads(file.read_text(encoding="utf-8"))
        other = [name for name in plan if before.get(name) != plan[name]]
        if other:
            raise LayoutError(
                f"{work} holds a training with another {', '.join(other)}; repeat the first options, choose another "
                f"--work, or delete the folder."
            )
    work.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(plan, indent=1, ensure_ascii=False), encoding="utf-8")


def _as_json(value: object) -> object:
    if isinstance(value, Path):
        return str(value.resolve())
    return [_as_json(item) for item in value] if isinstance(value, list | tuple) else value


def _data_section(report: str, names: Sequence[str], trainer: Trainer) -> str:
    licences = [f"- {trainer.LAYOUTS[name].title}: {trainer.LAYOUTS[name].licence}" for name in dict.fromkeys(names)]
    return "\n".join([report, "", "Licences of the data, which also apply to the weights:", "", *licences])


if __name__ == "__main__":
    sys.exit(main())
