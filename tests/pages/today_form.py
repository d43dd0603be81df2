"""Steps in the form of a new entry, for the tests of several pages."""

from __future__ import annotations

import io

from PIL import Image

from components import state as session_state
from components.entry.attached import Attached, Attachment
from diary import consents
from emotions import EMOTIONS
from reading import Reading
from tests.pages.conftest import Visit
from understanding.face_frames import middle

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


def card_buttons(there: Visit) -> list[str]:
    """The labels of the verdict's buttons, in order."""
    return [button.label for button in there.app.button if str(button.key).startswith("verdict_")]


def words_say(sure: bool, **scores: float) -> Reading:
    """A reading of words with these scores; the other moods share the rest."""
    rest = (1 - sum(scores.values())) / (len(EMOTIONS) - len(scores))
    return Reading({mood: scores.get(mood, rest) for mood in EMOTIONS}, sure, {"weight": 1.0}, "words", "fake 1")


def photograph(brightness: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (brightness,) * 3).save(out, "JPEG")
    return out.getvalue()


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


def take_picture(there: Visit, frames: tuple[bytes, ...]) -> None:
    """What arrives from the camera of the form; AppTest runs no script of a component."""
    held = Attached({"face": Attachment(middle(frames), frames=frames)})
    there.app.session_state[session_state.ATTACHED.of(form(there)).key] = held
    there.app.run()
    there.expect_calm()
