"""Plotly charts of the History page, in the colours of the moods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
import plotly.graph_objects as go

from components.dates import axis_day, axis_step
from components.history.period import Period
from components.moods import mood_name
from components.visitor import t
from diary.calendar import Day
from diary.patterns import Curve, DayColumns, Summary
from emotions import BY_KEY, EMOTIONS, text_colour

_EDGE = {"color": "rgba(128, 128, 128, .45)", "width": 1}  # visible in the dark and in the light theme
_PERCENT = {"tickformat": ".0%", "fixedrange": True, "rangemode": "tozero"}
# Distinct by pattern as well as colour.
_FIRST, _SECOND = {"color": "#4F95DA"}, {"color": "#E58A45", "pattern": {"shape": "/"}}
_DOTS_MAX = 60
_LINE = "#8A7F72"
_HALF_A_DAY = timedelta(hours=12)


def shares(groups: Mapping[str, Summary], horizontal: bool = False) -> go.Figure:
    """One bar for each group, divided among the moods; a gap where there are no days."""
    names = list(groups)
    along, across = ("y", "x") if horizontal else ("x", "y")
    bars = []
    for mood in EMOTIONS:
        values = [group.shares.get(mood, 0) or None for group in groups.values()]
        bars.append(
            go.Bar(
                **{along: names, across: values},
                orientation="h" if horizontal else "v",
                name=mood_name(mood),
                marker={"color": BY_KEY[mood].colour, "line": _EDGE},
                text=[BY_KEY[mood].face if value and value >= 0.12 else "" for value in values],
                textposition="inside",
                insidetextanchor="middle",
                insidetextfont={"color": text_colour(mood), "size": 12},
                textangle=0,
                hovertemplate=f"{mood_name(mood)} %{{{across}:.0%}}<extra>%{{{along}}}</extra>",
            )
        )
    figure = go.Figure(bars)
    figure.update_layout(
        _layout(150 + 44 * len(names) if horizontal else 330),
        barmode="stack",
        bargap=0.25 if horizontal else 0.12,
        # Always as far below the bars as the numbers of the axis need.
        legend={"orientation": "h", "y": -36 / (44 * len(names)) if horizontal else -0.12, "traceorder": "normal"},
        uniformtext={"mode": "hide", "minsize": 8},
    )
    category_axis = {"autorange": "reversed"} if horizontal else {"nticks": 8, "tickangle": 0, "tickfont": {"size": 11}}
    figure.update_layout(
        {
            f"{across}axis": {**_PERCENT, "range": [0, 1]},
            f"{along}axis": {"type": "category", "fixedrange": True, **category_axis},
        }
    )
    return figure


def day_by_day(columns: DayColumns, days: Mapping[date, Day], smooth: Curve | None, period: Period) -> go.Figure:
    """A dot a day in its mood's colour, placed by its valence, before the smoothed line in the band of most days."""
    kept = columns.days.tolist()
    size = 11 if period.length <= 100 else 8 if period.length <= 400 else 6
    dots = []
    for mood in EMOTIONS:
        places = [place for place, day in enumerate(kept) if days[day].mood == mood]
        if places:
            dots.append(
                go.Scatter(
                    x=[kept[place] for place in places],
                    y=np.round(columns.plane[places, 0], 2).tolist(),
                    mode="markers",
                    name=mood_name(mood),
                    marker={"color": BY_KEY[mood].colour, "size": size, "line": _EDGE},
                    cliponaxis=False,  # the first and the last day are whole dots, too
                    # A tap opens the day: no dot pales while its page is on its way.
                    unselected={"marker": {"opacity": 1}},
                    hovertemplate=f"%{{x|{axis_day()}}} · {mood_name(mood)} %{{y:+.2f}}<extra></extra>",
                )
            )
    figure = go.Figure([*(_band_and_line(smooth) if smooth else []), *dots])
    figure.update_layout(
        _layout(300),
        hovermode="closest",
        clickmode="event+select",
        legend={"orientation": "h", "y": -0.16},
        xaxis={
            "type": "date",
            "fixedrange": True,
            "tickformat": axis_step(period.length),
            "nticks": 6,
            "range": [_midnight(period.first) - _HALF_A_DAY, _midnight(period.last) + _HALF_A_DAY],
        },
        yaxis={
            "range": [-0.95, 0.95],
            "fixedrange": True,
            "tickvals": [-0.8, 0, 0.8],
            "ticktext": [t("history.unpleasant"), "0", t("history.pleasant")],
            "zeroline": True,
        },
    )
    return figure


def _band_and_line(smooth: Curve) -> list[go.Scatter]:
    """The smoothed mean and the band where about two thirds of the days lie; both stop where there are no days."""
    middle, spread = smooth.middle[:, 0], smooth.spread[:, 0]
    x, y = _outline(smooth.days, middle - spread, middle + spread)
    quiet = {"hoverinfo": "skip", "showlegend": False}
    band = go.Scatter(x=x, y=y, fill="toself", mode="none", fillcolor=_LINE, opacity=0.16, **quiet)
    line = go.Scatter(
        x=smooth.days, y=np.round(middle, 3), mode="lines", line={"color": _LINE, "width": 3}, opacity=0.8, **quiet
    )
    return [band, line]


def side_by_side(first: Summary, second: Summary, names: tuple[str, str]) -> go.Figure:
    moods = [mood_name(mood) for mood in EMOTIONS]
    figure = go.Figure(
        [
            go.Bar(
                y=moods,
                x=[summary.shares.get(mood, 0) for mood in EMOTIONS],
                orientation="h",
                name=name,
                marker={**style, "line": _EDGE},
                hovertemplate="%{y} %{x:.0%}<extra>%{fullData.name}</extra>",
            )
            for summary, name, style in ((first, names[0], _FIRST), (second, names[1], _SECOND))
        ]
    )
    figure.update_layout(
        _layout(420),
        xaxis=_PERCENT,
        yaxis={"autorange": "reversed", "fixedrange": True},
        legend={"orientation": "h", "y": 1.12},
        bargap=0.3,
    )
    return figure


def on_and_off(names: Sequence[str], on: Sequence[float], off: Sequence[float]) -> go.Figure:
    """For each tag the mean valence of days with it and without it, joined by a line."""
    lines = go.Scatter(
        x=[value for pair in zip(on, off, strict=True) for value in (*pair, None)],
        y=[name for name in names for _ in range(3)],
        mode="lines",
        line={"color": "rgba(128, 128, 128, .7)", "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    dots = [
        go.Scatter(
            x=values,
            y=names,
            mode="markers",
            name=name,
            marker={"size": 13, "color": colour, "symbol": symbol, "line": _EDGE},
            hovertemplate="%{y} %{x:+.2f}<extra>%{fullData.name}</extra>",
        )
        for values, name, colour, symbol in (
            (on, t("history.with_tag"), _FIRST["color"], "circle"),
            (off, t("history.without_tag"), _SECOND["color"], "diamond"),
        )
    ]
    figure = go.Figure([lines, *dots])
    # A minimum range, so that a small difference does not look large.
    limit = max(0.5, *(abs(value) + 0.05 for value in (*on, *off)))
    figure.update_layout(
        _layout(110 + 34 * len(names)),
        xaxis={
            "title": t("history.valence_axis"),
            "range": [-limit, limit],
            "fixedrange": True,
            "zeroline": True,
            "tickformat": "+.1f",
            "nticks": 7,
        },
        yaxis={"autorange": "reversed", "fixedrange": True, "type": "category"},
        legend={"orientation": "h", "y": 1 + 30 / (110 + 34 * len(names))},
    )
    return figure


def rates(values: Mapping[str, float], label: str) -> go.Figure:
    figure = go.Figure(
        go.Bar(
            x=list(values.values()),
            y=list(values),
            orientation="h",
            marker={**_FIRST, "line": _EDGE},
            text=[f"{value:.0%}" for value in values.values()],
            textposition="auto",
            hovertemplate="%{y} %{x:.0%}<extra></extra>",
        )
    )
    figure.update_layout(
        _layout(90 + 44 * len(values)),
        xaxis={**_PERCENT, "range": [0, 1], "title": label},
        yaxis={"autorange": "reversed", "fixedrange": True},
    )
    return figure


def day_counts(days: Mapping[str, int], moods: Sequence[str]) -> go.Figure:
    """One bar for each name, as long as its number of days, in the colour of its mood."""
    figure = go.Figure(
        go.Bar(
            x=list(days.values()),
            y=list(days),
            orientation="h",
            marker={"color": [BY_KEY[mood].colour for mood in moods], "line": _EDGE},
            text=list(days.values()),
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y} %{x}<extra></extra>",
        )
    )
    figure.update_layout(
        _layout(60 + 34 * len(days)),
        xaxis={
            "title": t("history.days"),
            "fixedrange": True,
            "rangemode": "tozero",
            "dtick": max(1, -(-max(days.values()) // 6)),  # whole days
        },
        yaxis={"autorange": "reversed", "fixedrange": True, "type": "category"},
    )
    return figure


def tracker(steps: Sequence[date], means: Sequence[float | None], kind: str, texts: Sequence[str]) -> go.Figure:
    """The mean of each step: bars for shares of yes, else dots joined where no step between them is empty.

    `texts` are the means that are there, as people read them.
    """
    remaining = iter(texts)
    shown = {
        "x": list(steps),
        "y": list(means),
        "customdata": ["" if mean is None else next(remaining) for mean in means],
        "hovertemplate": f"%{{x|{axis_day()}}} %{{customdata}}<extra></extra>",
    }
    if kind == "yes_no":
        figure = go.Figure(go.Bar(**shown, marker={**_FIRST, "line": _EDGE}))
    else:
        line = {"color": _FIRST["color"], "width": 2}
        size = 7 if len(steps) <= _DOTS_MAX else 3  # a small dot still shows a step between two empty ones
        figure = go.Figure(go.Scatter(**shown, mode="lines+markers", line=line, marker={"size": size}))
    figure.update_layout(
        _layout(170),
        xaxis={"type": "date", "fixedrange": True, "tickformat": axis_step((steps[-1] - steps[0]).days), "nticks": 5},
        yaxis={"fixedrange": True, "nticks": 5, **_tracker_axis(kind, [mean for mean in means if mean is not None])},
    )
    return figure


def _tracker_axis(kind: str, means: Sequence[float]) -> dict:
    if kind == "yes_no":
        return {**_PERCENT, "range": [0, 1]}
    if kind == "scale":
        return {"range": [-0.4, 10.4], "tickvals": [0, 5, 10]}
    if kind == "minutes":
        # Whole hours, at most five of them.
        last = max(1, int(np.ceil(max(means, default=60) / 60)))
        hours = range(0, last + 1, max(1, int(np.ceil(last / 4))))
        return {
            "range": [0, 63 * last],
            "tickvals": [60 * hour for hour in hours],
            "ticktext": [f"{h}:00" for h in hours],
        }
    return {"tickformat": ",~r"}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _layout(height: int) -> dict:
    return {"height": height, "margin": {"l": 0, "r": 14, "t": 10, "b": 0}, "dragmode": False}


def _outline(days: Sequence[date], low: np.ndarray, high: np.ndarray) -> tuple[list, list]:
    """The outline of each unbroken run of days: along the lower edge and back along the upper edge."""
    drawn = ~np.isnan(low)
    x: list = []
    y: list = []
    for run in np.split(np.arange(len(days)), np.flatnonzero(np.diff(drawn.astype(int))) + 1):
        if len(run) and drawn[run[0]]:
            along = [days[place] for place in run]
            x += [*along, *reversed(along), None]
            y += [*np.round(low[run], 3).tolist(), *np.round(high[run][::-1], 3).tolist(), None]
    return x, y
