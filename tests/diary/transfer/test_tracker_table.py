"""Tables of trackers: what they look like, what is read from them, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from time import perf_counter

import pytest

from diary import database, days, errors, trackers
from diary.sessions import Session
from diary.trackers import Tracker
from diary.transfer import derived_ids, detect, import_plan, importing, tracker_csv, tracker_table
from diary.transfer.import_plan import ImportPlan
from diary.transfer.parsed import ParsedFile
from diary.transfer.tracker_table import ColumnChoice, suggest_kind, value_of
from tests.diary.transfer.conftest import ZONE

SLEEP = Tracker("Sleep", "😴", "minutes")


def read(text: str, **options) -> ParsedFile:
    file = detect.read(text.encode(), ZONE, **options)
    assert file.format == "values"
    return file


def texts(file: ParsedFile) -> dict[str, list[tuple[str, str]]]:
    return {column.name: [(cell.day.isoformat(), cell.text) for cell in column.cells] for column in file.columns}


def plan(session: Session, file: ParsedFile, kinds: Mapping[str, str | None]) -> ImportPlan:
    choices = {
        name: kind and ColumnChoice(Tracker(name or "Sleep", "😴", kind, derived_ids.column_tracker_id(session, name)))
        for name, kind in kinds.items()
    }
    return import_plan.plan(session, file, {}, zone=ZONE, columns=choices)


def stored(session: Session) -> dict[str, dict[str, int | float]]:
    names = {tracker.id: tracker.name for tracker in trackers.every(session)}
    return {
        names[tracker_id]: {day.isoformat(): value for day, value in values.items()}
        for tracker_id, values in trackers.between(session, date.min, date.max).items()
    }


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("date,value\n2026-01-02,7\n2026-01-03,8\n", {"": [("2026-01-02", "7"), ("2026-01-03", "8")]}),
        ("Date,Name,Value\n2026-01-02,Sleep,7:30\n2026-01-02,Pain,3\n", {"Sleep": "7:30", "Pain": "3"}),
        ("날짜,이름,값\n2026년 1월 2일,잠,7시간 30분\n", {"잠": "7시간 30분"}),
        ("날짜;항목;값\n2026. 1. 2.;약;예\n", {"약": "예"}),
        ("Date\tSteps\tWater\n1/2/2026\t8,000\t6\n1/13/2026\t9,000\t\n", None),
        ('Date,Steps\n"2026-01-02T07:30:00Z","8,000"\n', {"Steps": "8,000"}),
        ("Date,Steps\n2026-01-02 23:59,8000\n", {"Steps": "8000"}),
        ("DAY, Value \n2026-01-02,7\n", {"": "7"}),
    ],
)
def test_the_shapes_that_people_have(table: str, columns: dict | None) -> None:
    found = texts(read(table))
    if columns is None:
        columns = {"Steps": [("2026-01-02", "8,000"), ("2026-01-13", "9,000")], "Water": "6"}
    assert found == {
        name: [("2026-01-02", cells)] if isinstance(cells, str) else cells for name, cells in columns.items()
    }


def test_korean_windows_and_excel() -> None:
    table = "날짜,잠\r\n2026-01-02,7:30\r\n"
    for content in (table.encode("cp949"), table.encode("utf-8-sig"), table.encode("utf-16")):
        assert texts(detect.read(content, ZONE)) == {"잠": [("2026-01-02", "7:30")]}


def test_the_order_of_day_and_month_is_asked() -> None:
    with pytest.raises(errors.DatesAmbiguous):
        read("date,value\n03/04/2026,7\n")
    assert texts(read("date,value\n03/04/2026,7\n", day_first=True)) == {"": [("2026-04-03", "7")]}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        *(("yes_no", text, 1) for text in ("yes", "YES", "y", "true", "1", "✓", "예", "네", "했음", "O", "ㅇ")),
        *(("yes_no", text, 0) for text in ("no", "N", "False", "0", "아니요", "아니오", "안함", "x", "X")),
        *(("yes_no", text, None) for text in ("", "maybe", "2", "글쎄", "-")),
        ("minutes", "7:30", 450),
        ("minutes", "07:30:59", 450),
        ("minutes", "24:00", 1440),
        ("minutes", "7h", 420),
        ("minutes", "7 h 30 min", 450),
        ("minutes", "7.5 hours", 450),
        ("minutes", "45 mins", 45),
        ("minutes", "7시간 30분", 450),
        ("minutes", "7시간30분", 450),
        ("minutes", "45분", 45),
        ("minutes", "45", 45),
        ("minutes", "24:01", None),
        ("minutes", "7:61", None),
        ("minutes", "1441", None),
        ("minutes", "7.5", None),
        ("minutes", "half an hour", None),
        ("count", "8,000", 8000),
        ("count", "8000 steps", 8000),
        ("count", "62.4kg", 62.4),
        ("count", "62,4", 62.4),
        ("count", "1,234,567", None),
        ("count", "3잔", 3),
        ("count", "-1", None),
        ("count", "1e5", None),
        ("count", "nan", None),
        ("count", "٣", 3),
        ("scale", "7", 7),
        ("scale", "７", 7),
        ("scale", "7.0", 7),
        ("scale", "7.5", None),
        ("scale", "11", None),
        ("scale", "7" * 5000, None),
    ],
)
def test_a_text_as_a_value(kind: str, text: str, value: object) -> None:
    assert value_of(kind, text) == value


def test_plain_numbers_of_a_time_may_be_hours() -> None:
    assert [value_of("minutes", text, is_in_hours=True) for text in ("7.5", "8", "7:15", "45분", "24.1")] == [
        *(450, 480, 435, 45),
        None,
    ]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("7:30", "8:00", "?"), "minutes"),
        (("7시간", "6시간 30분"), "minutes"),
        (("yes", "no", "yes"), "yes_no"),
        (("0", "1", "1"), "yes_no"),
        (("0", "0", "0", "3"), "scale"),
        (("3", "10", "0"), "scale"),
        (("3", "11"), "count"),
        (("62.5", "63"), "count"),
        (("8,000", "12,000"), "count"),
        (("Monday", "Tuesday"), None),
        (("a long walk", "3", "nothing", "rain"), None),
    ],
)
def test_the_kind_that_is_suggested(cells: tuple[str, ...], kind: str | None) -> None:
    table = "date,x\n" + "".join(f'2026-01-{place:02},"{text}"\n' for place, text in enumerate(cells, start=1))
    assert suggest_kind(read(table).columns[0]) == kind


def test_lines_that_cannot_be_read_are_named_and_stop_nothing(person: Session) -> None:
    file = read("date,value\n2026-01-02,7\nyesterday,8\n2026-02-30,8\n2026-01-05,many\n1899-01-01,5\n2026-01-06,9\n")
    planned = plan(person, file, {"": "scale"})
    assert planned.trackers.unreadable == (3, 4, 5, 6)
    assert planned.trackers.count == 2
    importing.run_import(person, file, planned)
    assert stored(person) == {"Sleep": {"2026-01-02": 7, "2026-01-06": 9}}


def test_the_last_line_of_a_day_counts(person: Session) -> None:
    planned = plan(person, read("date,value\n2026-01-02,7\n2026-01-02,8\n"), {"": "scale"})
    assert planned.trackers.repeated == 1
    assert list(planned.trackers.values[0].values.values()) == [8]


def test_what_the_diary_has_stays_and_the_future_is_left_out(person: Session) -> None:
    own = trackers.add(person, Tracker("sleep", "🛏️", "minutes"))
    trackers.set_value(person, own, date(2026, 1, 2), 1, ZONE)
    tomorrow = days.today(ZONE) + timedelta(days=1)
    file = read(f"date,Sleep\n2026-01-02,7:30\n2026-01-03,8:00\n{tomorrow},9:00\n")
    planned = plan(person, file, {"Sleep": "minutes"})
    facts = planned.trackers
    assert (facts.new, facts.count, facts.values_here, facts.not_yet) == ((), 1, 1, 1)
    importing.run_import(person, file, planned)
    assert stored(person) == {"sleep": {"2026-01-02": 1, "2026-01-03": 480}}
    assert plan(person, file, {"Sleep": "minutes"}).is_empty
    assert plan(person, read("date,Sleep\n2026-01-05,7\n"), {"Sleep": "count"}).trackers.other_kind == 1
    assert plan(person, file, {"Sleep": None}).is_empty


def test_a_tracker_renamed_after_the_import_takes_the_next_one(person: Session) -> None:
    file = read("date,Sleep\n2026-01-02,7:30\n")
    importing.run_import(person, file, plan(person, file, {"Sleep": "minutes"}))
    (own,) = trackers.every(person)
    trackers.change(person, own.id, "Nights", "🌙")
    file = read("date,Sleep\n2026-01-03,7:30\n")
    importing.run_import(person, file, plan(person, file, {"Sleep": "minutes"}))
    assert stored(person) == {"Nights": {"2026-01-02": 450, "2026-01-03": 450}}


def test_ten_thousand_values_in_seconds(person: Session) -> None:
    first = date(1999, 1, 1)
    lines = "".join(f"{first + timedelta(days=number)},{number % 1440}\n" for number in range(10_000))
    began = perf_counter()
    file = read("date,value\n" + lines)
    planned = plan(person, file, {"": "minutes"})
    importing.run_import(person, file, planned)
    assert perf_counter() - began < 5
    assert trackers.count_values(person) == {planned.trackers.new[0].id: 10_000}
    assert stored(person)["Sleep"]["1999-01-03"] == 2


def test_an_import_that_fails_leaves_nothing(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    file = read("date,value\n2026-01-02,7\n2026-01-03,8\n")
    planned = plan(person, file, {"": "scale"})
    with database.transaction() as db:
        db.execute(
            "create trigger full before insert on tracker_values when new.day = '2026-01-03' "
            "begin select raise(abort, 'the disk is full'); end"
        )
    with pytest.raises(Exception, match="the disk is full"):
        importing.run_import(person, file, planned)
    assert trackers.every(person) == []
    assert trackers.between(person, date.min, date.max) == {}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_export_comes_back(person: Session, language: str, sign_up) -> None:
    from dataclasses import replace

    person = replace(person, language=language)
    kinds = {'=잠, "밤"': "minutes", "Pain": "scale", "약": "yes_no", "kg": "count"}
    for (name, kind), value in zip(kinds.items(), (455, 0, 0, 62.4), strict=True):
        own = trackers.add(person, Tracker(name, "😴", kind))
        trackers.set_value(person, own, date(2026, 1, 2), value, ZONE)
    before = stored(person)
    exported = tracker_csv.as_csv(person)
    assert exported.startswith(b"\xef\xbb\xbf")
    assert "'=잠".encode() in exported
    with database.transaction() as db:
        db.table("trackers").delete_where()
    file = detect.read(exported, ZONE)
    importing.run_import(person, file, plan(person, file, kinds))
    assert stored(person) == before


@pytest.mark.parametrize(
    ("table", "refusal"),
    [
        ("date,value\n", errors.FileEmpty),
        ("date,value\n2026-01-02,\n", errors.FileEmpty),
        ("date,value\nsome day,7\n", errors.FileUnknown),
        ("when,value\n2026-01-02,7\n", errors.FileUnknown),
        ("date\n2026-01-02\n", errors.FileUnknown),
        ("date,mood\n2026-01-02,good\n", errors.FileUnknown),
        ("date," + ",".join(f"c{number}" for number in range(40)) + "\n2026-01-02" + ",1" * 40, errors.FileUnknown),
        ('date,value\n2026-01-02,"7\n', errors.LineUnreadable),
    ],
)
def test_what_is_no_table_of_trackers(table: str, refusal: type[errors.DiaryError]) -> None:
    with pytest.raises(refusal):
        detect.read(table.encode(), ZONE)


def test_more_values_than_a_file_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker_table, "CELLS_MAX", 2)
    with pytest.raises(errors.TooManyValues):
        read("date,value\n2026-01-01,1\n2026-01-02,1\n2026-01-03,1\n")


def test_two_columns_under_one_name_need_one_kind(person: Session) -> None:
    file = read("date,a,b\n2026-01-02,7,5000\n")
    choices = {
        "a": ColumnChoice(Tracker("x", "😴", "scale", "0" * 32)),
        "b": ColumnChoice(Tracker("x", "😴", "count", "0" * 32)),
    }
    with pytest.raises(errors.TrackerNameTaken):
        import_plan.plan(person, file, {}, zone=ZONE, columns=choices)


def test_names_of_any_length_and_kind_are_cut_to_a_name(person: Session) -> None:
    file = read(f"date,{'x' * 1000}\n2026-01-02,7\n")
    assert [len(column.name) for column in file.columns] == [trackers.NAME_MAX]
