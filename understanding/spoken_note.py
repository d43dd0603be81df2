"""Which words of a note were said in its recording, and when: a person may edit the transcript, and write around it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from stt.transcript import Transcript, Word

_TOKEN = re.compile(r"\S+")
_CHANCE = 0.3
"""Two texts of which fewer of the shorter one's words are the same have only words like "a" and "and" in common."""
_ALIKE = 0.5
"""A passage with fewer of its letters left was not edited, but written anew."""
_LONGEST_EDIT = 400
"""Letters of an edited passage that are compared one by one; the time grows with their square."""


@dataclass(frozen=True)
class SpokenPart:
    """How much of a note was said in the recording."""

    share: float
    """The share of the note's words that the transcript holds, from 0 to 1."""
    probability: float
    """How sure the transcription of these words was; 1 where none was said."""


NOTHING_SPOKEN = SpokenPart(0.0, 1.0)


@dataclass(frozen=True)
class NoteWord:
    """A word of a note, punctuation included."""

    start: int
    """The place of its first character in the note."""
    end: int
    said: Word | None
    """The word of the recording; None for a word that was typed."""


def whole_words(transcript: Transcript) -> tuple[Word, ...]:
    """The transcript's words as they stand between spaces: the model divides some, such as "well" and "-known".

    Each has the space or line break before it, so that their texts join to the transcript's text.
    """
    parts = [word for word in transcript.words for _ in "".join(word.text.split())]  # one for each letter
    found, letters_left = [], iter(parts)
    for token in re.finditer(r"\s*\S+", transcript.text):
        of_token = list(islice(letters_left, len(token.group().lstrip())))
        probability = min(word.probability for word in of_token)
        found.append(Word(token.group(), of_token[0].start, of_token[-1].end, probability))
    return tuple(found)


def spoken_part(note: str, transcript: Transcript | None) -> SpokenPart:
    """Compares the words in any order: a person may move a sentence, delete one or write another."""
    written = [letters for token in note.split() if (letters := _letters(token))]
    if transcript is None or not written:
        return NOTHING_SPOKEN
    said: dict[str, deque[float]] = defaultdict(deque)
    for word in whole_words(transcript):
        said[_letters(word.text)].append(word.probability)
    found = [said[letters].popleft() for letters in written if said.get(letters)]
    return SpokenPart(len(found) / len(written), sum(found) / len(found)) if found else NOTHING_SPOKEN


def note_words(note: str, transcript: Transcript) -> tuple[NoteWord, ...]:
    """The words of the note in order, each with the word of the recording that it is, or was before an edit."""
    tokens = list(_TOKEN.finditer(note))
    written = [_letters(token.group()) for token in tokens]
    recorded = whole_words(transcript)
    said: list[Word | None] = [None] * len(tokens)
    heard = [_letters(word.text) for word in recorded]
    for kind, first, last, start, end in SequenceMatcher(None, written, heard, autojunk=False).get_opcodes():
        if kind == "equal":
            said[first:last] = recorded[start:end]
        elif kind == "replace":
            said[first:last] = _edited(written[first:last], recorded[start:end], heard[start:end])
    said = [word if letters else None for word, letters in zip(said, written, strict=True)]
    fewest = min(sum(map(bool, words)) for words in (written, heard))
    if sum(map(bool, said)) < _CHANCE * fewest:
        said = [None] * len(tokens)
    return tuple(NoteWord(token.start(), token.end(), word) for token, word in zip(tokens, said, strict=True))


def _edited(written: Sequence[str], recorded: Sequence[Word], heard: Sequence[str]) -> list[Word | None]:
    """For each written word, the recorded words that hold at least half of its letters.

    It finds words of which the person mended a letter or a space.
    """
    before, after = "".join(heard), "".join(written)
    if max(len(before), len(after)) > _LONGEST_EDIT:
        return [None] * len(written)
    word_at = [word for word, letters in zip(recorded, heard, strict=True) for _ in letters]
    compared = SequenceMatcher(None, after, before, autojunk=False)
    if compared.ratio() < _ALIKE:
        return [None] * len(written)
    at: list[Word | None] = [None] * len(after)
    for block in compared.get_matching_blocks():
        at[block.a : block.a + block.size] = word_at[block.b : block.b + block.size]
    found: list[Word | None] = []
    letters_left = iter(at)
    for letters in written:
        matched = [word for word in islice(letters_left, len(letters)) if word]
        same = letters and 2 * len(matched) >= len(letters)
        # The person has looked at an edited word: it is sure.
        found.append(Word(letters, matched[0].start, matched[-1].end, 1.0) if same else None)
    return found


def _letters(token: str) -> str:
    """The letters and digits of a word, by which it is compared: case and punctuation do not matter."""
    return "".join(letter for letter in unicodedata.normalize("NFC", token).casefold() if letter.isalnum())
