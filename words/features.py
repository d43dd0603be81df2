"""Extracts the features of a clean text: words, pairs and triples of words, letters, and hits of the lexicon.

Korean is split into jamo, so that endings (좋아, 좋았어, 좋네) and typos (조아) share features. The CRC-32 of its name
identifies a feature, the same on every machine.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache

import numpy as np

from words.lexicon import EMOJI, EMOTICONS, EVENTS, FEELINGS
from words.tokens import Token, jamo, tokenize

BLOCKS = ("word", "letters", "lexicon")


@dataclass(frozen=True)
class Features:
    """The features of a text, in blocks that the model normalises separately."""

    keys: np.ndarray
    """The CRC-32 of each feature, once for each occurrence."""
    blocks: np.ndarray
    """Index into `BLOCKS`."""
    first: np.ndarray
    last: np.ndarray
    """The first and last token that each feature covers."""
    tokens: list[Token]

    @property
    def negates(self) -> bool:
        """Whether a word of the text negates another."""
        return any(token.negates for token in self.tokens)


def features(text: str) -> Features:
    """All features of a clean text, in time linear in its length."""
    tokens = tokenize(text)
    pieces = [_word_pieces(tokens), _letter_pieces(tokens), _lexicon_pieces(tokens)]
    flat = [piece for block in pieces for piece in block]
    return Features(
        np.array([zlib.crc32(name.encode()) for name, _, _ in flat], np.uint32),
        np.repeat(np.arange(len(BLOCKS), dtype=np.uint8), [len(block) for block in pieces]),
        np.array([first for _, first, _ in flat], np.int32),
        np.array([last for _, _, last in flat], np.int32),
        tokens,
    )


Piece = tuple[str, int, int]
"""The name of a feature, and the first and last token that it covers."""


def _word_pieces(tokens: list[Token]) -> list[Piece]:
    """Words, pairs and triples of words, beginnings (stems) and endings of Korean words, signs."""
    found: list[Piece] = []
    forms = [("~" if token.negated else "") + token.form for token in tokens]
    for place, token in enumerate(tokens):
        form = forms[place]
        found.append(("w:" + form, place, place))
        if token.after_but:
            found.append(("but:" + form, place, place))
        if token.kind == "korean":
            sign = "~" if token.negated else ""
            found += [(f"p:{sign}{token.form[:size]}", place, place) for size in (1, 2, 3) if size < len(token.form)]
            found += [(f"s:{token.form[-size:]}", place, place) for size in (1, 2, 3) if size < len(token.form)]
    for place in range(len(tokens) - 1):
        found.append((f"b:{tokens[place].form}|{tokens[place + 1].form}", place, place + 1))
        if tokens[place].kind == "korean" and tokens[place + 1].kind == "korean":
            found.append((f"pp:{tokens[place].form[:2]}|{tokens[place + 1].form[:2]}", place, place + 1))
    for place in range(len(tokens) - 2):
        found.append(("t:" + "|".join(token.form for token in tokens[place : place + 3]), place, place + 2))
    return found


def _letter_pieces(tokens: list[Token]) -> list[Piece]:
    """Runs of 3 to 5 letters of English words and of 3 to 6 jamo of Korean words, with marks for both ends of a word.

    The letters of a negated word are features of their own, or `not happy` would count as mostly happy.
    """
    found: list[Piece] = []
    for place, token in enumerate(tokens):
        if not token.is_word:
            continue
        letters, longest = ("^" + jamo(token.form) + "$", 6) if token.kind == "korean" else ("^" + token.form + "$", 5)
        kind = "~c:" if token.negated else "c:"
        for size in range(3, longest + 1):
            found += [(kind + letters[at : at + size], place, place) for at in range(len(letters) - size + 1)]
    return found


def _lexicon_pieces(tokens: list[Token]) -> list[Piece]:
    """Hits of the lexicon: negated or not, before or after a "but"; or one feature for a text without hits."""
    found: list[Piece] = []
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        for kind, mood, pair in sorted(_hits(token, following.form if following else "")):
            negated = token.negated or (pair and following is not None and following.negated)
            if pair and following is not None and (token.negates or following.negates):
                negated = False  # the entry itself contains the negation: 재수_없, can't_believe
            name = f"{kind}:{'~' if negated else ''}{mood}"
            if token.before_but:
                name = "was:" + name
            found.append((name, place, place + pair))
            if token.after_but:
                found.append(("but:" + name, place, place))
    named = {name.removeprefix("but:") for name, _, _ in found}
    if not named:
        # A plain statement: the only feature of the whole text rather than of a word.
        found.append(("lex:none", 0, max(len(tokens) - 1, 0)))
    return found + [("one:" + name, 0, max(len(tokens) - 1, 0)) for name in sorted(named)]


def _hits(token: Token, following: str) -> set[tuple[str, str, bool]]:
    """Kind and mood of each entry that begins here, and whether it includes the next word."""
    if token.kind in ("emoji", "emoticon"):
        return {(*hit, False) for hit in _signs().get(token.form, ())}
    whole, beginnings = _entries()
    form = jamo(token.form)
    hits = {(*hit, False) for hit in whole.get(form, ())}
    if token.kind == "korean":
        pair = form + "_" + jamo(following)
        for size in range(1, min(len(pair), 18) + 1):
            hits |= {(*hit, size > len(form)) for hit in whole.get(pair[:size], ())}
    elif token.kind == "english":
        hits |= {(*hit, True) for hit in whole.get(form + "_" + following, ())}
        for size in range(2, min(len(form), 18) + 1):
            hits |= {(*hit, False) for hit in beginnings.get(form[:size], ())}
    return hits


Entries = dict[str, set[tuple[str, str]]]


@cache
def _entries() -> tuple[Entries, Entries]:
    whole: Entries = {}
    beginnings: Entries = {}
    for kind, lists in (("lex", FEELINGS), ("evt", EVENTS)):
        for mood, entries in lists.items():
            for entry in entries.split():
                table = beginnings if entry.endswith("*") else whole
                table.setdefault(jamo(entry.rstrip("*").lower()), set()).add((kind, mood))
    return whole, beginnings


@cache
def _signs() -> Entries:
    signs: Entries = {}
    for mood in EMOJI:
        for sign in (*EMOJI[mood], *EMOTICONS[mood].split()):
            signs.setdefault(sign, set()).add(("lex", mood))
    return signs
