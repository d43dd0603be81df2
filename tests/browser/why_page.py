"""The page of why_app.py: the sample recording, with a transcript that gives each letter the same time."""

from __future__ import annotations

import streamlit as st

from components.entry.why import why
from components.recognisers import analyst
from components.visitor import current_language
from demo import samples
from demo.make_samples import SPOKEN
from stt.transcript import Segment, Transcript, Word
from understanding.analyst import Analysis, UserInput
from web.diary_style import style_sheet

SECONDS = {"ko": 5.8, "en": 4.5}
TYPED = {"ko": "저녁에는 친구와 산책했다.", "en": "In the evening I took a walk with a friend."}


def spoken_note(language: str) -> UserInput:
    sentence, seconds = SPOKEN[language][1], SECONDS[language]
    words, now = [], 0.0
    for number, text in enumerate(sentence.split()):
        end = now + seconds * len(text) / len(sentence)
        words.append(Word(f" {text}", now, end, 0.4 if number == 2 else 0.9))
        now = end
    said = Transcript((Segment(tuple(words)),), language, 0.99, seconds, "made by hand")
    recording = samples.voice(language).read_bytes()
    return UserInput(recording=recording, note=f"{said.text}\n{TYPED[language]}", transcript=said)


@st.cache_resource(show_spinner=False)
def analysis(language: str) -> Analysis:
    return analyst().analyse(spoken_note(language))


st.html(f"<style>{style_sheet()}</style>")
st.title("Why")
st.button("Rerun")
why(analysis(current_language()), "form")
