"""What Haru says after a person kept another mood than the models said: that it is noted, and what it learns."""

from __future__ import annotations

from components.moods import mood_name
from components.visitor import t
from diary import corrections
from diary.sessions import Session
from inference.personalise import FEWEST
from understanding.analyst import Analysis

_LEARNT_SOURCES = ("voice", "face")


def correction_noted(session: Session, analysis: Analysis | None, mood: str) -> str:
    """One or two sentences; empty where the person agreed. Call it after the entry was kept."""
    fused = analysis.fused if analysis else None
    if analysis is None or fused is None or fused.label == mood:
        return ""
    noted = t("saved.corrected", read=mood_name(fused.label), mood=mood_name(mood))
    sources = [source for source in _LEARNT_SOURCES if source in analysis.raw]
    if not sources or not corrections.is_learning(session):
        return noted
    return f"{noted} {_learnt(session, sources)}"


def _learnt(session: Session, sources: list[str]) -> str:
    count = max(corrections.count(session, source) for source in sources)
    if count < FEWEST:
        return t("saved.learns_soon", count=count, fewest=FEWEST)
    learnt = corrections.of(session)
    changed = [source for source in sources if learnt[source].strength]
    if not changed:
        return t("saved.learns_no_pattern", count=count)
    return t("saved.learns_now", sources=t(f"saved.of_{'_'.join(changed)}"), count=count)
