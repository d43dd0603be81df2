"""How often a model is right on known and on unknown material, and how often people are, as bars on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from components.text import percent, plain
from components.visitor import t
from inference import people
from inference.measured import Measured

SETS = {"voice": ("left_out_people", "corpora_never_heard"), "face": ("ferplus_clear", "ferplus_test")}
"""The test sets of the shipped weights that are compared, in this order."""


def show(model: str, found: Sequence[Measured]) -> None:
    """The bars of a model that hears or sees people; nothing where it has not been measured on both sets."""
    if not (bars := _bars(model, found)):
        return
    known = people.read()
    st.markdown(f"**{t('models.beside')}**")
    st.html(f'<dl class="haru-beside">{"".join(map(_as_html, bars))}</dl>')
    st.caption(t(f"models.beside_{model}"))
    shares = {sense: percent(getattr(known, sense)) for sense in ("voice", "face", "both")}
    source = plain(f"{known.source}; {known.licence}")
    if known.command:
        source += f" · `{known.command}`"
    st.caption(t("models.beside_people", moods=known.moods, actors=known.actors, source=source, **shares))


def is_shown(model: str, found: Sequence[Measured]) -> bool:
    return bool(_bars(model, found))


@dataclass(frozen=True)
class _Bar:
    name: str
    share: float
    people: bool = False


def _bars(model: str, found: Sequence[Measured]) -> list[_Bar]:
    by_name = {test_set.name: test_set for test_set in found}
    if model not in SETS or not by_name.keys() >= set(SETS[model]):
        return []
    sets = [by_name[name] for name in SETS[model]]
    bars = [_Bar(t(f"models.beside_{test_set.name}"), test_set.uar.value) for test_set in sets]
    if same := sets[-1].human_uar:
        bars.append(_Bar(t("models.beside_same"), same.value, people=True))
    return [*bars, _Bar(t(f"models.beside_person_{model}"), getattr(people.read(), model), people=True)]


def _as_html(bar: _Bar) -> str:
    kind = ' class="people"' if bar.people else ""
    line = f'<i style="--share:{bar.share:.3f}" aria-hidden="true"></i>'
    return f"<div{kind}><dt>{escape(bar.name)}</dt><dd>{line} {percent(bar.share)}</dd></div>"
