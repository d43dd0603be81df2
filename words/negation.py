"""Marks the negated words of a text: `안 좋아`, `좋지 않아`, `not happy`; but not `can't stop laughing`.

English negates the words that follow; Korean the word before (않다, 없다, 아니다) or right behind (안, 못). A negated
word is another feature than the word, so these rules decide what the model can learn. They are grammar only: the model
learns what a negation means for a mood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from words.tokens import Token

_NOT = frozenset(
    ["not", "no", "never", "nor", "neither", "none", "nobody", "nothing", "cannot", "without", "hardly", "barely",
     "dont", "cant", "wont", "isnt", "wasnt", "didnt", "doesnt", "couldnt", "wouldnt", "shouldnt", "arent",
     "werent", "havent", "hasnt", "hadnt", "aint"]
)  # fmt: skip
_REACH = 4
"""How many words an English negation reaches, unless a sign or a word of `_BUT` or `_JOINS` ends it sooner."""
_BUT = frozenset(["but", "however", "yet", "though", "although", "until"])
_JOINS = frozenset(["and", "because", "since", "when", "while", "so", "just"])
"""They begin another statement, unless they follow the negation at once (`not so happy`, `not just sad`)."""
_GOES_ON = frozenset(["stop", "help", "quit", "resist", "contain", "wait"])
"""`couldn't stop crying` does not negate `crying`."""
_NEVER_MORE = frozenset(["so", "this", "such", "more"])
"""`Never been so happy` is very happy."""
_NOT_NEGATING = frozenset([("not", "only"), ("no", "wonder"), ("no", "doubt"), ("no", "matter")])

_NOT_BEFORE = frozenset(["안", "못"])
_NOT_AFTER = re.compile("^(?:않|못[하했한할해]|없|아니[다었라야고지]|아닌|아닙)")
_DO_NOT = re.compile("^(?:말(?:[고자]|아[라요]?)?|마(?:라|세요)?)$")
_NOT_WITHIN = re.compile("지[는도를]?(?:않|못[하했한할해])|질않|진않")
_SET_PHRASE = re.compile("^(?:어이|어처구니|터무니|틀림|더할|끝|상관)[가이도]?$")
"""With 없다 they are words of their own (어이없다, 틀림없다) and negate nothing."""
_ADVERB = frozenset(
    ["하나도", "전혀", "별로", "조금도", "아무것도", "결코", "절대", "한번도", "한", "번도", "더", "그다지",
     "딱히", "아예", "이제", "다시는"]
)  # fmt: skip
"""They may stand between a word and its 없다."""
_BOUND_NOUN = re.compile("^(?:[것거][은이도]?|[건게걸]|적[이은도]?|줄[은도]?|리[가도]?|필요[가도는]?)$")
"""`화난 건 아니다` negates the word before the bound noun."""
_AS_NEVER = frozenset(["이렇게", "이토록", "이만큼", "그렇게", "그토록"])
"""`이렇게 웃은 적이 없다` means laughing as never before."""
_COMES = re.compile("^(?:나[지다네]?$|나[오온와왔]|났|난다|오[지네]?$|온다|와요?$|왔|들[지다]?$|들었|든다|생기|생겼)")
"""`잠이 안 온다`, `신이 나지 않는다` negate the noun before the verb."""
_DOES = re.compile("^(?:[하되](?:지[는도]?|진)|[본볼])$")
_SUBJECT = re.compile(".[이가은는도]$|^(?:화|신|겁|열|힘|잠|짜증|성질|눈물|웃음|기운|의욕)$")
"""A noun with its particle, or a bare one as in spoken Korean (`화 안 났어`)."""


def mark_negated(tokens: list[Token]) -> None:
    """Sets `negates` on negating words and `negated` on the words that they negate."""
    _english(tokens)
    for clause in _clauses(tokens):
        _korean(clause)


def _english(tokens: list[Token]) -> None:
    reach, never = 0, False
    for place, token in enumerate(tokens):
        if token.kind == "mark" or token.form in _BUT:
            reach = 0
        if token.kind != "english":
            continue
        following = tokens[place + 1].form if place + 1 < len(tokens) else ""
        if token.form in _NOT or token.form.endswith("n't"):
            if (token.form, following) not in _NOT_NEGATING:
                token.negates, reach, never = True, _REACH, token.form == "never"
        elif (
            token.form in _GOES_ON or (never and token.form in _NEVER_MORE) or (token.form in _JOINS and reach < _REACH)
        ):
            reach = 0
        elif reach:
            token.negated = True
            reach -= 1


def _clauses(tokens: list[Token]) -> Iterator[list[Token]]:
    """Runs of tokens without a punctuation mark between them."""
    clause: list[Token] = []
    for token in tokens:
        if token.kind == "mark":
            yield clause
            clause = []
        else:
            clause.append(token)
    yield clause


def _korean(clause: list[Token]) -> None:
    as_never = False
    for place, token in enumerate(clause):
        if token.kind != "korean":
            continue
        as_never = as_never or token.form in _AS_NEVER
        if _NOT_WITHIN.search(token.form):
            _negate(token)
        before = clause[place - 1] if place else None
        if token.form in _NOT_BEFORE and place + 1 < len(clause):
            token.negates = True
            _negate(clause[place + 1])
            if before and _shares_negation(before, clause[place + 1]):
                _negate(before)
        elif before is None:
            pass
        elif _DO_NOT.match(token.form) and before.form.endswith("지"):
            token.negates = True
            _negate(before)
        elif _NOT_AFTER.match(token.form) and not _SET_PHRASE.match(before.form):
            token.negates = True
            if not (as_never and before.form.startswith("적")):
                _negate_word_before(clause, place - 1)


def _negate_word_before(clause: list[Token], place: int) -> None:
    """Negates the word at this place, skipping adverbs; of a bound noun (것), the word that it belongs to.

    `좋지도 싫지도 않다` and `슬픈 것도 기쁜 것도 아니다` negate both.
    """
    while place > 0 and clause[place].form in _ADVERB:
        place -= 1
    size = 2 if place > 0 and _BOUND_NOUN.match(clause[place].form) else 1
    while place >= size - 1:
        first, end = place - size + 1, clause[place].form[-2:]
        _negate(clause[first])
        if first and _shares_negation(clause[first - 1], clause[first]):
            _negate(clause[first - 1])
        place -= size
        if not end.endswith("도") or place < 0 or not clause[place].form.endswith(end):
            return


def _shares_negation(noun: Token, verb: Token) -> bool:
    """Whether the word before the verb is negated too: `행복 하지 않다`, `신이 나지 않다`, `웃어 본 적 없다`."""
    if _DOES.match(verb.form):
        return noun.is_word
    return bool(_COMES.match(verb.form) and _SUBJECT.search(noun.form))


def _negate(token: Token) -> None:
    """A second negation cancels the first."""
    if token.is_word:
        token.negated = not token.negated
