"""Exports of Apple Health: what a day adds up to, and files made to do harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date

import pytest

from diary import errors
from diary.transfer import apple_health, detect, health, health_days
from diary.transfer.health_days import HealthDays
from diary.transfer.parsed import HealthSeries
from tests.diary.transfer import health_exports
from tests.diary.transfer.files import refused, zipped
from tests.diary.transfer.health_exports import sleep, state_of_mind, steps, workout

SEOUL = "Asia/Seoul"
DAY, NEXT = date(2026, 3, 10), date(2026, 3, 11)


def series(*records: str, zone: str = SEOUL) -> dict[str, HealthSeries]:
    parsed = detect.read(health_exports.apple_health(*records), zone)
    assert parsed.format == "apple_health"
    return {one.key: one for one in parsed.health}


def test_steps_of_two_devices_are_not_added_up() -> None:
    found = series(
        steps("2026-03-10 08:00:00 +0900", 3000, "Phone"),
        steps("2026-03-10 20:00:00 +0900", 1000, "Phone"),
        steps("2026-03-10 08:00:00 +0900", 3500, "Watch"),
        steps("2026-03-11 08:00:00 +0900", 10, "Watch"),
        steps("2026-03-11 08:00:00 +0900", 20, "Phone"),
    )["steps"]
    assert found.kind == "count"
    assert found.by_source == {"Phone": {DAY: 4000, NEXT: 20}, "Watch": {DAY: 3500, NEXT: 10}}
    assert found.values() == {DAY: 4000, NEXT: 20}
    assert found.values("Watch") == {DAY: 3500, NEXT: 10}


def test_a_day_begins_in_the_persons_time_zone() -> None:
    record = steps("2026-03-10 23:30:00 -0400", 7)
    assert series(record)["steps"].values() == {NEXT: 7}
    assert series(record, zone="America/New_York")["steps"].values() == {DAY: 7}


def test_stages_of_a_night_count_once_and_belong_to_the_morning() -> None:
    night = (
        sleep("2026-03-09 22:50:00 +0900", "2026-03-10 07:00:00 +0900", "InBed", "Phone"),
        sleep("2026-03-09 23:00:00 +0900", "2026-03-10 01:00:00 +0900", "AsleepCore"),
        sleep("2026-03-10 01:00:00 +0900", "2026-03-10 02:00:00 +0900", "AsleepDeep"),
        sleep("2026-03-10 02:00:00 +0900", "2026-03-10 02:30:00 +0900", "Awake"),
        sleep("2026-03-10 02:30:00 +0900", "2026-03-10 06:00:00 +0900", "AsleepREM"),
    )
    found = series(*night)["sleep"]
    assert (found.kind, found.by_source) == ("minutes", {"Hana’s Watch": {DAY: 390}})
    # The same night again, and as one piece beside its stages: nothing grows.
    again = sleep("2026-03-09 23:00:00 +0900", "2026-03-10 06:00:00 +0900", "AsleepUnspecified")
    assert series(*night, *night)["sleep"].values() == {DAY: 390}
    assert series(*night, again)["sleep"].values() == {DAY: 420}


def test_a_nap_belongs_to_its_day_and_the_evening_to_the_next() -> None:
    found = series(
        sleep("2026-03-10 14:00:00 +0900", "2026-03-10 14:40:00 +0900"),
        sleep("2026-03-10 21:00:00 +0900", "2026-03-10 21:30:00 +0900"),
    )
    assert found["sleep"].values() == {DAY: 40, NEXT: 30}


def test_workouts_in_their_units_and_the_mean_state_of_mind() -> None:
    found = series(
        workout("2026-03-10 07:00:00 +0900", "30.4"),
        workout("2026-03-10 18:00:00 +0900", "0.5", "hr"),
        workout("2026-03-11 18:00:00 +0900", "90", "fathom"),
        state_of_mind("2026-03-10 09:00:00 +0900", "-1"),
        state_of_mind("2026-03-10 21:00:00 +0900", "0.4"),
        state_of_mind("2026-03-11 21:00:00 +0900", "1"),
    )
    assert found["workouts"].values() == {DAY: 60}
    assert (found["state_of_mind"].kind, found["state_of_mind"].values()) == ("scale", {DAY: 4, NEXT: 10})


def test_in_a_zip_under_the_name_of_any_language() -> None:
    content = health_exports.apple_health(steps("2026-03-10 08:00:00 +0900", 5))
    made = zipped(
        ("apple_health_export/export_cda.xml", b"<ClinicalDocument>" + b" " * 10_000 + b"</ClinicalDocument>"),
        ("apple_health_export/내보내기.xml", content),
        ("apple_health_export/workout-routes/route.gpx", b"<gpx/>"),
    )
    assert detect.read(made, SEOUL).health == detect.read(content, SEOUL).health


@pytest.mark.parametrize(
    "record",
    [
        steps("2026-03-10 08:00:00 +0900", "many"),
        steps("2026-03-10 08:00:00 +0900", "nan"),
        steps("2026-03-10 08:00:00 +0900", "1e400"),
        steps("2026-03-10 08:00:00 +0900", -5),
        steps("2026-03-10 08:00:00 +0900", "9" * 5000),
        steps("some day", 5),
        steps("2026-03-10 08:00:00", 5),
        steps("0001-01-01 00:00:00 +1200", 5),
        steps("9999-12-31 23:59:59 -1200", 5),
        steps("1850-01-01 00:00:00 +0000", 5),
        sleep("2026-03-10 08:00:00 +0900", "2026-03-10 07:00:00 +0900"),
        sleep("2016-03-10 08:00:00 +0900", "2026-03-10 07:00:00 +0900"),
        workout("2026-03-10 08:00:00 +0900", "1e9"),
        state_of_mind("2026-03-10 09:00:00 +0900", "nan"),
        state_of_mind("2026-03-10 09:00:00 +0900", "7"),
        health_exports.element("Record", type=health_exports.STEPS),
    ],
)
def test_a_record_that_makes_no_sense_costs_only_itself(record: str) -> None:
    found = series(record, steps("2026-03-10 08:00:00 +0900", 5))
    assert {key: one.values() for key, one in found.items()} == {"steps": {DAY: 5}}


def test_mistakes_that_ios_made_in_the_file() -> None:
    content = health_exports.apple_health(
        steps("2026-03-10 08:00:00 +0900", 5, "Wa\x0btch"),
        doctype='<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n<!ATTLIST Workout\n> >\n]>\n',
    )
    assert detect.read(content, SEOUL).health[0].by_source == {"Watch": {DAY: 5}}


def test_entities_are_never_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = health_exports.apple_health(
        steps("2026-03-10 08:00:00 +0900", 5).replace("Hana", "&l9;"),
        doctype=f'<!DOCTYPE HealthData [<!ENTITY l0 "ha">{laughs}]>\n',
    )
    outside = health_exports.apple_health(
        "<Me>&file;</Me>", doctype='<!DOCTYPE HealthData [<!ENTITY file SYSTEM "file:///etc/passwd">]>\n'
    )
    assert refused(bomb).code == "file_damaged"
    assert refused(outside).code == "file_damaged"


def test_an_export_that_stops_or_breaks_in_the_middle() -> None:
    content = health_exports.apple_health(*(steps("2026-03-10 08:00:00 +0900", 5) for _ in range(50)))
    for length in range(health_exports.DOCTYPE.index("]>") + 80, len(content) - len("</HealthData>\n"), 97):
        assert refused(content[:length]).code in ("file_cut_short", "file_damaged")
    assert refused(content.replace(b"</HealthData>", b"</Other>")).code == "file_damaged"
    assert refused(content.replace(b"<Record", b"<Rec\xff\xferd", 1)).code == "file_damaged"


def test_an_export_without_anything_for_a_tracker() -> None:
    assert refused(health_exports.apple_health()).code == "health_export_empty"


def test_tags_that_never_end_or_never_close() -> None:
    endless = b'<HealthData locale="' + b"x" * (4 * 2**20)
    deep = b'<?xml version="1.0"?><HealthData>' + b"<a>" * 10_000
    assert refused(b"<!-- -->" + endless).code == "file_damaged"
    assert refused(deep).code == "file_damaged"


def test_more_sources_or_days_than_anybody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [steps("2026-03-10 08:00:00 +0900", 5, f"App {n}") for n in range(health_days.SOURCES_MAX + 1)]
    assert refused(health_exports.apple_health(*many)).code == "too_many_values"
    monkeypatch.setattr(health_days, "CELLS_MAX", 3)
    days = [steps(f"2026-03-{n + 10} 08:00:00 +0900", 5) for n in range(6)]
    assert refused(health_exports.apple_health(*days)).code == "too_many_values"


def test_a_large_export_needs_little_memory_and_says_how_far_it_is() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made, made.open("export.xml", "w") as member:
        for piece in health_exports.large_apple_health(32_000):
            member.write(piece)
    content = packed.getvalue()
    shares: list[float] = []
    tracemalloc.start()
    parsed = detect.read(content, SEOUL, progress=shares.append)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20, f"{peak / 2**20:.1f} MB"
    assert len(shares) > 8
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1, abs=0.1)
    assert {one.key for one in parsed.health} == {"steps", "sleep"}
    assert set(parsed.health[1].by_source) == {"Phone", "Watch"}


def test_reading_can_be_stopped_between_two_pieces() -> None:
    class Stopped(BaseException):
        """As Streamlit ends a run."""

    def stop(_: float) -> None:
        raise Stopped()

    with pytest.raises(Stopped):
        detect.read(health_exports.apple_health(steps("2026-03-10 08:00:00 +0900", 5)), SEOUL, progress=stop)


def test_a_file_that_unpacks_to_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    content = health_exports.apple_health(*(steps("2026-03-10 08:00:00 +0900", 5) for _ in range(50)))
    monkeypatch.setattr(apple_health, "LARGEST", 1000)
    with pytest.raises(errors.FileTooLarge):
        apple_health.read(io.BytesIO(content), len(content), HealthDays(SEOUL))


def test_a_file_on_this_machine(tmp_path) -> None:
    content = health_exports.apple_health(steps("2026-03-10 08:00:00 +0900", 5))
    for name, made in (("export.xml", content), ("export.zip", zipped(("x/export.xml", content)))):
        (tmp_path / name).write_bytes(made)
        assert health.read_path(tmp_path / name, SEOUL).health[0].values() == {DAY: 5}
    (tmp_path / "other.zip").write_bytes(zipped(("a.txt", b"x")))
    with pytest.raises(errors.FileUnknown):
        health.read_path(tmp_path / "other.zip", SEOUL)
