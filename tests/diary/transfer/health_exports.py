"""Makes small exports of health apps."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

DOCTYPE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
]>
"""
STEPS, SLEEP = "HKQuantityTypeIdentifierStepCount", "HKCategoryTypeIdentifierSleepAnalysis"
STAGE = "HKCategoryValueSleepAnalysis"


def element(name: str, **facts: object) -> str:
    return f" <{name} {' '.join(f'{fact}={quoteattr(str(value))}' for fact, value in facts.items())}/>\n"


def steps(start: str, count: object, source: str = "Hana’s iPhone") -> str:
    return element("Record", type=STEPS, sourceName=source, unit="count", startDate=start, endDate=start, value=count)


def sleep(start: str, end: str, stage: str = "AsleepCore", source: str = "Hana’s Watch") -> str:
    return element(
        "Record", type=SLEEP, sourceName=source, startDate=start, endDate=end, value=STAGE + stage, creationDate=end
    )


def workout(start: str, duration: object, unit: str = "min", source: str = "Hana’s Watch") -> str:
    return element(
        "Workout",
        workoutActivityType="HKWorkoutActivityTypeRunning",
        duration=duration,
        durationUnit=unit,
        sourceName=source,
        startDate=start,
        endDate=start,
    )


def state_of_mind(at: str, valence: object) -> str:
    return element("StateOfMind", kind="Momentary Emotion", valence=valence, startDate=at, endDate=at)


def apple_health(*records: str, doctype: str = DOCTYPE) -> bytes:
    return f'{doctype}<HealthData locale="ko_KR">\n{"".join(records)}</HealthData>\n'.encode()


def large_apple_health(records: int) -> Iterator[bytes]:
    """An export with a heart rate every few minutes, steps from two devices and a sleep stage, as phones write them."""
    device = "&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,5&gt;"
    begin = datetime(2016, 1, 1)
    yield DOCTYPE.encode() + b'<HealthData locale="ko_KR">\n'
    for number in range(records // 4):
        at = begin + timedelta(minutes=10 * number % (10 * 365 * 24 * 60))
        start, end = (f"{moment:%Y-%m-%d %H:%M:%S} +0900" for moment in (at, at + timedelta(minutes=9)))
        common = f'sourceVersion="10.1" device="{device}" creationDate="{end}" startDate="{start}" endDate="{end}"'
        yield (
            f' <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" {common}'
            f' value="{60 + number % 60}">\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="1"/>\n'
            f" </Record>\n"
            f' <Record type="{STEPS}" sourceName="Phone" unit="count" {common} value="40"/>\n'
            f' <Record type="{STEPS}" sourceName="Watch" unit="count" {common} value="50"/>\n'
            f' <Record type="{SLEEP}" sourceName="Watch" {common} value="{STAGE}AsleepDeep"/>\n'
        ).encode()
    yield b"</HealthData>\n"


TABLES = """
create table application_info_table (row_id integer primary key, package_name text, app_name text);
create table steps_record_table (row_id integer primary key, app_info_id integer, start_time integer,
    start_zone_offset integer, end_time integer, end_zone_offset integer, local_date integer, count integer);
create table sleep_session_record_table (row_id integer primary key, app_info_id integer, start_time integer,
    start_zone_offset integer, end_time integer, end_zone_offset integer, local_date integer, notes text, title text);
create table sleep_stages_table (parent_key integer, stage_start_time integer, stage_end_time integer,
    stage_type integer);
create table exercise_session_record_table (row_id integer primary key, app_info_id integer, start_time integer,
    end_time integer, local_date integer, exercise_type integer, title text);
insert into application_info_table values (1, 'com.example.watch', 'Watch'), (2, 'com.example.phone', '');
"""


def health_connect(*statements: str, tables: str = TABLES) -> bytes:
    """The SQLite database of an export."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.db"
        with closing(sqlite3.connect(file)) as db:
            db.executescript(tables + ";\n".join(statements))
            db.commit()
        return file.read_bytes()


def insert(table: str, rows: Iterable[dict[str, object]]) -> str:
    """A statement that adds rows."""
    found = list(rows)
    values = ", ".join("(" + ", ".join("null" if v is None else repr(v) for v in row.values()) + ")" for row in found)
    return f"insert into {table} ({', '.join(found[0])}) values {values}"
