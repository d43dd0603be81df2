"""Today, with fake models: offer, analysis, correction and saving."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from streamlit.elements.lib.mutable_status_container import StatusContainer
from streamlit.runtime.scriptrunner import StopException

from components import recognisers
from components import state as session_state
from components.entry.attached import Attached, Attachment
from diary import consents, database, days, drafts, entries, media, readings
from diary.entries import Entry, NewEntry
from diary.media import NewMedium
from emotions import EMOTIONS
from fer.ensemble import Mix
from fer.faces import Finder
from fer.labels import EIGHT
from fer.model import Architecture, FaceMember
from fer.predict import Recogniser
from reading import Reading, Refusal
from tests.fer.conftest import TinyBody
from tests.pages.conftest import Visit
from tests.sounds import spoken
from tests.understanding.fakes import HOW, Fake, analyst_of, face_reading, reading
from understanding import explanations, fusion
from understanding.analyst import Analysis, Analyst
from understanding.explanations import Explanations
from understanding.face_frames import middle


@pytest.fixture
def models_are(monkeypatch: pytest.MonkeyPatch) -> Callable[[Analyst], None]:
    monkeypatch.setattr(fusion, "settings", lambda: HOW)
    monkeypatch.setattr(recognisers, "in_place", lambda: frozenset(fusion.SOURCES))
    monkeypatch.setattr(recognisers, "can_write_down", lambda: False)

    def use(made: Analyst) -> None:
        monkeypatch.setattr(recognisers, "_analyst", lambda: made)
        monkeypatch.setattr(recognisers, "_loaded", made)

    return use


PARTS = {"speak": {"voice", "transcript"}, "face": {"face"}}
"""The parts of the form that record or photograph, by the consents of which one opens them."""


def allow(there: Visit, *kinds: str) -> Visit:
    for kind in kinds:
        consents.set_given(there.session, kind, True)
    there.app.run()
    if inputs := [part for part in PARTS if PARTS[part] & set(kinds) and there.app.button_group]:
        there.open(*inputs)
    return there


def form(there: Visit) -> str:
    return there.app.session_state[session_state.NEW_ENTRY_FORM.key]


def components_of(there: Visit) -> set[str]:
    return {each.proto.component_name for each in there.app.get("bidi_component")}


def test_without_permission_neither_microphone_nor_camera_is_offered(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    there = visit()
    assert not there.app.audio_input
    assert "haru_camera" not in components_of(there)
    assert there.says(there.t("capture.voice_off"))


def test_a_line_is_understood_confirmed_and_kept(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.expect_calm()
    assert there.says("## \ue6a6\xa0Sadness")
    assert there.says("Your words came closest to \ue6a6\xa0Sadness.")
    assert there.app.button_group[0].value == "sadness"  # offered, not saved
    assert entries.count(there.session) == 0
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert (kept.mood, kept.note, kept.source) == ("sadness", "a heavy day", "words")
    assert [reading.source for reading in readings.of_entry(there.session, kept.id)] == ["words", "fusion"]


def test_all_three_are_named_and_nothing_is_ever_certain(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    certain = {emotion: 1.0 if emotion == "sadness" else 0.0 for emotion in EMOTIONS}
    for source in fusion.SOURCES:
        getattr(made, source).answer = Reading(certain, True, {"weight": 1.0}, source, "fake 1")
    models_are(made)
    there = allow(visit(), "voice", "face")
    there.app.text_area[0].set_value("a heavy day").run()
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    show_picture(there, photograph())
    there.press("analyse.button")
    assert there.says("Your voice, face and words came closest to \ue6a6\xa0Sadness. I am quite sure (99%).")


def test_the_person_has_the_last_word(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.app.button_group[0].set_value("neutral").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert kept.mood == "neutral"
    assert readings.of_entry(there.session, kept.id)[-1].label == "sadness"


def test_voice_and_words_that_contradict_are_asked_about(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of(voice="happiness", words="sadness"))
    there = allow(visit(), "voice")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    assert there.says("They say different things")
    assert there.app.button_group[0].value is None
    assert there.says(
        "Voice: \ue6a0\xa0Happiness · quite sure  \n:material/notes: Words: \ue6a6\xa0Sadness · quite sure"
    )
    assert not any('class="haru-scores"' in html.proto.body for html in there.app.get("html"))
    # The moods of the sources are the answers; none of them keeps the entry, and no mood is suggested.
    assert card_buttons(there) == ["\ue6a0\xa0Happiness", "\ue6a6\xa0Sadness", "Another mood"]
    there.press_key(f"verdict_mood_1_{form(there)}")
    assert there.app.button_group[0].value == "sadness"
    assert entries.count(there.session) == 0


def card_buttons(there: Visit) -> list[str]:
    """The labels of the verdict's buttons, in order."""
    return [button.label for button in there.app.button if str(button.key).startswith("verdict_")]


def read_line(there: Visit) -> Visit:
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.expect_calm()
    return there


def words_say(sure: bool, **scores: float) -> Reading:
    """A reading of words with these scores; the other moods share the rest."""
    rest = (1 - sum(scores.values())) / (len(EMOTIONS) - len(scores))
    return Reading({mood: scores.get(mood, rest) for mood in EMOTIONS}, sure, {"weight": 1.0}, "words", "fake 1")


def test_one_press_agrees_and_keeps(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    made.words.answer = words_say(True, sadness=0.9, fear=0.05, anger=0.03)
    models_are(made)
    there = read_line(visit())
    assert card_buttons(there) == ["That's it, keep", "\ue6a3\xa0Fear", "\ue6a5\xa0Anger", "Another mood"]
    there.press("verdict.keep")
    there.expect_calm()
    (kept,) = entries.every(there.session)
    assert (kept.mood, kept.note, kept.source) == ("sadness", "a heavy day", "words")
    assert not card_buttons(there)  # a new form
    there.app.run()
    assert entries.count(there.session) == 1


def test_another_likely_mood_is_the_persons_choice_and_keeps_nothing(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of()
    made.words.answer = words_say(True, sadness=0.9, fear=0.05, anger=0.03)
    models_are(made)
    there = read_line(visit())
    there.press_key(f"verdict_mood_0_{form(there)}")
    assert there.app.button_group[0].value == "fear"
    assert entries.count(there.session) == 0
    there.press("analyse.button")  # a new reading of the same line does not take the choice back
    assert there.app.button_group[0].value == "fear"
    there.press("entry.save")
    assert [entry.mood for entry in entries.every(there.session)] == ["fear"]


def test_another_mood_takes_the_suggestion_back_but_not_a_choice(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = read_line(visit())
    assert there.app.button_group[0].value == "sadness"
    there.press("verdict.another")
    assert there.app.button_group[0].value is None
    there.app.button_group[0].set_value("neutral").run()
    there.press("verdict.another")
    assert there.app.button_group[0].value == "neutral"


@pytest.mark.parametrize(
    ("language", "headline", "question"),
    [
        ("en", "\ue6a6\xa0Sadness or \ue6a3\xa0Fear?", "Is it \ue6a6\xa0Sadness? Keep"),
        ("ko", "\ue6a6\xa0슬픔 아니면 \ue6a3\xa0두려움?", "\ue6a6\xa0슬픔인가요? 남기기"),
    ],
)
def test_a_low_score_is_a_question_and_no_percentage(
    visit: Callable[..., Visit], models_are: Callable, language: str, headline: str, question: str
) -> None:
    made = analyst_of()
    made.words.answer = words_say(False, sadness=0.25, fear=0.22)
    models_are(made)
    there = read_line(visit(language=language))
    assert there.says(headline)
    assert there.says(there.t("verdict.not_sure_which"))
    assert not there.says("%")
    assert there.app.button_group[0].value is None
    assert card_buttons(there)[0] == question
    there.press_key(f"verdict_keep_{form(there)}")
    assert [entry.mood for entry in entries.every(there.session)] == ["sadness"]


def test_the_page_has_one_scale(visit: Callable[..., Visit], models_are: Callable) -> None:
    """One source at 82 % beside a verdict of 21 % would be two."""
    models_are(analyst_of())
    there = read_line(visit())
    assert not there.app.get("plotly_chart")
    (bars,) = [html.proto.body for html in there.app.get("html") if 'class="haru-scores"' in html.proto.body]
    shown = [int(percent) for percent in re.findall(r"(\d+)%", bars)]
    fused = fusion.fuse([reading("words", "sadness")]).scores
    assert shown == [round(100 * fused[mood]) for mood in EMOTIONS]
    assert "70%" not in bars  # the score of the words alone


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_voice_unlike_any_known_is_named_as_one(
    visit: Callable[..., Visit], models_are: Callable, language: str
) -> None:
    made = analyst_of()
    models_are(made)
    there = allow(visit(language=language), "voice")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    for novelty, is_said in ((1.0, True), (0.4, False)):
        plain = reading("voice", "sadness")
        made.voice.answer = Reading(plain.scores, True, {"weight": 1.0, "novelty": novelty}, "voice", "fake 1")
        there.press("analyse.button")
        assert there.says(there.t("verdict.voice_new")) == is_said


def test_nothing_recorded_is_kept_by_default(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "face")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    with database.connect() as db:
        assert db["media"].count == 0
    assert not attached_in(there)


def test_with_the_persons_own_switch_it_is_kept_and_heard_again(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "media")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, kept.id)
    assert media.content(there.session, medium.id) == spoken()
    there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
    there.expect_calm()
    there.press("media.delete")
    assert media.of_entry(there.session, kept.id) == []


@pytest.mark.parametrize("stored_as", ["application/octet-stream", "image/svg+xml"])
def test_what_is_no_sound_can_be_downloaded_but_is_not_played(
    visit: Callable[..., Visit], models_are: Callable, stored_as: str
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "media")
    entry_id = entries.add(
        there.session,
        NewEntry("fear", 3, days.today("Asia/Seoul"), "Asia/Seoul"),
        media=[NewMedium("sound", b"<svg></svg>")],
    )
    (medium,) = media.of_entry(there.session, entry_id)
    with database.transaction() as db:  # as it was stored before types were checked
        db["media"].update(medium.id, {"mime": stored_as})
    there.app.run()
    there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
    there.expect_calm()
    assert there.says(there.t("media.unknown_type"))
    assert there.app.get("download_button")
    assert not there.app.get("audio")


def test_pressed_with_nothing_given_it_says_what_could_be(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    assert not [button for button in there.app.button if button.label == there.t("analyse.button")]
    there.open("line")
    there.press("analyse.button")
    there.expect_calm()
    assert there.says(there.t("analyse.nothing"))
    assert not there.app.status


class FakeWithSideEffect(Fake):
    """Calls `meanwhile` during each reading."""

    def __init__(self, answer: object, meanwhile: Callable[[], object]) -> None:
        super().__init__(answer)
        self.meanwhile = meanwhile

    def read(self, inputs: list, face: int | None = None) -> list:
        self.meanwhile()
        return super().read(inputs, face)


def test_what_is_written_is_safe_before_it_is_read(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    models_are(made)
    there = visit()
    there.open("line")
    found = []
    made.words = FakeWithSideEffect(reading("words", "sadness"), lambda: found.append(drafts.load(there.session)))
    # Typed and pressed at once: the run that would have kept the line on its own never takes place.
    there.app.text_area[0].set_value("a heavy day")
    there.press("analyse.button")
    assert [draft.content["fields"]["note"] for draft in found] == ["a heavy day"]


def test_who_taps_while_it_is_still_reading_loses_nothing(
    visit: Callable[..., Visit], models_are: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()

    def given_up(*_: object) -> None:
        raise StopException  # as Streamlit ends a run for the next one, at its next word

    with monkeypatch.context() as tapped:
        tapped.setattr(StatusContainer, "update", given_up)
        there.press("analyse.button")
    assert not there.says("came closest to")
    there.app.run()
    assert there.says("came closest to \ue6a6\xa0Sadness")
    assert there.app.button_group[0].value == "sadness"


def test_a_mood_that_was_tapped_is_not_moved_by_reading(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    models_are(made)
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    made.words = Fake(reading("words", "happiness"))
    there.app.text_area[0].set_value("a light day").run()
    there.press("analyse.button")
    assert there.app.button_group[0].value == "happiness"  # nobody had tapped the first
    there.app.button_group[0].set_value("fear").run()
    there.press("analyse.button")
    assert there.says("came closest to \ue6a0\xa0Happiness")
    assert there.app.button_group[0].value == "fear"


def test_why_is_worked_out_once_and_leaves_with_the_entry(
    visit: Callable[..., Visit], models_are: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    models_are(analyst_of())
    asked = []

    def worked_out(_: Analyst, found: Analysis, earlier: object) -> Explanations:
        asked.append(found)
        return Explanations("sadness", pulls={"words": 1.0, "voice": 0.1})

    monkeypatch.setattr(explanations, "explain", worked_out)
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    assert asked == []
    there.app.toggle(key=f"why_{form(there)}").set_value(True).run()
    there.app.button_group[0].set_value("fear").run()
    assert there.says("Your words counted most.")
    assert len(asked) == 1
    there.press("analyse.button")
    assert len(asked) == 2  # of what was understood anew
    there.press("entry.save")
    kept = there.app.session_state[session_state.PAGE_CACHE.key]
    assert not any(asked[-1] in answer for answer in kept.values() if isinstance(answer, tuple))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_refusal_is_one_kind_sentence(visit: Callable[..., Visit], models_are: Callable, language: str) -> None:
    made = analyst_of()
    models_are(made)
    there = allow(visit(language=language), "voice")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    for code in ("too_quiet", "mostly_noise", "too_short", "a_code_nobody_foresaw"):
        made.voice.answer = Refusal(code, "technical words")
        there.press("analyse.button")
        (warning,) = there.app.warning
        assert warning.value == there.t("refusal.voice" if "foresaw" in code else f"refusal.{code}")


def test_without_any_model_the_diary_is_still_a_diary(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(Analyst(None, None, None))
    there = visit()
    there.app.text_area[0].set_value("by hand then").run()
    there.expect_calm()
    assert there.says(there.t("capture.missing", sources="Voice, Face, Words"))
    assert there.t("analyse.button") not in [button.label for button in there.app.button], "nothing would answer it"
    there.app.button_group[0].set_value("fear").run()
    there.press("entry.save")
    assert [entry.source for entry in entries.every(there.session)] == ["hand"]


def test_a_draft_survives_a_reload(
    visit: Callable[..., Visit],
    models_are: Callable,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Streamlit gives this warning once a process; another test may have had it.
    monkeypatch.setattr("streamlit.elements.lib.policies._shown_default_value_warning", False)
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("half a thought").run()
    there.press("analyse.button")
    there.field("intensity").set_value(5).run()
    again = Visit(there.session, "pages/today.py")
    assert again.app.text_area[0].value == "half a thought"
    assert again.field("intensity").value == 5
    assert "default value" not in caplog.text  # Streamlit's warning for a widget with two values
    assert again.app.button_group[0].value == "sadness"
    assert again.says("came closest to \ue6a6\xa0Sadness")
    again.press("entry.save")
    (kept,) = entries.every(there.session)
    assert [reading.source for reading in readings.of_entry(there.session, kept.id)] == ["words", "fusion"]
    assert drafts.load(there.session) is None
    there.press("entry.save")  # the first tab saves the same draft: it is one entry
    assert entries.count(there.session) == 1


def test_rewriting_the_line_forgets_what_was_understood_of_it(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.app.text_area[0].set_value("another day altogether").run()
    assert not there.says("came closest to")
    there.app.button_group(key=f"mood_choice_{form(there)}").set_value("fear").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert readings.of_entry(there.session, kept.id) == []
    assert kept.source == "hand"


def test_without_weights_neither_microphone_nor_camera_is_offered(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognisers, "in_place", frozenset)
    monkeypatch.setattr(recognisers, "_loaded", None)  # nor did an earlier page of this process wake any
    there = allow(visit(), "voice", "face")
    assert not there.app.audio_input
    assert not there.app.toggle
    notices = [said.value for said in there.app.caption if there.t("source.voice") in said.value]
    assert notices == [there.t("capture.missing", sources="Voice, Face, Words")]


def photograph(brightness: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (brightness,) * 3).save(out, "JPEG")
    return out.getvalue()


TWO_FACES = Refusal(
    "several_faces",
    "There are 2 faces.",
    {"faces": [{"face": 0, "box": [10, 10, 60, 60]}, {"face": 1, "box": [150, 20, 40, 40]}]},
)


def attached_in(there: Visit) -> dict[str, bytes]:
    """What is attached in the form of the new entry, by source."""
    key = session_state.ATTACHED.of(there.form).key
    if key not in there.app.session_state:
        return {}
    return {source: each.content for source, each in there.app.session_state[key].by_source.items()}


def attach(there: Visit, **contents: bytes) -> None:
    """Attaches them as the live picture does."""
    held = Attached({source: Attachment(content) for source, content in contents.items()})
    there.app.session_state[session_state.ATTACHED.of(there.form).key] = held
    there.app.run()
    there.expect_calm()


def show_picture(there: Visit, picture: bytes) -> None:
    uploader = next(each for each in there.app.file_uploader if each.key.startswith("picture_file_"))
    uploader.upload("me.jpg", picture, mime_type="image/jpeg").run()
    there.expect_calm()


def test_of_several_faces_the_person_chooses_and_the_next_picture_asks_anew(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of(face=TWO_FACES)
    models_are(made)
    there = allow(visit(), "face")
    show_picture(there, photograph())
    there.press("analyse.button")
    assert there.says(there.t("capture.which_face"))
    assert not there.app.warning  # a question, not a refusal
    made.face.answer = reading("face", "surprise")
    there.press("capture.this_face", number=2)
    assert made.face.chosen == 1
    assert there.app.button_group[0].value == "surprise"
    show_picture(there, photograph(200))
    there.press("analyse.button")
    assert made.face.chosen is None


def take_picture(there: Visit, frames: tuple[bytes, ...]) -> None:
    """What arrives from the camera of the form; AppTest runs no script of a component."""
    held = Attached({"face": Attachment(middle(frames), frames=frames)})
    there.app.session_state[session_state.ATTACHED.of(form(there)).key] = held
    there.app.run()
    there.expect_calm()


def test_the_frames_of_the_camera_are_read_and_the_nearest_one_is_kept(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    class Frames(Fake):
        read_of: tuple[bytes, ...] = ()

        def read_frames(self, frames: Sequence[bytes], face: int | None = None) -> list:
            self.read_of = tuple(frames)
            clear = face_reading("sadness")
            other = replace(clear, scores={**clear.scores, "sadness": 0.5, "fear": 0.45})
            return [other, clear, clear, clear, clear]

    made = analyst_of()
    made.face = Frames(reading("face", "fear"))
    models_are(made)
    there = allow(visit(), "face", "media")
    assert "haru_camera" in components_of(there)
    frames = tuple(photograph(40 * number) for number in range(5))
    take_picture(there, frames)
    there.press("analyse.button")
    assert made.face.read_of == frames
    assert there.app.button_group[0].value == "sadness"
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    face = next(reading for reading in readings.of_entry(there.session, kept.id) if reading.source == "face")
    assert face.quality["frames"] == 5
    (medium,) = media.of_entry(there.session, kept.id)
    assert media.content(there.session, medium.id) == frames[1]


def test_the_faces_to_choose_among_are_those_of_the_frame_with_several(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of(face=replace(TWO_FACES, details={**TWO_FACES.details, "frame": 4}))
    models_are(made)
    there = allow(visit(), "face")
    take_picture(there, (*(photograph(20 * number) for number in range(4)), photograph(250)))
    there.press("analyse.button")
    assert there.says(there.t("capture.which_face"))
    made.face.answer = reading("face", "surprise")
    there.press("capture.this_face", number=2)
    assert made.face.chosen == 1
    assert there.app.button_group[0].value == "surprise"


def test_without_an_analysis_the_frame_in_the_middle_is_kept(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = allow(visit(), "face", "media")
    frames = tuple(photograph(40 * number) for number in range(5))
    take_picture(there, frames)
    there.app.button_group[0].set_value("neutral").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, kept.id)
    assert media.content(there.session, medium.id) == frames[2]


def test_why_shows_the_face_with_its_heat_and_what_each_member_voted(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    skimage = pytest.importorskip("skimage.data")
    portrait = io.BytesIO()
    Image.fromarray(skimage.astronaut()).save(portrait, "JPEG")
    tiny = Architecture(48, 16, lambda pretrained: TinyBody(), upper_half="3", explained="4")
    members = {
        name: FaceMember("tiny", len(EIGHT), architecture=tiny) for name in ("resnet50", "vgg16", "xception", "alexnet")
    }
    mix = Mix(dict.fromkeys(members, 0.25), dict.fromkeys(members, 1.0), 1.0, (0.0,) * len(EIGHT))
    made = analyst_of()
    made.face = Recogniser(members, mix, 0.0, "untrained", "0", Finder())
    models_are(made)
    there = allow(visit(), "face")
    show_picture(there, portrait.getvalue())
    there.press("analyse.button")
    there.app.toggle(key=f"why_{form(there)}").set_value(True).run()
    there.expect_calm()
    assert there.says(there.t("why.face", mood="")[:40])
    for name in ("ResNet50", "VGG16", "Xception", "AlexNet"):
        assert there.says(name)


def test_a_model_that_is_damaged_is_as_good_as_missing(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of(face=None))
    there = allow(visit(), "voice", "face")
    assert there.app.audio_input
    assert not there.app.toggle
    assert there.says(there.t("capture.missing", sources="Face"))


def kept_day(visit: Callable[..., Visit], *allowed: str) -> tuple[Visit, Entry]:
    there = allow(visit(), *allowed)
    there.app.text_area[0].set_value("a heavy day").run()
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    return there, kept


def test_an_entry_opens_again_whole(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    models_are(made)
    there, kept = kept_day(visit, "voice", "media")
    (medium,) = media.of_entry(there.session, kept.id)
    there.press("entry.edit")
    there.expect_calm()
    assert there.app.text_area(key=f"note_entry_{kept.id}").value == "a heavy day"
    assert there.says("came closest to \ue6a6\xa0Sadness")  # what was read then
    assert not card_buttons(there)  # the person confirmed it long ago
    assert there.app.toggle(key=f"open_{medium.id}")

    # Read again, with the kept sound: the new readings take the place of the old, the confirmed mood stays.
    made.voice.answer = made.words.answer = reading("words", "happiness")
    there.press("analyse.again")
    there.expect_calm()
    assert there.says("came closest to \ue6a0\xa0Happiness")
    assert there.app.button_group(key=f"mood_choice_entry_{kept.id}").value == "sadness"
    assert [label for label in card_buttons(there) if "keep" in label.lower()] == []
    there.press_key(f"verdict_mood_0_entry_{kept.id}")
    assert there.app.button_group(key=f"mood_choice_entry_{kept.id}").value == "happiness"
    assert [entry.mood for entry in entries.every(there.session)] == ["sadness"]  # nothing is kept at once
    there.app.button_group(key=f"mood_choice_entry_{kept.id}").set_value("sadness").run()
    there.press("entry.save_changes")
    (changed,) = entries.every(there.session)
    assert changed.mood == "sadness"
    assert {reading.label for reading in readings.of_entry(there.session, kept.id)} == {"happiness"}
    assert [found.id for found in media.of_entry(there.session, kept.id)] == [medium.id]


def test_an_entry_made_by_hand_is_read_without_keeping_or_a_draft(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of()
    models_are(made)
    there = visit()
    entries.add(there.session, NewEntry("neutral", 3, days.today("Asia/Seoul"), "Asia/Seoul", note="a heavy day"))
    (kept,) = entries.every(there.session)
    there.app.run()
    there.press("entry.edit")
    for _ in range(2):
        there.press_key(f"analyse_entry_{kept.id}")
    there.expect_calm()
    assert card_buttons(there)[0] == "\ue6a6\xa0Sadness"
    assert there.app.button_group(key=f"mood_choice_entry_{kept.id}").value == "neutral"
    assert drafts.load(there.session) is None  # that would be one of the new entry
    there.press_key(f"verdict_mood_0_entry_{kept.id}")
    assert [entry.mood for entry in entries.every(there.session)] == ["neutral"]
    there.press("entry.save_changes")
    assert [entry.mood for entry in entries.every(there.session)] == ["sadness"]


def test_an_older_reading_that_was_sure_of_a_low_score_is_a_question(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = visit()
    words = words_say(True, disgust=0.36, sadness=0.2)
    fused = replace(words, source="fusion", model="fusion 1", quality={"divergence": 0.0, "exponent_words": 1.0})
    entry = NewEntry("neutral", 3, days.today("Asia/Seoul"), "Asia/Seoul", note="laundry")
    entries.add(there.session, entry, readings=[words, fused])
    there.app.run()
    there.press("entry.edit")
    assert there.says("Disgust or \ue6a6\xa0Sadness?")
    assert not there.says("36%")


def test_changing_a_word_leaves_what_was_read(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there, kept = kept_day(visit, "voice")
    before = readings.of_entry(there.session, kept.id)
    there.press("entry.edit")
    there.app.text_area(key=f"note_entry_{kept.id}").set_value("a heavy day, then rain").run()
    there.press("entry.save_changes")
    (changed,) = entries.every(there.session)
    assert (changed.note, changed.source) == ("a heavy day, then rain", kept.source)
    assert readings.of_entry(there.session, kept.id) == before


def test_what_was_recorded_while_editing_is_kept_with_the_entry(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there, kept = kept_day(visit, "voice", "media")
    there.press("entry.edit")
    there.app.button_group(key=f"parts_entry_{kept.id}").set_value(["speak"]).run()
    there.app.audio_input(key=f"sound_entry_{kept.id}").upload("more.wav", spoken(1.0)).run()
    there.press("entry.save_changes")
    sounds = [media.content(there.session, found.id) for found in media.of_entry(there.session, kept.id)]
    assert sorted(sounds) == sorted([spoken(), spoken(1.0)])


def test_what_was_kept_is_not_read_once_that_is_no_longer_allowed(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of()
    models_are(made)
    there, kept = kept_day(visit, "voice", "media")
    consents.set_given(there.session, "voice", False)
    there.press("entry.edit")
    there.press("analyse.again")
    there.press("entry.save_changes")
    assert [reading.source for reading in readings.of_entry(there.session, kept.id)] == ["words", "fusion"]


def test_after_saving_there_is_a_quiet_line_until_something_new_is_said(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.button_group[0].set_value("sadness").run()
    there.press("entry.save")
    assert there.says(there.t("saved.sadness"))
    (kept,) = entries.every(there.session)
    assert there.app.session_state[session_state.MUSIC_ENTRY.key] == kept.id
    there.app.button_group[0].set_value("neutral").run()
    assert not there.says(there.t("saved.sadness"))


def test_a_kept_moment_goes_into_the_draft_until_it_is_taken_out(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "face")
    attach(there, voice=spoken(), face=photograph())
    there.press("analyse.button")
    assert there.says("Your voice and face came closest to \ue6a6\xa0Sadness.")
    there.press("attached.remove_voice")
    there.press("attached.remove_face")
    there.press("analyse.button")
    assert there.says(there.t("analyse.nothing"))
    attach(there, face=photograph())
    there.press("analyse.button")
    there.press("entry.save")
    assert [entry.source for entry in entries.every(there.session)] == ["face"]
    assert not attached_in(there)


def test_nothing_of_sound_or_picture_is_anywhere_after_saving(
    visit: Callable[..., Visit],
    models_are: Callable,
    data_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    models_are(analyst_of())
    sound, picture = spoken(), photograph()
    there = allow(visit(), "voice", "face")
    there.app.audio_input[0].upload("clip.wav", sound).run()
    show_picture(there, picture)
    there.press("analyse.button")
    there.press("entry.save")
    assert entries.count(there.session) == 1
    pieces = [content[at : at + 24] for content in (sound, picture) for at in range(100, len(content), 500)]

    def found() -> list[str]:
        files = [file for folder in (data_folder, temporary) for file in folder.rglob("*") if file.is_file()]
        return [file.name for file in files if any(piece in file.read_bytes() for piece in pieces)]

    assert (data_folder / "haru.db").exists()
    assert found() == []
    (temporary / "left behind").write_bytes(b"before" + sound)
    assert found() == ["left behind"]  # the search can find


def test_a_likely_mood_that_is_not_sure_is_one_question(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    made.words.answer = words_say(False, sadness=0.8, fear=0.05)
    models_are(made)
    there = read_line(visit(language="en"))
    assert there.says("\ue6a6\xa0Sadness?")
    assert there.says(there.t("verdict.likely_which"))
    assert not there.says("Sadness or")
    assert there.app.button_group[0].value is None
