"""`haru-admin import-health`: imports an export of Apple Health or Health Connect that is too large for an upload.

The page *Your data* does the same with files up to its limit. This command reads the file on the server's disk, piece
by piece, shows what would become trackers, and asks before it stores anything.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from diary import trackers
from diary.sessions import Session
from diary.trackers import Tracker
from diary.transfer import derived_ids, health, health_days, import_plan, importing
from diary.transfer.import_plan import ImportPlan
from diary.transfer.parsed import HealthSeries, ParsedTracker
from language import say
from web.admin_commands import command, own_session
from web.admin_commands.command import CommandError, ExitCode, Outcome

_NAMED = {
    "sleep": ("tracker.suggest_sleep", "😴"),
    "steps": ("tracker.suggest_steps", "👟"),
    "workouts": ("tracker.suggest_exercise", "🏃"),
    "state_of_mind": ("import.health_state_of_mind_name", "🧠"),
}
"""The name of each series in the person's language, and the emoji of its tracker."""


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    parser = command.add(
        commands,
        "import-health",
        _run,
        help="import a health export of any size into the trackers of one person, who types their password",
        description="Imports sleep, steps, workouts and states of mind from an export of Apple Health or Health "
        "Connect into trackers, a value a day. Days that have a value keep it, so a file twice is imported once.",
    )
    own_session.add_arguments(parser)
    parser.add_argument(
        "--only",
        action="append",
        choices=health_days.KINDS,
        metavar="WHAT",
        help=f"one of {', '.join(health_days.KINDS)}; several times for several (default: all)",
    )
    parser.add_argument(
        "--source", metavar="NAME", help="device or app whose values count (default: the largest of each day)"
    )
    parser.add_argument("--yes", action="store_true", help="import without asking")
    parser.add_argument("file", type=Path, metavar="FILE", help="export.zip, export.xml or Health Connect.zip")


def _run(chosen: argparse.Namespace) -> Outcome:
    try:
        with own_session.signed_in(chosen) as session:
            return _import(session, chosen)
    except KeyboardInterrupt as error:
        raise CommandError("Stopped. Nothing was changed.", ExitCode.STOPPED) from error


def _import(session: Session, chosen: argparse.Namespace) -> Outcome:
    try:
        parsed = health.read_path(chosen.file, session.timezone, _show_progress)
    except OSError as error:
        raise CommandError(f"The file could not be read: {error}") from error
    found = [series for series in parsed.health if not chosen.only or series.key in chosen.only]
    planned = import_plan.plan(
        session,
        replace(parsed, trackers=_trackers(session, found, chosen.source)),
        {},
        zone=session.timezone,
    )
    _show(planned)
    if planned.is_empty:
        return Outcome({"imported": 0}, "There is nothing new in this file.")
    if not chosen.yes and not command.agrees("Import this?"):
        raise CommandError("Nothing was changed.")
    importing.run_import(session, parsed, planned)
    return Outcome({"imported": planned.trackers.count}, f"Imported {planned.trackers.count:,} values.")


def _trackers(session: Session, found: Sequence[HealthSeries], source: str | None) -> tuple[ParsedTracker, ...]:
    here = {trackers.compared_name(tracker.name): tracker for tracker in trackers.intact(session)}
    made = []
    for series in found:
        if source is not None and source not in series.by_source:
            named = ", ".join(sorted(filter(None, series.by_source))) or "none"
            print(f"{series.key}: left out, because {source} recorded none of it (sources: {named}).")
            continue
        key, emoji = _NAMED[series.key]
        name = say(session.language, key)
        same = here.get(trackers.compared_name(name))
        new_id = same.id if same else derived_ids.column_tracker_id(session, name)
        made.append(ParsedTracker(Tracker(name, emoji, series.kind, new_id), series.values(source)))
    return tuple(made)


def _show(planned: ImportPlan) -> None:
    """Prints what the import would do."""
    found = planned.trackers
    for parsed in found.values:
        if parsed.values:
            first, last = min(parsed.values), max(parsed.values)
            print(f"{parsed.tracker.name}: {len(parsed.values):,} days, {first} to {last}")
    for count, what in (
        (found.values_here, "days that have a value already, which stays"),
        (found.not_yet, "days that have not come yet, left out"),
        (found.other_kind, "trackers left out, because one with the same name has another kind"),
        (found.too_many, f"trackers left out, because {trackers.TRACKERS_MAX} are the most"),
    ):
        if count:
            print(f"{count:,} {what}")


def _show_progress(share: float) -> None:
    if sys.stderr.isatty():
        print(f"\rRead {share:.0%} ", end="" if share < 1 else "\n", file=sys.stderr, flush=True)
