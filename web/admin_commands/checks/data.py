"""Checks the database: whether it is whole, of this version, and holds sealed parts in the form that Haru writes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from diary import accounts, database, errors, sealed_parts, server_secret
from diary.migrations import migrations
from web import health
from web.admin_commands.checks.finding import Finding
from web.admin_commands.command import sentence

_RESTORE = "Stop Haru and put a backup in its place: haru-admin restore FILE"


def findings() -> Iterator[Finding]:
    if not database.path().exists():
        yield Finding("database", f"There is none at {database.path()}.", "Start Haru once, or correct HARU_DATA.")
        return
    try:
        with database.connect() as db:
            yield _integrity(db)
            yield _references(db)
            schema = _schema(db)
        yield schema
        if schema.is_well:
            yield from _sealed()
            yield _backups()
    except errors.DatabaseBusy:
        yield Finding("database", "Another program keeps it busy.", "Run the check again in a minute.")
    except errors.DatabaseBroken as error:
        yield Finding("database", sentence(error), _RESTORE)
    except errors.DatabaseError as error:
        yield Finding("database", sentence(error), "Give Haru space and the right to write in its data folder.")


def _integrity(db: Database) -> Finding:
    # SQLite's messages name tables and pages, never a value.
    lines = [text for (text,) in db.execute("pragma integrity_check(3)")]
    if lines != ["ok"]:
        return Finding("integrity", f"The file is damaged: {'; '.join(lines)}", _RESTORE)
    return Finding("integrity", f"{database.path()} is whole.")


def _references(db: Database) -> Finding:
    tables = sorted({row[0] for row in db.execute("pragma foreign_key_check")})
    if tables:
        return Finding("references", f"Rows belong to none that exists, in {', '.join(tables)}.", _RESTORE)
    return Finding("references", "Each row belongs to one that exists.")


def _schema(db: Database) -> Finding:
    if unknown := database.unknown_steps(db):
        return Finding(
            "schema", f"A newer Haru wrote it ({unknown[-1]}).", "Install that version again, or a newer one."
        )
    if pending := [step.name for step in migrations.pending(db)]:
        return Finding("schema", f"It is not up to date ({pending[0]}).", "Start Haru: it makes a backup and migrates.")
    if odd := sorted(_definitions(db).items() ^ _definitions(_new()).items()):
        return Finding("schema", f"Somebody changed it: {', '.join(sorted({name for name, _ in odd}))}.", _RESTORE)
    return Finding("schema", "Tables and indexes are those of this version.")


def _new() -> Database:
    made = Database(memory=True)
    migrations.apply(made)
    return made


def _definitions(db: Database) -> dict[str, str]:
    """The text of each table and index by its name, without those that SQLite and the migrations make."""
    rows = db.execute("select name, sql from sqlite_master where sql is not null and name not like '%sqlite%'")
    return {name: sql for name, sql in rows if name != "_sqlite_migrations"}


def _sealed() -> Iterator[Finding]:
    # Without a secret, reading the names would make one; that it is gone is a finding of its own.
    has_secret = (database.folder() / server_secret.FILE).exists()
    names, counts = accounts.shown_names() if has_secret else {}, sealed_parts.by_account()
    facts = [
        {"name": names.get(account_id), "parts": parts.count, "damaged": parts.damaged}
        for account_id, parts in counts.items()
    ]
    damaged = [one for one in facts if one["damaged"]]
    for one in damaged:
        found = f"{one['damaged']} of {one['parts']} sealed parts of {one['name'] or 'an account'} are damaged."
        yield Finding("sealed parts", found, f"The rest still opens. If a backup has them whole: {_RESTORE}")
    if not damaged:
        count = sum(parts.count for parts in counts.values())
        found = f"All {count:,} have the form that Haru writes ({len(counts):,} accounts)."
        yield Finding("sealed parts", found, facts={"accounts": facts})


def _backups() -> Finding:
    if health.backup_is_old():
        to_do = "See in Haru's log why, or make one: haru-admin backup"
        return Finding("backups", "There is no automatic backup of the last two days.", to_do)
    return Finding("backups", f"As HARU_BACKUPS asks for, in {database.backups_folder()}.")
