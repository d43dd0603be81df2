"""Ids of what comes from another diary or account: the same file always gives the same ids."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from diary import trackers
from diary.sessions import Session
from diary.transfer.parsed import ParsedEntry, ParsedFile


def column_tracker_id(session: Session, name: str) -> str:
    """The id of a tracker that a table brings: the same table always gives the same ids."""
    return derived_id(session, f"tracker {trackers.compared_name(name)}")


def with_derived_id(session: Session, file: ParsedFile, parsed: ParsedEntry) -> ParsedEntry:
    """An entry of the person's earlier account under an id of this one; the same file always gives the same ids."""
    return replace(parsed, entry=replace(parsed.entry, id=derived_id(session, file.owner + parsed.entry.id)))


def derived_id(session: Session, of: str) -> str:
    return hashlib.sha256(f"{session.account_id} {of}".encode()).hexdigest()[:32]
