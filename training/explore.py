"""Writes one HTML page about data sets, to read before a training; it opens in any browser without a network.

    python -m training.explore --data crema-d=/data/CREMA-D --out report.html
    python -m training.explore --sense face --data folder=/data/pictures --out report.html

It shows counts by class, person, sex and split; length and loudness; drawn examples of each class; broken and duplicate
files; and how the trainings' balancing changes the shares of the classes.
"""

from __future__ import annotations

import argparse
import html
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotions import BY_KEY
from reading import Refusal
from training.data_checks import CheckedData, check_data, counts_table
from training.datasets.layouts import Example, LayoutError, mood_named, parse_data_option
from training.trainers import TRAINERS, ExampleFacts, Trainer, read_datasets, trainer_for

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_MEASURED = 2000
"""Examples to decode at most, drawn at random; --all decodes every one."""
DRAWN = 5
"""Examples of each class to draw."""
MOST_PEOPLE = 60
"""Bars in the chart of people; more could not be read."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.55 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #2b2622; }}
h1 {{ font-size: 1.5rem }} h2 {{ font-size: 1.15rem; margin: 2.2rem 0 .4rem }}
li {{ margin: .15rem 0 }} table {{ border-collapse: collapse }} td, th {{ padding: .2rem .7rem; text-align: right }}
td:first-child, th:first-child {{ text-align: left }} tr + tr {{ border-top: 1px solid #e3ddd3 }}
code {{ font-size: .85em }}
</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""


def page(trainer: Trainer, data: CheckedData, title: str, most: int = MOST_MEASURED) -> str:
    measured, broken = measure_examples(trainer, data.examples, most)
    parts = [_table(data.examples), _list("Remarks", (*data.remarks, *data.cautions))]
    drawings = [
        ("Classes", by_class(data.examples)),
        ("Effect of balancing", balancing(trainer, data.examples)),
        ("People", by_person(data.examples)),
        ("Sex and split", by_kind(data.examples)),
        *histograms(measured),
    ]
    parts += [_figure_html(heading, figure, first=not place) for place, (heading, figure) in enumerate(drawings)]
    figures = trainer.draw_examples(examples_to_draw(data.examples))
    parts += [_figure_html(heading, figure) for heading, figure in figures]
    parts.append(_list(f"Broken ({len(broken)} of {len(measured) + len(broken)} examined)", broken))
    duplicates = [" = ".join(str(path) for path in group) for group in data.duplicates]
    parts.append(_list(f"The same content ({len(duplicates)})", duplicates))
    return _PAGE.format(title=html.escape(title), body="\n".join(parts))


def measure_examples(
    trainer: Trainer, examples: Sequence[Example], most: int
) -> tuple[list[tuple[Example, ExampleFacts]], list[str]]:
    """Measures some examples, drawn at random; also returns why examples could not be opened."""
    some = examples
    if len(examples) > most:
        some = [examples[place] for place in np.sort(np.random.default_rng(0).permutation(len(examples))[:most])]
    with ThreadPoolExecutor() as pool:
        results = list(zip(some, pool.map(trainer.measure_example, some), strict=True))
    measured = [(example, result) for example, result in results if isinstance(result, ExampleFacts)]
    broken = [f"{example.path}: {result}" for example, result in results if isinstance(result, Refusal)]
    return measured, broken


def by_class(examples: Sequence[Example]) -> go.Figure:
    """A bar for each class, a colour for each data set; points for the shares of votes."""
    import plotly.graph_objects as go

    figure = go.Figure()
    labels = sorted({example.label for example in examples})
    for dataset in sorted({example.dataset for example in examples}):
        counts = Counter(example.label for example in examples if example.dataset == dataset)
        figure.add_bar(x=labels, y=[counts[label] for label in labels], name=dataset)
    # Votes for something that is no class (Emotify's nine feelings) belong in another figure.
    voted = [example for example in examples if example.votes and all(map(mood_named, example.votes))]
    if voted:
        mass: dict[str, float] = defaultdict(float)
        for example in voted:
            total = sum(example.votes.values())
            for label, votes in example.votes.items():
                mass[label] += votes / total
        figure.add_scatter(
            x=labels, y=[mass[label] for label in labels], mode="markers", name="by votes", marker={"size": 11}
        )
    return figure.update_layout(barmode="stack", yaxis_title="examples")


def balancing(trainer: Trainer, examples: Sequence[Example]) -> go.Figure:
    """The share of each class in the training, with and without balancing."""
    import plotly.graph_objects as go

    labels = sorted({example.label for example in examples})
    figure = go.Figure()
    for name, power in trainer.BALANCE_POWERS.items():
        shares: dict[str, float] = defaultdict(float)
        for example, weight in zip(examples, trainer.example_weights(examples, power), strict=True):
            shares[example.label] += float(weight)
        figure.add_bar(x=labels, y=[100 * shares[label] for label in labels], name=name)
    return figure.update_layout(yaxis_title="% of a training", legend={"orientation": "h", "y": 1.15})


def by_person(examples: Sequence[Example]) -> go.Figure:
    """The people with the most examples, by class."""
    import plotly.graph_objects as go

    known = [example for example in examples if example.person_known]
    counts = Counter(example.person for example in known)
    people = [person for person, _ in counts.most_common(MOST_PEOPLE)]
    figure = go.Figure()
    for label in sorted({example.label for example in known}):
        each = Counter(example.person for example in known if example.label == label)
        figure.add_bar(x=people, y=[each[person] for person in people], name=label, marker_color=_colour(label))
    note = f"{len(counts)} people" if counts else "no people are named"
    if len(counts) > MOST_PEOPLE:
        note += f", the {MOST_PEOPLE} with most examples"
    return figure.update_layout(barmode="stack", title=note)


def by_kind(examples: Sequence[Example]) -> go.Figure:
    from plotly.subplots import make_subplots

    figure = make_subplots(1, 2, subplot_titles=("sex", "split of the data set's own"))
    for column, name in enumerate(("gender", "split"), 1):
        counts = Counter(getattr(example, name) or "unknown" for example in examples)
        figure.add_bar(x=list(counts), y=list(counts.values()), row=1, col=column)
    return figure.update_layout(showlegend=False)


def histograms(measured: Sequence[tuple[Example, ExampleFacts]]) -> list[tuple[str, go.Figure]]:
    """A histogram of every measured fact, with a colour for each class."""
    import plotly.graph_objects as go

    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for example, facts in measured:
        for name, value in facts.values.items():
            values[name][example.label].append(value)
    drawn = []
    for name, by_label in values.items():
        figure = go.Figure()
        everything = np.concatenate([np.array(each) for each in by_label.values()])
        edges = np.histogram_bin_edges(everything, 30)
        middle = ((edges[1:] + edges[:-1]) / 2).round(3)
        for label, each in sorted(by_label.items()):
            figure.add_bar(x=middle, y=np.histogram(each, edges)[0], name=label, marker_color=_colour(label))
        figure.update_layout(barmode="stack", bargap=0.02, xaxis_title=name, yaxis_title="examples")
        drawn.append((name[0].upper() + name[1:], figure))
    return drawn


def examples_to_draw(examples: Sequence[Example], count: int = DRAWN) -> dict[str, list[Example]]:
    """Some examples of each class, of different people where there are several."""
    rng = np.random.default_rng(0)
    chosen: dict[str, list[Example]] = {}
    for label in sorted({example.label for example in examples}):
        mine = [example for example in examples if example.label == label]
        order = [mine[place] for place in rng.permutation(len(mine))]
        first = list({example.person: example for example in reversed(order)}.values())
        chosen[label] = (first + [example for example in order if example not in first])[:count]
    return chosen


def kind_of(data: Sequence[str]) -> str:
    """The trainer that can read all these data sets: voice, face or music."""
    names = [parse_data_option(option)[0] for option in data]
    knows = [kind for kind in TRAINERS if set(names) <= _known(kind)]
    if len(knows) == 1:
        return knows[0]
    if not knows:
        known = sorted(set().union(*(_known(kind) for kind in TRAINERS)))
        raise LayoutError(f"No trainer knows {', '.join(names)}; the data sets are {', '.join(known)}.")
    raise LayoutError(f"{', '.join(names)} can be read for {' or '.join(knows)}: say which with --sense.")


def _known(kind: str) -> set[str]:
    try:
        return set(trainer_for(kind).LAYOUTS)
    except ModuleNotFoundError:
        return set()


def _colour(label: str) -> str | None:
    """The colour of a mood in the diary; Plotly's choice for other classes."""
    return BY_KEY[label].colour if label in BY_KEY else None


def _figure_html(heading: str, figure: go.Figure, first: bool = False) -> str:
    figure.update_layout(
        template="plotly_white", margin={"l": 50, "r": 20, "t": 40, "b": 40}, font={"family": "system-ui, sans-serif"}
    )
    if figure.to_dict()["layout"].get("height") is None:
        figure.update_layout(height=320)
    # Plotly's script goes into the page once; nothing is fetched.
    drawn = figure.to_html(full_html=False, include_plotlyjs=first, config={"displayModeBar": False})
    return f"<h2>{html.escape(heading)}</h2>\n{drawn}"


def _table(examples: Sequence[Example]) -> str:
    """The counts as a table: in a chart a class of three examples is invisible."""
    lines = counts_table(examples)
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|") and not line.startswith("|---")]
    cells = ["".join(f"<{kind}>{html.escape(cell.strip())}</{kind}>" for cell in row) for kind, row in _cell_tags(rows)]
    notes = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line and not line.startswith("|"))
    return f"<table>{''.join(f'<tr>{one}</tr>' for one in cells)}</table>{notes}"


def _cell_tags(rows: Sequence[Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    return [("td" if place else "th", row) for place, row in enumerate(rows)]


def _list(heading: str, lines: Sequence[str], most: int = 100) -> str:
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines[:most])
    more = f"<p>… and {len(lines) - most} more</p>" if len(lines) > most else ""
    return f"<h2>{html.escape(heading)}</h2>\n<ul>{items or '<li>nothing</li>'}</ul>{more}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.explore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", nargs="+", metavar="NAME=PATH", required=True)
    parser.add_argument("--out", type=Path, required=True, help="the page (.html)")
    parser.add_argument("--sense", choices=list(TRAINERS), help="the trainer, if several can read the data set")
    parser.add_argument("--all", action="store_true", help=f"decode every example, not {MOST_MEASURED} at random")
    options = parser.parse_args(arguments)
    try:
        trainer = trainer_for(options.sense or kind_of(options.data))
        found = read_datasets(options.data, trainer.LAYOUTS)
        data = check_data(found)
    except LayoutError as error:
        print(error, file=sys.stderr)
        return 2
    options.out.parent.mkdir(parents=True, exist_ok=True)
    most = len(data.examples) if options.all else MOST_MEASURED
    options.out.write_text(page(trainer, data, ", ".join(found), most), encoding="utf-8")
    print(data.report)
    print(f"wrote {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
