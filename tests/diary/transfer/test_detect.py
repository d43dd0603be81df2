"""Uploaded files: exports of other diaries in many variants, and invalid files, which get a clear error."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time
from time import perf_counter as time_now
from time import thread_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import errors
from diary.sessions import Session
from diary.transfer import detect, export
from diary.transfer.moods import suggest
from diary.transfer.parsed import ForeignEntry
from emotions import EMOTIONS
from language import LANGUAGES, say
from tests.diary.transfer.conftest import ZONE

HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"
DAYLIO = (
    HEADER + '2026-03-10,March 10,Tuesday,9:05 pm,rad,"walk | friends",Title,"We ate, and\nlaughed"\n'
    '2026-03-09,March 9,Monday,08:30,그저 그럼,"",,""\n'
)


def foreign_entries(text: str | bytes, **options) -> list[ForeignEntry]:
    return list(detect.read(text.encode() if isinstance(text, str) else text, ZONE, **options).foreign_entries)


def row(day: str = "2026-03-10", at: str = "", mood: str = "good", note: str = "") -> str:
    return f'"{day}",,,{at},{mood},,,{note}\n'


# --- Daylio ------------------------------------------------------------------------------------------


def test_daylio_as_it_is_exported_today() -> None:
    first, second = foreign_entries(DAYLIO)
    assert first == ForeignEntry(
        "rad", date(2026, 3, 10), time(21, 5), "Title\nWe ate, and\nlaughed", ("walk", "friends")
    )
    assert second == ForeignEntry("그저 그럼", date(2026, 3, 9), time(8, 30))


@pytest.mark.parametrize(
    "content",
    [
        DAYLIO.encode("utf-8-sig"),
        DAYLIO.encode("cp949"),
        DAYLIO.encode("utf-16"),
        DAYLIO.replace("\n2026", "\r\n2026").encode(),
        DAYLIO.replace("We ate, and", "We ate and").replace(",", ";").replace("We ate and", "We ate, and").encode(),
        DAYLIO.replace("We ate, and", "We ate and").replace(",", "\t").replace("We ate and", "We ate, and").encode(),
        ("\n" + DAYLIO).encode(),
    ],
    ids=["bom", "cp949", "utf-16", "crlf", "semicolons", "tabs", "empty first line"],
)
def test_the_same_table_in_another_dress(content: bytes) -> None:
    assert foreign_entries(content) == foreign_entries(DAYLIO)


def test_daylio_as_it_was_exported_before_2020() -> None:
    old = 'year,date,weekday,time,mood,activities,note\n2018,18 May,Friday,11:54 pm,happy,"clean | cook",Party\n'
    assert foreign_entries(old) == [ForeignEntry("happy", date(2018, 5, 18), time(23, 54), "Party", ("clean", "cook"))]
    assert foreign_entries(old.replace("18 May", "5월 18일"))[0].day == date(2018, 5, 18)


def test_daylios_formatting_becomes_plain_words() -> None:
    rich = "<b>Good</b> day<br>and 1 &lt; 2<ul><li>tea</li><li>cake</li></ul>"
    assert foreign_entries(HEADER + row(note=rich))[0].note == "Good day\nand 1 < 2• tea\n• cake"
    assert foreign_entries(HEADER + row(note="1 < 2 &amp; I <3 you"))[0].note == "1 < 2 &amp; I <3 you"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026/1/5", date(2026, 1, 5)),
        ("2026. 11. 20.", date(2026, 11, 20)),
        ("2026년 11월 20일", date(2026, 11, 20)),
        ("20.11.2026", date(2026, 11, 20)),
        ("5.11.2026", date(2026, 11, 5)),
        ("20/11/2026", date(2026, 11, 20)),
        ("11/20/2026", date(2026, 11, 20)),
        ("11/11/2026", date(2026, 11, 11)),
    ],
)
def test_dates_of_many_countries(written: str, day: date) -> None:
    assert foreign_entries(HEADER + row(written))[0].day == day


def test_three_ways_of_writing_dates_in_one_file() -> None:
    found = foreign_entries(HEADER + row("2026-11-18") + row("2026년 11월 19일") + row("20.11.2026"))
    assert [moment.day.day for moment in found] == [18, 19, 20]


def test_one_date_tells_the_order_of_the_others() -> None:
    assert [entry.day for entry in foreign_entries(HEADER + row("03/04/2026") + row("13/04/2026"))] == [
        date(2026, 4, 3),
        date(2026, 4, 13),
    ]


def test_where_nothing_tells_day_from_month_the_person_is_asked() -> None:
    unclear = HEADER + row("03/04/2026")
    with pytest.raises(errors.DatesAmbiguous):
        foreign_entries(unclear)
    assert foreign_entries(unclear, day_first=True)[0].day == date(2026, 4, 3)
    assert foreign_entries(unclear, day_first=False)[0].day == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("9:05 pm", time(21, 5)),
        ("9:05\u202fPM", time(21, 5)),
        ("12:15 am", time(0, 15)),
        ("12:00 p.m.", time(12, 0)),
        ("오후 8:32", time(20, 32)),
        ("오전 12:05", time(0, 5)),
        ("20:32", time(20, 32)),
        ("20:32:10", time(20, 32)),
        ("", None),
    ],
)
def test_times_of_many_phones(written: str, at: time | None) -> None:
    assert foreign_entries(HEADER + row(at=written))[0].at == at


def test_tags_that_nothing_closes_take_no_time() -> None:
    """A pattern that looks for their end again and again took 20 seconds for 20 such notes."""
    notes = ("<b " * 43_000, "<b>" + "<li" * 43_000, "<br" + " " * 130_000, "<br " * 32_000, "&#" * 60_000)
    began = time_now()
    for note in notes:
        assert len(foreign_entries(HEADER + row(note=note) * 5)) == 5
    assert time_now() - began < 3


# --- Pixels ------------------------------------------------------------------------------------------


def test_pixels_with_several_scores_a_day() -> None:
    pixels = [
        {
            "date": "2026-1-5",
            "type": "Mood",
            "scores": [4, 4],
            "notes": "눈",
            "tags": [{"type": "Emotions", "entries": ["calm"]}],
        },
        {"date": "2026-1-6", "type": "Mood", "scores": [], "notes": "", "tags": []},
    ]
    first, second = foreign_entries(json.dumps(pixels))
    assert first == ForeignEntry("4", date(2026, 1, 5), note="눈", tags=("calm",))
    assert second == ForeignEntry("4", date(2026, 1, 5), turn=1)
    assert first.fingerprint() != second.fingerprint()


def test_pixels_of_earlier_years() -> None:
    old = [{"date": "2019-01-28", "mood": 3, "emotions": ["fun", "angry"], "notes": "Zoo."}]
    assert foreign_entries(json.dumps(old)) == [
        ForeignEntry("3", date(2019, 1, 28), note="Zoo.", tags=("fun", "angry"))
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"scores": "4"},
        {"scores": [4.5]},
        {"scores": [True]},
        {"notes": 3},
        {"tags": [3]},
        {"date": None},
        {"date": "?"},
    ],
)
def test_pixels_with_something_else_inside(change: dict) -> None:
    pixel = {"date": "2026-1-5", "type": "Mood", "scores": [4], "notes": "", "tags": []} | change
    with pytest.raises(errors.FileRefused):
        foreign_entries(json.dumps([pixel]))


# --- what moods are called ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "mood"),
    [
        ("rad", "happiness"),
        ("Good 😊", "happiness"),
        ("meh", "neutral"),
        ("Neutral", "neutral"),  # as Haru's own tables called it before
        ("평온", "neutral"),
        ("bad", "sadness"),
        ("awful", "sadness"),
        ("Anxious", "fear"),
        ("mad", "anger"),
        ("신남", "happiness"),
        ("좋음", "happiness"),
        ("그저 그럼", "neutral"),
        ("별로", "sadness"),
        ("끔찍함", "sadness"),
        ("짜증남", "anger"),
        ("불안불안", "fear"),
        ("깜짝 놀람", "surprise"),
        ("5", "happiness"),
        ("1", "sadness"),
    ],
)
def test_sensible_suggestions_in_both_languages(word: str, mood: str) -> None:
    assert suggest(word).mood == mood


def test_a_mood_of_a_hundred_thousand_accents_takes_no_time() -> None:
    started = thread_time()
    assert suggest("good" + "\u030b\u0316" * 20_000) is None
    assert thread_time() - started < 0.5


@pytest.mark.parametrize("word", ["zorg", "뷁", "🌀", "", "made", "7", "badminton"])
def test_no_suggestion_is_better_than_a_silly_one(word: str) -> None:
    assert suggest(word) is None


@pytest.mark.parametrize("mood", EMOTIONS)
def test_harus_own_names_are_known(mood: str) -> None:
    from emotions import BY_KEY

    assert {suggest(name).mood for name in (mood, BY_KEY[mood].ko, BY_KEY[mood].en)} == {mood}


def test_stronger_words_are_stronger() -> None:
    assert suggest("rad").intensity > suggest("good").intensity
    assert suggest("awful").intensity > suggest("bad").intensity
    assert suggest("매우 좋음").intensity > suggest("좋음").intensity


# --- rubbish -----------------------------------------------------------------------------------------


def refused(content: bytes) -> errors.FileRefused:
    with pytest.raises(errors.FileRefused) as refusal:
        detect.read(content, ZONE)
    for language in LANGUAGES:
        sentence = say(language, f"error.{refusal.value.code}", **refusal.value.facts)
        assert len(sentence) > 20
    return refusal.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\t ", "file_empty"),
        (HEADER.encode(), "file_empty"),
        (b"hello", "file_unknown"),
        (b"a,b,c\n1,2,3\n", "file_unknown"),
        (b"{}", "file_unknown"),
        (b"[]", "file_unknown"),
        (b'{"format": "other"}', "file_unknown"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "file_damaged"),
        (b"PK\x03\x04 nothing", "file_cut_short"),
        (b'{"format": "haru", "version": 99}', "file_is_newer"),
        (b'{"format": "haru", "version": "2"}', "file_damaged"),
        (b'{"format": "haru", "version": true}', "file_damaged"),
        (b'{"format": "haru", "version": 2, "account": {}, "entries": []}', "file_damaged"),
        (b"[" * 100_000, "file_damaged"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "file_damaged"),
        (b'{"a": 1, ] }', "file_damaged"),
        (b'{"a": 1', "file_cut_short"),
        ((HEADER + row("yesterday")).encode(), "date_unreadable"),
        ((HEADER + row("2026-02-30")).encode(), "date_unreadable"),
        ((HEADER + row("13/02/2026") + row("02/13/2026")).encode(), "dates_contradict"),
        ((HEADER + row("03/04/2026")).encode(), "dates_ambiguous"),
        ((HEADER + row(at="25:10")).encode(), "line_unreadable"),
        ((HEADER + row(at="soon")).encode(), "line_unreadable"),
        ((HEADER + row(mood="")).encode(), "line_unreadable"),
        ((HEADER + "2026-03-10,,,\n").encode(), "line_unreadable"),
        ((HEADER + '2026-03-10,,,,good,,,"never closed\n').encode(), "line_unreadable"),
        ((HEADER + row(note="x" * 200_000)).encode(), "line_unreadable"),
        ((HEADER + row(note="<b>&#" + "9" * 5000 + ";</b>")).encode(), "line_unreadable"),
    ],
)
def test_rubbish_gets_a_sentence(content: bytes, code: str) -> None:
    assert refused(content).code == code


def test_the_line_that_is_wrong_is_named() -> None:
    assert refused((HEADER + row() + row(at="25:10")).encode()).facts == {"place": 3}


def test_an_export_cut_at_every_tenth_byte(diarist: Session) -> None:
    exported = export.as_json(diarist)
    everything = detect.read(exported, ZONE)
    for length in range(0, len(exported), 10):
        if exported[:length].rstrip() == exported.rstrip():
            assert detect.read(exported[:length], ZONE) == everything
        else:
            refused(exported[:length])


def test_a_zip_cut_anywhere(diarist: Session) -> None:
    packed = export.as_zip(diarist)
    for length in range(0, len(packed) - 1, 41):
        refused(packed[:length])


def test_a_table_cut_at_every_tenth_byte_is_read_to_a_whole_line_or_refused() -> None:
    content = DAYLIO.encode()
    for length in range(0, len(content), 10):
        try:
            found = foreign_entries(content[:length])
        except errors.FileRefused:
            continue
        # What is cut off inside the last line of a table leaves no trace; every line before it is whole.
        assert found[:-1] == foreign_entries(DAYLIO)[: len(found) - 1]


# --- zips that are not what they say -----------------------------------------------------------------


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as zip_file:
        for name, content in members:
            zip_file.writestr(name, content)
    return packed.getvalue()


def test_a_zip_bomb_is_refused_by_its_header_before_it_is_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zip_file, zip_file.open("haru.json", "w") as member:
        for _ in range(200):
            member.write(b" " * 2**20)
    bomb = packed.getvalue()
    assert len(bomb) < 300_000
    tracemalloc.start()
    assert refused(bomb).code == "file_too_large"
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()


def test_a_zip_bomb_whose_header_lies_is_refused_too() -> None:
    bomb = zipped(("haru.json", b" " * (3 * 2**20)))
    size = struct.pack("<I", 3 * 2**20)
    assert bomb.count(size) == 2
    assert refused(bomb.replace(size, struct.pack("<I", 10))).code in ("file_damaged", "file_cut_short")


def test_many_small_files_that_together_are_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "LARGEST", 1000)
    assert refused(zipped(*((f"{n}", b"x" * 300) for n in range(5)))).code == "file_too_large"
    monkeypatch.setattr(detect, "LARGEST", 10**6)
    monkeypatch.setattr(detect, "_MEMBERS_MAX", 4)
    assert refused(zipped(*((f"{n}", b"") for n in range(5)))).code == "file_too_large"


def test_json_that_would_swell_in_memory() -> None:
    assert refused(b"[" + b"[]," * 2_000_000 + b"[]]").code == "file_too_large"


def test_a_zip_of_something_else() -> None:
    assert refused(zipped(("photo.jpg", b"x"))).code == "file_unknown"
    assert refused(zipped(("haru.json", b'[{"date": "2026-1-5", "scores": [3]}]'))).code == "file_unknown"


def test_a_zip_without_the_sounds_that_its_entries_name(diarist: Session) -> None:
    content = zipfile.ZipFile(io.BytesIO(export.as_zip(diarist))).read("haru.json")
    assert refused(zipped(("haru.json", content))).code == "line_unreadable"


def with_media(diarist: Session, change: Callable[[list[dict]], None]) -> bytes:
    """The export of a person with its list of media changed, and the two media it holds."""
    exported = zipfile.ZipFile(io.BytesIO(export.as_zip(diarist)))
    content = json.loads(exported.read("haru.json"))
    change(content["entries"][1]["media"])
    others = [(name, exported.read(name)) for name in exported.namelist() if name != "haru.json"]
    return zipped(("haru.json", json.dumps(content).encode()), *others)


def test_a_recording_that_is_named_often_is_not_copied_often(diarist: Session) -> None:
    assert detect.read(with_media(diarist, lambda media: None), ZONE)
    assert refused(with_media(diarist, lambda media: media.append(media[0]))).code == "file_repeats"


def test_a_recording_that_two_entries_name(diarist: Session) -> None:
    exported = zipfile.ZipFile(io.BytesIO(export.as_zip(diarist)))
    content = json.loads(exported.read("haru.json"))
    content["entries"][2]["media"] = content["entries"][1]["media"][:1]
    others = [(name, exported.read(name)) for name in exported.namelist() if name != "haru.json"]
    assert refused(zipped(("haru.json", json.dumps(content).encode()), *others)).code == "file_repeats"


def test_an_entry_with_more_media_than_anybody_makes(diarist: Session) -> None:
    refusal = refused(with_media(diarist, lambda media: media.extend(media * 200)))
    assert (refusal.code, refusal.facts) == ("too_many_media", {"place": 2, "most": 200})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_one_name_twice(diarist: Session) -> None:
    content = export.as_json(diarist)
    assert refused(zipped(("haru.json", content), ("a", b"1"), ("a", b"2"))).code == "file_repeats"
    assert refused(zipped(("haru.json", content), ("haru.json", content))).code == "file_repeats"


def test_the_diary_itself_is_no_recording(diarist: Session) -> None:
    assert refused(with_media(diarist, lambda media: media[0].update(file="haru.json"))).code == "line_unreadable"


def test_a_type_that_a_browser_would_run(diarist: Session) -> None:
    codes = {}
    for mime in ("image/svg+xml", "text/html", "audio/svg+xml", 5, None):
        codes[mime] = refused(with_media(diarist, lambda media, mime=mime: media[0].update(mime=mime))).code
    assert set(codes.values()) == {"line_unreadable"}, codes


def test_a_zip_that_is_packed_in_another_way(diarist: Session) -> None:
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert refused(zipped(("haru.json", export.as_json(diarist)), method=method)).code == "file_damaged", method


def test_a_zip_whose_content_is_damaged_encrypted_or_packed_in_an_unknown_way(diarist: Session) -> None:
    packed = zipped(("haru.json", export.as_json(diarist)))
    central = packed.rindex(b"PK\x01\x02")
    for places, value in (((6, central + 8), 1), ((8, central + 10), 99), ((8, central + 10), 14), ((60, 61), 0xFF)):
        spoilt = bytearray(packed)
        for place in places:
            spoilt[place] = value
        assert refused(bytes(spoilt)).code == "file_damaged"


# --- edited exports ----------------------------------------------------------------------------------


@pytest.fixture
def exported(diarist: Session) -> bytes:
    return export.as_json(diarist)


def refusal_of(content: dict) -> errors.FileRefused | None:
    """The error for a file with this content, with its sentences checked; None if the file is accepted."""
    try:
        detect.read(json.dumps(content).encode(), ZONE)
    except errors.FileRefused as refusal:
        refused(json.dumps(content).encode())
        return refusal
    return None


CHANGES = [
    {"mood": "bliss"},
    {"mood": ["fear"]},
    {"intensity": 6},
    {"intensity": True},
    {"intensity": 3.0},
    {"day": "2026-13-01"},
    {"day": "2026-01-20"},
    {"day": "1850-01-01", "happened_at": "1850-01-01T03:00:00+00:00"},
    {"happened_at": "2026-01-02T14:59:00"},
    {"happened_at": 5},
    {"time_known": 1},
    {"source": "psychic"},
    {"note": None},
    {"note": "x" * 100_001},
    {"tags": "walk"},
    {"tags": [1]},
    {"tags": [f"{n}" for n in range(21)]},
    {"tags": ["#hash"]},
    {"id": "../../etc/passwd"},
    {"version": 0},
    {"version": "1"},
    {"created_at": "now"},
    {"readings": [{}]},
    {"readings": {}},
    {"readings": [{"source": "voice", "scores": {}, "quality": {}, "sure": True, "model": "m", "created_at": "x"}]},
    {"media": [{"kind": "virus"}]},
    {"media": [3]},
    {"media": [[]]},
    {"media": ["media/a.wav"]},
    {"readings": [[]]},
    {"readings": ["voice"]},
    {"readings": [{"source": "voice", "scores": {}, "quality": [], "sure": True, "model": "m", "created_at": "x"}]},
]


def test_an_entry_that_was_tampered_with_takes_the_whole_file_back(exported: bytes) -> None:
    outcomes = {}
    for change in CHANGES:
        content = json.loads(exported)
        content["entries"][1] |= change
        refusal = refusal_of(content)
        outcomes[str(change)] = refusal and (refusal.code, refusal.facts)
    assert {
        change: outcome for change, outcome in outcomes.items() if outcome != ("line_unreadable", {"place": 2})
    } == {}


def test_a_reading_with_a_list_for_its_qualities(diarist: Session) -> None:
    content = json.loads(export.as_json(diarist))
    content["entries"][1]["readings"][0]["quality"] = []
    assert refused(json.dumps(content).encode()).code == "line_unreadable"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_export_with_anything_in_any_place_is_understood_or_refused(exported: bytes, data: st.DataObject) -> None:
    content = json.loads(exported)
    place = content
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(_JSON)
    with suppress(errors.FileRefused):
        detect.read(json.dumps(content).encode(), ZONE)


def test_scores_that_are_no_numbers(diarist: Session) -> None:
    text = export.as_json(diarist).decode()
    assert refused(text.replace('"fear": 0.4', '"fear": NaN').encode()).code == "line_unreadable"
    assert refused(text.replace('"fear": 0.4', '"fear": 0.9').encode()).code == "line_unreadable"


def test_preferences_and_music_of_another_shape(exported: bytes) -> None:
    shapes = [
        *(
            {"preferences": shape}
            for shape in ([], {"x" * 65: 1}, {"": 1}, {"x": [[1]]}, {"x": {}}, {"x": "y" * 301}, 5)
        ),
        *({"music": shape} for shape in ([], {"said": [1]}, {"said": [{"said": "hated"}]}, {"own_tracks": [{}]}, None)),
        {"music": {"said": [{}] * 3001}},
    ]
    refusals = {str(shape)[:60]: refusal_of(json.loads(exported) | shape) for shape in shapes}
    assert {
        shape: refusal for shape, refusal in refusals.items() if not refusal or refusal.code != "file_damaged"
    } == {}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")))
def test_whatever_the_bytes_it_is_understood_or_refused(content: bytes) -> None:
    with suppress(errors.FileRefused):
        detect.read(content, ZONE)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["format", "version", "account", "entries", "date", "scores", "mood", "notes", "tags", "created_at"]
                )
                | st.text(max_size=3),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    ),
    st.booleans(),
)
def test_whatever_the_json_it_is_understood_or_refused(content: object, as_haru: bool) -> None:
    if as_haru and isinstance(content, dict):
        content = content | {"format": "haru"}
    with suppress(errors.FileRefused):
        detect.read(json.dumps(content).encode(), ZONE)
