"""The card of speech to text: how much of what people said it gets wrong, how fast it is, and what was not measured."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import stt.predict
from components.models import measured as shown
from components.moods import mood_name
from components.visitor import t
from emotions import EMOTIONS
from stt import figures, model_folder
from stt.figures import ErrorRates, Figures, Inventions, Speed

NAME = "transcript"


def show() -> None:
    folder = stt.predict.model_in_use()
    shipped, found = folder == stt.predict.MODEL, figures.read(folder)
    st.write(t("models.transcript_what"))
    if not shipped:
        st.caption(t("models.transcript_own", name=folder.name))
    version = " ".join(stt.predict.name_and_version(folder)) if stt.predict.has_weights() else None
    if version is None:
        st.info(t("models.not_here"), icon=":material/hourglass_empty:")
    if found == Figures():
        st.info(t("models.not_measured"), icon=":material/straighten:")
    else:
        _warn_of_another_version(found, version)
        _figures(found)
    st.subheader(t("models.about"), anchor=False)
    if version:
        size = (folder / model_folder.MODEL).stat().st_size / 1e6
        _fact("version", t("models.version_and_size", version=version, megabytes=f"{size:.0f}"))
    if shipped:
        _fact("data", t("models.transcript_data"))
        _fact("licence", t("models.transcript_licence"))
    _fact("not_for", t("models.transcript_not_for"))
    _fact("limits", t("models.transcript_limits"))


def _fact(name: str, text: str) -> None:
    st.markdown(f"**{t(f'models.{name}')}** · {text}")


def _warn_of_another_version(found: Figures, version: str | None) -> None:
    parts = (*found.error_rates, found.inventions, found.speed)
    others = sorted({part.model for part in parts if part} - {version})
    if version and others:
        st.warning(t("models.other_version", measured=", ".join(others), running=version))


def _figures(found: Figures) -> None:
    boxes = [_error_box(rates) for name in ("korean", "cremad") if (rates := found.of(name))]
    if found.inventions:
        boxes.append(_invention_box(found.inventions))
    if found.speed:
        boxes.append(_speed_box(found.speed))
    shown.show_boxes(boxes)
    st.caption(t("models.wrong_means"))
    for name in dict.fromkeys(rates.name for rates in found.error_rates):
        _error_table([rates for rates in found.error_rates if rates.name == name])
    if found.inventions:
        _inventions(found.inventions)
    if found.speed:
        _speed(found.speed)


def _error_box(rates: ErrorRates) -> str:
    between = t("models.between", low=f"{rates.rate.low:.1%}", high=f"{rates.rate.high:.1%}")
    return shown.box(t(f"models.wrong_{rates.unit}"), f"{rates.rate.value:.1%}", between)


def _invention_box(found: Inventions) -> str:
    value = t("models.of", part=found.with_words, whole=found.count)
    return shown.box(t("models.invented"), value, t("models.invented_means"))


def _speed_box(speed: Speed) -> str:
    takes = t("models.takes", seconds=f"{speed.clip_seconds:.0f}")
    return shown.box(takes, t("models.seconds", seconds=f"{speed.clip:.1f}"), t("models.cores", cores=speed.cores))


def _error_table(conditions: Sequence[ErrorRates]) -> None:
    """One corpus: a row for all clips and for each mood, a column for each condition."""
    first = conditions[0]
    st.markdown(f"**{t(f'models.spoken_{first.name}')}**")
    st.caption(t("models.set_facts_people", count=f"{first.count:,}", people=first.people, command=first.command))
    moods = [mood for mood in EMOTIONS if mood in first.by_mood]
    table = {t("entry.mood"): [t("models.all_clips"), *map(mood_name, moods)]}
    for rates in conditions:
        values = [rates.rate.value, *(rates.by_mood[mood] for mood in moods)]
        table[t(f"models.condition_{rates.condition}")] = [f"{value:.1%}" for value in values]
    st.table(table, hide_index=True)
    remarks = [t("models.computed")] if len(conditions) > 1 else []
    if first.plain is not None:
        remarks.append(t("models.plain_way", rate=f"{first.plain:.1%}"))
    if first.as_written not in (None, first.rate.value):
        remarks.append(t("models.as_written", rate=f"{first.as_written:.1%}"))
    if remarks:
        st.caption(" ".join(remarks))


def _inventions(found: Inventions) -> None:
    sentences = [t("models.invented_in", part=found.with_words, whole=found.count)]
    if found.plain_with_words is not None:
        sentences.append(t("models.plain_invented", part=found.plain_with_words))
    _measured_in(t("models.invented"), sentences, found.command)


def _speed(speed: Speed) -> None:
    sentences = [
        t(
            "models.speed_means",
            recording=f"{speed.recording_seconds:.0f}",
            first=f"{speed.first_words:.1f}",
            whole=f"{speed.whole:.0f}",
            megabytes=f"{speed.megabytes:.0f}",
        )
    ]
    if speed.plain_clip is not None:
        sentences.append(t("models.plain_speed", clip=f"{speed.clip_seconds:.0f}", seconds=f"{speed.plain_clip:.1f}"))
    _measured_in(t("models.speed"), sentences, speed.command)


def _measured_in(heading: str, sentences: Sequence[str], command: str) -> None:
    st.markdown(f"**{heading}**")
    st.caption(f"{' '.join(sentences)} · `{command}`")
