"""One front for every training.

    python -m training.cli voice --data ravdess=/data/ravdess crema-d=/data/CREMA-D --out mine/voice.safetensors
    python -m training.cli face  --data aihub=/data/한국인 --out mine/face.safetensors
    python -m training.cli music --data tracks=/data/music --out mine/music.safetensors
    python -m training.cli voice --layouts                  what can stand before the = and how it must be laid out

It looks before it trains (`--check` stops there), tells from the first steps how long it will take, can be stopped at
any moment and goes on when it is started again, and writes a model card and a checksum beside the weights. What is
decoded, checkpoints and TensorBoard logs lie in FILE-work (`--work`).
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
from training.data_checks import check
from training.datasets.layouts import LayoutError
from training.trainers import PLACES, Course, Job, course, read_all


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.cli", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    senses = parser.add_subparsers(dest="sense", required=True)
    wanted = [given for given in (sys.argv[1:] if arguments is None else arguments) if not given.startswith("-")]
    for sense in PLACES:
        one = senses.add_parser(sense, formatter_class=argparse.RawDescriptionHelpFormatter)
        one.add_argument("--data", nargs="+", metavar="NAME=PATH", default=[], help="one data set or several")
        one.add_argument("--out", type=Path, help="where to write the weights (.safetensors)")
        one.add_argument("--work", type=Path, help="folder for decoded data, checkpoints and logs (FILE-work)")
        one.add_argument("--check", action="store_true", help="look at the data, train nothing")
        one.add_argument("--layouts", action="store_true", help="the data sets and their layouts")
        if wanted[:1] == [sense]:  # a course brings heavy libraries: only the one that was asked for
            course(sense).add_options(one)
    options = parser.parse_args(arguments)
    options.given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(course(options.sense), options)
    except (LayoutError, WeightsError) as error:
        print(error, file=sys.stderr)
        return 2


def _run(chosen: Course, options: argparse.Namespace) -> int:
    if options.layouts:
        print(layouts_text(chosen))
        return 0
    if not options.data:
        raise LayoutError("Name at least one data set: --data NAME=PATH (--layouts lists them).")
    found, pairs = read_all(options.data, chosen.LAYOUTS)
    checked = check(found)
    print(checked.report, flush=True)
    if options.check:
        return 0
    if options.out is None or options.out.suffix != ".safetensors":
        raise LayoutError("Say where to write the weights: --out FILE.safetensors.")
    work = options.work or options.out.with_name(f"{options.out.stem}-work")
    _same_plan(work, options)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    print(f"watch it: tensorboard --logdir {work / 'log'}", flush=True)
    taught = chosen.teach(Job(checked, pairs, options.out, work, options, lambda line: print(line, flush=True)))
    made_by = f"```sh\n{_command(options)}\n```"
    sections = {**taught.sections, "Data": _data_section(checked.report, options.data, chosen), "Made by": made_by}
    card = write_card(options.out, taught.title, sections)
    print(f"wrote {options.out} and {card}")
    return 0


_ASIDE = ("check", "layouts", "submission", "given")
"""Options that change nothing of the training."""


def layouts_text(chosen: Course) -> str:
    """Every data set of a course, as its reader describes it."""
    told = [
        (f"{name}=  {layout.title}, {layout.licence}", layout.description) for name, layout in chosen.LAYOUTS.items()
    ]
    return "\n\n".join(f"{head}\n{textwrap.indent(text, '    ')}" for head, text in told)


def _same_plan(work: Path, options: argparse.Namespace) -> None:
    """A training goes on only with the data and options that it was begun with."""
    plan = {name: _plain(value) for name, value in sorted(vars(options).items()) if name not in _ASIDE}
    file = work / "plan.json"
    if file.exists():
        kept = json.loads(file.read_text(encoding="utf-8"))
        other = [name for name in plan if kept.get(name) != plan[name]]
        if other:
            raise LayoutError(
                f"{work} holds a training with another {', '.join(other)}; start it as it was begun, choose another "
                f"--work, or delete the folder."
            )
    work.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(plan, indent=1, ensure_ascii=False), encoding="utf-8")


def _command(options: argparse.Namespace) -> str:
    """As it was given, so that whoever holds the data can do it again."""
    return shlex.join(["python", "-m", "training.cli", *options.given])


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value.resolve())
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _data_section(report: str, data: Sequence[str], chosen: Course) -> str:
    names = [given.partition("=")[0] for given in data]
    licences = [f"- {chosen.LAYOUTS[name].title}: {chosen.LAYOUTS[name].licence}" for name in dict.fromkeys(names)]
    return "\n".join([report, "", "Licences of the data, which bind the weights too:", "", *licences])


if __name__ == "__main__":
    sys.exit(main())
