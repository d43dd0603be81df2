"""A Whisper of 3 MB that always writes down the same words, for tests that need no real one.

`write` makes the files of a CTranslate2 model: faster-whisper opens them as any other. No layer computes anything:
the last token alone decides the next one, so that the words, their times and every probability are known beforehand.
Sound changes nothing but the number of windows: a recording of 70 s has the words three times.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec
from faster_whisper.tokenizer import _LANGUAGE_CODES

WORD_SECONDS = 0.4
"""The duration of each word."""

# The token numbers of the multilingual Whisper.
_END, _START, _FIRST_LANGUAGE = 50257, 50258, 50259
_LANGUAGES = _LANGUAGE_CODES[:99]
_TRANSLATE, _TRANSCRIBE, _NO_SPEECH, _NO_TIMESTAMPS, _FIRST_TIME = 50358, 50359, 50362, 50363, 50364
_TOKENS = _FIRST_TIME + 1501
_NAMED = {
    _END: "<|endoftext|>",
    _START: "<|startoftranscript|>",
    **{_FIRST_LANGUAGE + number: f"<|{code}|>" for number, code in enumerate(_LANGUAGES)},
    _TRANSLATE: "<|translate|>",
    _TRANSCRIBE: "<|transcribe|>",
    50360: "<|startoflm|>",
    50361: "<|startofprev|>",
    _NO_SPEECH: "<|nospeech|>",
    _NO_TIMESTAMPS: "<|notimestamps|>",
    **{_FIRST_TIME + step: f"<|{step / 50:.2f}|>" for step in range(1501)},
}

_WIDTH = 16
_FRAMES, _FRAMES_A_SECOND, _MELS = 1500, 50, 80
_LOGIT = 30.0
"""Of the tokens that may follow. All others have a logit near 0; 50,000 of them still weigh nothing against this."""
_UNLIKELY = np.exp(-12.0)
_BEAMS = 8
"""Beam search stops when as many hypotheses ended as it has beams. So each token has this many unlikely followers that
never end, and the last one has followers that end at once: the search neither stops early nor goes on for long."""
_LATER = np.exp(-3.0)
"""The share of a sentence's first word after the sentence before: a timestamp comes first, but no other word."""
_RIVALS = 6
"""The number of tokens that share the rest of the probability of an unsure word."""


def write(
    folder: Path,
    words: Sequence[str] = ("오늘은", "좋았어"),
    language: str = "ko",
    *,
    language_probability: float = 0.98,
    no_speech: float = 0.01,
    probabilities: Mapping[int, float] | None = None,
    pauses: Mapping[int, float] | None = None,
) -> Path:
    """Writes config.json, model.bin, tokenizer.json and vocabulary.json.

    - words: without spaces; without any, the model writes nothing down.
    - language: the one that detection finds. The words are the same in every language.
    - no_speech: the probability that nobody speaks.
    - probabilities: of the words with these numbers, from 0.2; the others have one near 1.
    - pauses: `{2: 3.0}` ends a sentence before word 2, which comes after a pause of 3 s. Faster-whisper shortens
      words beside a pause by rules of its own; expect its times to the half second only there.
    """
    made = _Decoder()
    made.add_languages(language, language_probability, no_speech)
    made.add_words(words, probabilities or {}, pauses or {})
    folder.mkdir(parents=True, exist_ok=True)
    spec = made.spec()
    spec.register_vocabulary(made.vocabulary())
    spec.config.lang_ids = [_FIRST_LANGUAGE + number for number in range(len(_LANGUAGES))]
    spec.config.alignment_heads = [(0, 0)]
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [made.text_ids["Ġ"], _END]
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    (folder / "tokenizer.json").write_text(json.dumps(made.tokenizer(), ensure_ascii=False), encoding="utf-8")
    return folder


class _Decoder:
    """Which token follows which. Each token that something follows has a code; the projection knows the codes."""

    def __init__(self) -> None:
        self.text_ids = {character: number for number, character in enumerate(_byte_characters())}
        self._dead_ends = [self._text_id(f"~{number}") for number in range(_BEAMS)]
        self._unused_codes = iter(_codes())
        self._code_of: dict[int, np.ndarray] = {}
        self._logits: dict[int, list[tuple[np.ndarray, float]]] = {}
        self._frames = np.zeros((_FRAMES, _WIDTH), np.float32)

    def add_languages(self, language: str, probability: float, no_speech: float) -> None:
        """What follows <|startoftranscript|>: detection and the no-speech probability read nothing else."""
        code = self._new_code(_START)
        self._follow(code, _NO_SPEECH, no_speech)
        for number, each in enumerate(_LANGUAGES):
            share = probability if each == language else (1 - probability) / (len(_LANGUAGES) - 1)
            self._follow(code, _FIRST_LANGUAGE + number, share * (1 - no_speech))

    def add_words(self, words: Sequence[str], probabilities: Mapping[int, float], pauses: Mapping[int, float]) -> None:
        """What follows the prompt: a timestamp, the words and an end."""
        before = self._new_code(_TRANSCRIBE, _TRANSLATE)
        self._follow(before, _FIRST_TIME, 1.0)
        before = self._new_code(_FIRST_TIME, _NO_TIMESTAMPS)
        # A timestamp must follow a word and its own timestamp, and must not follow the first timestamp alone.
        last_tokens = [self._text_id(f"~end{number}") for number in range(_BEAMS)]
        others: list[np.ndarray] = []  # codes after which the next word comes too, but unlikely
        end = 0.0
        for number, word in enumerate(words):
            start = end + pauses.get(number, 0.0)
            if number in pauses:
                others = [before]
                before = self._time(before, end, start)
            end = start + WORD_SECONDS
            pieces = self._pieces(word)
            for place, piece in enumerate(pieces):
                share = probabilities.get(number, 1.0) if place == 0 else 1.0
                for code, part in ((before, 1.0), *((other, _LATER) for other in others)):
                    self._follow(code, piece, share * part)
                    for rival in range(_RIVALS if share < 1 else 0):
                        self._follow(code, self._text_id(f"~{number}.{rival}"), (1 - share) / _RIVALS * part)
                # Word times come from attention: a frame has the code of the token that awaits the piece.
                moments = np.linspace(start, end, len(pieces) + 1)
                self._hear((*others, before)[0], moments[place], moments[place + 1])
                before, others = self._new_code(piece), []
        if words:
            self._hear(before, end, _FRAMES / _FRAMES_A_SECOND)
            before = self._time(before, end)
            last_tokens = [_FIRST_TIME + round(end * _FRAMES_A_SECOND) + number for number in range(1, _BEAMS + 1)]
        self._follow(before, _END, 1.0)
        for token in last_tokens:
            self._follow(before, token, _UNLIKELY)
            self._code_of[token] = before

    def spec(self) -> WhisperSpec:
        spec = WhisperSpec(1, 1, 1, 1)
        for encoder_or_decoder in (spec.encoder, spec.decoder):
            for layer in encoder_or_decoder.layer:
                _silence(layer.self_attention)
                _silence(layer.ffn)
                layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = _zeros(_WIDTH, _WIDTH), _zeros(_WIDTH)
                layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = _zeros(_WIDTH, _WIDTH), _zeros(_WIDTH)
            _pass_on(encoder_or_decoder.layer_norm)
        spec.encoder.conv1.weight, spec.encoder.conv1.bias = _zeros(_WIDTH, _MELS, 3), _zeros(_WIDTH)
        spec.encoder.conv2.weight, spec.encoder.conv2.bias = _zeros(_WIDTH, _WIDTH, 3), _zeros(_WIDTH)
        spec.encoder.position_encodings.encodings = self._frames
        spec.decoder.position_encodings.encodings = _zeros(448, _WIDTH)
        attention = spec.decoder.layer[0].attention
        _silence(attention)
        attention.linear[0].weight = 2 * np.eye(_WIDTH, dtype=np.float32)
        attention.linear[1].weight[:_WIDTH] = np.eye(_WIDTH, dtype=np.float32)
        spec.decoder.embeddings.weight = _zeros(_TOKENS, _WIDTH)
        for token, code in self._code_of.items():
            spec.decoder.embeddings.weight[token] = code
        spec.decoder.projection.weight = _zeros(_TOKENS, _WIDTH)
        spec.decoder.projection.bias = _zeros(_TOKENS)
        spec.decoder.projection.bias[_END] = -_LOGIT
        spec.decoder.projection.bias[self._dead_ends] = _LOGIT + np.log(_UNLIKELY)
        for token, logits in self._logits.items():
            codes, values = (np.array(each) for each in zip(*logits, strict=True))
            values = values - spec.decoder.projection.bias[token]
            spec.decoder.projection.weight[token] = np.linalg.lstsq(codes, values, rcond=None)[0]
        return spec

    def vocabulary(self) -> list[str]:
        names = {number: text for text, number in self.text_ids.items()} | _NAMED
        filled = [names.get(number, f"<{number}>") for number in range(_TOKENS)]
        filled[_END - 1] = ""  # Whisper's own empty token, by which CTranslate2 knows the multilingual vocabulary
        return filled

    def tokenizer(self) -> dict[str, Any]:
        """The content of tokenizer.json: byte-level BPE that never merges two bytes."""
        byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        return {
            "version": "1.0",
            "added_tokens": [{"id": number, "content": text, **special} for number, text in _NAMED.items()],
            "pre_tokenizer": byte_level,
            "decoder": byte_level,
            "model": {
                "type": "BPE",
                "vocab": {**self.text_ids, **{text: number for number, text in _NAMED.items()}},
                "merges": [],
            },
        }

    def _pieces(self, word: str) -> list[int]:
        """New tokens for a word: one, or two for a word that came before, because a token has one follower."""
        text = "".join(_byte_characters()[byte] for byte in f" {word}".encode())
        for cut in (0, *range(2, len(text) - 1)):
            pieces = [piece for piece in (text[:cut], text[cut:]) if piece]
            if not any(piece in self.text_ids for piece in pieces):
                return [self._text_id(piece) for piece in pieces]
        raise ValueError(f"the tiny Whisper cannot repeat {word!r} so often")

    def _text_id(self, text: str) -> int:
        return self.text_ids.setdefault(text, len(self.text_ids))

    def _time(self, before: np.ndarray, end: float, start: float | None = None) -> np.ndarray:
        """A sentence ends and perhaps another one starts; the code of the last timestamp."""
        steps = [round(end * _FRAMES_A_SECOND)]
        if start is not None:
            steps.append(max(round(start * _FRAMES_A_SECOND), steps[0] + 1))
        for step in steps:
            self._follow(before, _FIRST_TIME + step, 1.0)
            before = self._new_code(_FIRST_TIME + step)
        return before

    def _follow(self, code: np.ndarray, token: int, share: float) -> None:
        logit = _LOGIT + np.log(max(share, 1e-9))
        self._logits.setdefault(token, []).append((code, logit))

    def _hear(self, code: np.ndarray, start: float, end: float) -> None:
        self._frames[round(start * _FRAMES_A_SECOND) : round(end * _FRAMES_A_SECOND)] = code

    def _new_code(self, *tokens: int) -> np.ndarray:
        code = next(self._unused_codes, None)
        if code is None:
            raise ValueError("the tiny Whisper cannot hold so many words")
        for token in tokens:
            self._code_of[token] = code
        return code


@cache
def _codes() -> list[np.ndarray]:
    """Vectors of 1 and -1, far from each other. A layer norm leaves them as they are, and so does int8."""
    codes: list[np.ndarray] = []
    for ones in itertools.combinations(range(_WIDTH), _WIDTH // 2):
        code = np.full(_WIDTH, -1, np.float32)
        code[list(ones)] = 1
        if not codes or (np.array(codes) @ code).max() <= _WIDTH / 4:
            codes.append(code)
    return codes


@cache
def _byte_characters() -> list[str]:
    """The character of each byte in a byte-level vocabulary: printable ones stand for themselves."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    substitutes = itertools.count(0x100)
    return [chr(byte) if byte in printable else chr(next(substitutes)) for byte in range(256)]


def _silence(part: Any) -> None:
    """Makes an attention or a feed-forward network add nothing."""
    _pass_on(part.layer_norm)
    linears = getattr(part, "linear", ())
    rows = {2: (3, 1), 3: (1, 2, 1), 0: ()}[len(linears)]
    for linear, factor in zip(linears, rows, strict=True):
        linear.weight, linear.bias = _zeros(factor * _WIDTH, _WIDTH), _zeros(factor * _WIDTH)


def _pass_on(norm: Any) -> None:
    norm.gamma, norm.beta = np.ones(_WIDTH, np.float32), _zeros(_WIDTH)


def _zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)
