"""Scores and arrangements of the local tracks, for `training.music.render`.

Only works in the public domain, in encodings without restriction. Encodings of music21's corpus that are CC BY-SA, of
unclear status (the Essen folk songs) or bear a copyright line are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MUSIC21 = "public domain; encoding from music21's corpus, without restriction"
CC0 = "public domain; encoding CC0 (MSAC), from music21's corpus"
OWN = "public domain (traditional); written down for Haru, CC0"


@dataclass(frozen=True)
class Part:
    """The instrument that plays one staff of the score."""

    program: int
    """General MIDI, counted from 0."""
    velocity: int = 80
    pan: int = 64
    shift: int = 0
    """Semitones."""
    length: float = 0.95
    """Of each note's written length: 0.5 is staccato."""


Players = tuple[tuple[int, Part], ...]
"""Staves of the score and their instruments; a staff may have several."""


@dataclass(frozen=True)
class Arrangement:
    """A local track: its titles, its score and its performance."""

    file: str
    en: str
    ko: str
    composer: str
    """A name in `COMPOSERS`."""
    genre: str
    source: str
    """A path in music21's corpus, or a tune of `TUNES`."""
    tempo: float
    """Quarter notes a minute."""
    players: Players
    meant: str
    """The eighth of the plane it was chosen for, by tempo, mode and players."""
    licence: str = MUSIC21
    start: float = 0.0
    """Quarter notes into the score."""
    seconds: float = 42.0
    bar: float = 4.0
    """Quarter notes of a bar, for accents and drums."""
    upbeat: float = 0.0
    """Quarter notes before the first bar line."""
    drums: str = ""
    """A name in `DRUMS` whose pattern is as long as a bar, or empty."""
    reverb: float = 0.6
    playful: bool = False


COMPOSERS = {
    "Joplin": ("Scott Joplin (1868–1917)", "스콧 조플린 (1868–1917)"),
    "Mozart": ("W. A. Mozart (1756–1791)", "볼프강 아마데우스 모차르트 (1756–1791)"),
    "Haydn": ("Joseph Haydn (1732–1809)", "요제프 하이든 (1732–1809)"),
    "Beethoven": ("Ludwig van Beethoven (1770–1827)", "루트비히 판 베토벤 (1770–1827)"),
    "Bach": ("J. S. Bach (1685–1750)", "요한 제바스티안 바흐 (1685–1750)"),
    "Handel": ("G. F. Handel (1685–1759)", "게오르크 프리드리히 헨델 (1685–1759)"),
    "Johnson": ("J. Rosamond Johnson (1873–1954)", "J. 로저먼드 존슨 (1873–1954)"),
    "Liliuokalani": ("Queen Liliʻuokalani (1838–1917)", "릴리우오칼라니 여왕 (1838–1917)"),
    "Ryan": ("Traditional (Ryan's Mammoth Collection, 1883)", "전통 음악 (라이언 매머드 컬렉션, 1883)"),
    "Korea": ("Traditional, Korea", "한국 민요"),
}

# Drum patterns of one bar, of four quarters unless the name says otherwise: (quarter, key of the General MIDI kit,
# velocity).
DRUMS: dict[str, tuple[tuple[float, int, int], ...]] = {
    "rock": (
        *((beat / 2, 42, 70) for beat in range(8)), (0, 36, 115), (1, 38, 112), (1.5, 36, 95), (2, 36, 110),
        (3, 38, 115), (3.5, 36, 90),
    ),
    "rock in three": (
        *((beat / 2, 42, 70) for beat in range(6)), (0, 36, 115), (1, 38, 96), (2, 38, 108), (2.5, 36, 90),
    ),
    "rock in six eighths": (
        *((beat / 2, 42, 70) for beat in range(6)), (0, 36, 115), (1.5, 38, 112), (2.5, 36, 92),
    ),
    "double": (
        *((beat / 4, 36, 100) for beat in range(16)), (0, 49, 110), (1, 38, 118), (3, 38, 120),
        *((beat / 2, 42, 80) for beat in range(8)),
    ),
    "dance": (
        (0, 36, 112), (1, 36, 108), (2, 36, 112), (3, 36, 108), (1, 39, 84), (3, 39, 88),
        *((beat + 0.5, 46, 72) for beat in range(4)),
    ),
    "hands": (
        (0, 64, 86), (0.75, 63, 62), (1, 70, 58), (1.5, 64, 74), (2, 64, 82), (2.5, 63, 64), (3, 70, 60), (3.5, 63, 70),
    ),
    "war": (
        (0, 41, 118), (0.5, 41, 88), (1, 41, 100), (1.5, 43, 92), (2, 41, 116), (2.75, 43, 96), (3, 45, 104),
        (3.5, 45, 108),
    ),
}  # fmt: skip

# Arirang in its best-known version (Bonjo): (pitch, quarters) in 3/4, on the five tones F G A C D. Its first fifteen
# notes are hymnary.org's incipit of the tune ARIRANG, "56561 21232 32165"; for the rest no printed score was at hand.
_ARIRANG_ARARIYO = "A4:1 G4:.5 A4:.5 G4:.25 F4:.25 D4:.5"
_ARIRANG_A = f"C4:1.5 D4:.5 C4:.5 D4:.5 F4:1.5 G4:.5 F4:.5 G4:.5 {_ARIRANG_ARARIYO}"
_ARIRANG_END = (
    "C4:1.5 D4:.5 C4:.5 D4:.5 F4:1.5 G4:.5 F4:.5 G4:.5 A4:.5 G4:.5 F4:.5 D4:.5 C4:.5 D4:.5 F4:1.5 G4:.5 F4:1 F4:3"
)
_ARIRANG_B = f"C5:2 C5:1 C5:1 A4:1 G4:1 {_ARIRANG_ARARIYO}"
_ON_F, _ON_D, _ON_C = "F2:1 C3:1 F3:1", "D2:1 A2:1 D3:1", "C2:1 G2:1 C3:1"
TUNES: dict[str, tuple[str, ...]] = {
    # The melody, and under it open fifths that move once a bar, as a gayageum might accompany.
    "arirang": (
        f"{_ARIRANG_A} {_ARIRANG_END} {_ARIRANG_B} {_ARIRANG_END}",
        " ".join([_ON_F, _ON_F, _ON_D, _ON_C, _ON_F, _ON_D, _ON_F, _ON_F] * 2),
    )
}


def _four(program: int, velocity: int, length: float = 0.95, shifts: tuple[int, ...] = (0, 0, 0, 0)) -> Players:
    """Four staves of one kind of player, from left to right."""
    return tuple((staff, Part(program, velocity, 40 + 16 * staff, shifts[staff], length)) for staff in range(4))


_QUARTET: Players = ((0, Part(40, 84, 44)), (1, Part(40, 76, 58)), (2, Part(41, 76, 72)), (3, Part(42, 82, 84)))
_BAND: Players = (
    (0, Part(30, 108, 34, length=0.9)), (1, Part(30, 104, 94, length=0.9)), (2, Part(29, 104, 54, length=0.9)),
    (3, Part(34, 116, 64, -12)), (3, Part(30, 108, 74, -12, 0.8)),
)  # fmt: skip
_LOW_BAND: Players = tuple((staff, replace(part, shift=part.shift - 12)) for staff, part in _BAND)
_ORCHESTRA: Players = (
    *_four(48, 100, 0.8), (0, Part(56, 84, 54, length=0.7)), (3, Part(47, 100, 64, length=0.8)),
)  # fmt: skip
_PIANO: Players = ((0, Part(0, 88, 58)), (1, Part(0, 84, 70)))

ARRANGEMENTS: tuple[Arrangement, ...] = (
    Arrangement(
        "maple_leaf_rag",
        "Maple Leaf Rag",
        "메이플 리프 래그",
        "Joplin",
        "jazz",
        "joplin/maple_leaf_rag",
        96,
        _PIANO,
        "joy",
        playful=True,
        bar=2.0,
        upbeat=0.5,
    ),
    Arrangement(
        "mozart_k155_finale",
        "String Quartet in D, K. 155: Molto allegro",
        "현악 사중주 D장조 K. 155 3악장",
        "Mozart",
        "classical",
        "mozart/k155/movement3",
        132,
        _QUARTET,
        "joy",
        bar=2.0,
        upbeat=1.5,
    ),
    Arrangement(
        "arkansas_traveller",
        "Arkansas Traveller",
        "아칸소 나그네",
        "Ryan",
        "folk",
        "ryansMammoth/ArkansasTravellerReel",
        138,
        ((0, Part(110, 98, 54)), (0, Part(25, 88, 80, -12, 0.5)), (0, Part(32, 88, 64, -24, 0.5))),
        "joy",
        drums="rock",
        playful=True,
        upbeat=0.5,
    ),
    Arrangement(
        "lift_every_voice",
        "Lift Every Voice and Sing",
        "모두 목소리 높여 노래하자",
        "Johnson",
        "pop",
        "johnson_j_r/lift_every_voice",
        144,
        (
            (0, Part(61, 92, 50, length=0.7)),
            (1, Part(27, 80, 40, length=0.5)),
            (2, Part(27, 80, 88, length=0.5)),
            (3, Part(33, 96, 64, length=0.8)),
        ),
        "joy",
        CC0,
        drums="rock in six eighths",
        bar=3.0,
        upbeat=1.5,
    ),
    Arrangement(
        "sonata_in_c_arcade",
        "Sonata in C, K. 545, in an arcade",
        "소나타 C장조 K. 545, 오락실에서",
        "Mozart",
        "film",
        "mozart/k545/movement1_exposition",
        152,
        ((0, Part(80, 84, 54, length=0.8)), (1, Part(38, 96, 74, -12, 0.7))),
        "excitement",
        drums="dance",
        playful=True,
    ),
    Arrangement(
        "haydn_op1_presto",
        "String Quartet in B flat, Op. 1 No. 1: Presto, for orchestra",
        "현악 사중주 B♭장조 Op. 1-1 5악장, 관현악으로",
        "Haydn",
        "classical",
        "haydn/opus1no1/movement5",
        168,
        _ORCHESTRA,
        "excitement",
        bar=2.0,
    ),
    Arrangement(
        "scherzo_op18_1",
        "String Quartet in F, Op. 18 No. 1: Scherzo, electric",
        "현악 사중주 F장조 Op. 18-1 스케르초, 일렉트릭",
        "Beethoven",
        "rock",
        "beethoven/opus18no1/movement3.mxl",
        190,
        _BAND,
        "excitement",
        drums="rock in three",
        bar=3.0,
    ),
    Arrangement(
        "aus_tiefer_not",
        "Aus tiefer Not, BWV 38/6, in the dark",
        "깊은 곳에서 BWV 38/6, 어둠 속에서",
        "Bach",
        "film",
        "bach/bwv38.6",
        112,
        (*_four(44, 110), (3, Part(29, 84, 64, -12)), (1, Part(57, 92, 50, -12))),
        "tension",
        drums="war",
    ),
    Arrangement(
        "christ_lag",
        "Christ lag in Todesbanden, BWV 4/8, at night",
        "그리스도는 죽음의 포로가 되어도 BWV 4/8, 밤에",
        "Bach",
        "electronic",
        "bach/bwv4.8",
        150,
        (*_four(44, 96, shifts=(-12, -12, 0, 0)), (3, Part(38, 116, 64, -12, 0.4)), (0, Part(29, 70, 64, -12))),
        "tension",
        drums="war",
        upbeat=1.0,
    ),
    Arrangement(
        "jesu_metal",
        "Jesu, meine Freude, BWV 227/1, electric",
        "예수, 나의 기쁨 BWV 227/1, 일렉트릭",
        "Bach",
        "rock",
        "bach/bwv227.1",
        144,
        _LOW_BAND,
        "anger",
        drums="double",
    ),
    Arrangement(
        "durch_adams_fall",
        "Durch Adams Fall, BWV 18/5, electric",
        "아담의 타락으로 BWV 18/5, 일렉트릭",
        "Bach",
        "rock",
        "bach/bwv18.5-lz",
        160,
        _LOW_BAND,
        "anger",
        drums="double",
        upbeat=1.0,
    ),
    Arrangement(
        "mozart_k156_adagio",
        "String Quartet in G, K. 156: Adagio in E minor",
        "현악 사중주 K. 156 2악장 아다지오",
        "Mozart",
        "classical",
        "mozart/k156/movement2",
        46,
        _QUARTET,
        "sadness",
        reverb=0.8,
    ),
    Arrangement(
        "o_haupt",
        "O Haupt voll Blut und Wunden, BWV 244/62",
        "오 피와 상처로 가득한 머리 BWV 244/62",
        "Bach",
        "classical",
        "bach/bwv244.62",
        44,
        _four(42, 78, shifts=(-12, -12, 0, 0)),
        "sadness",
        reverb=0.9,
        upbeat=1.0,
    ),
    Arrangement(
        "lascia_chio_pianga",
        "Lascia ch'io pianga (Rinaldo)",
        "울게 하소서 (리날도)",
        "Handel",
        "film",
        "handel/rinaldo/Lascia_chio_pianga",
        60,
        ((0, Part(42, 84, 60, -12)), (1, Part(0, 62, 56)), (2, Part(0, 62, 72))),
        "melancholy",
        reverb=0.8,
    ),
    Arrangement(
        "herzliebster_jesu",
        "Herzliebster Jesu, BWV 244/46, for piano",
        "사랑하는 예수 BWV 244/46, 피아노로",
        "Bach",
        "classical",
        "bach/bwv244.46",
        46,
        _four(0, 56, 1.1),
        "melancholy",
        reverb=1.0,
        upbeat=1.0,
    ),
    Arrangement(
        "prelude_in_c_ambient",
        "Prelude in C, BWV 846, slow",
        "전주곡 C장조 BWV 846, 느리게",
        "Bach",
        "electronic",
        "bach/bwv846",
        46,
        ((0, Part(4, 62, 54, length=1.4)), (1, Part(4, 62, 74, length=1.4)), (1, Part(89, 60, 64))),
        "calm",
        reverb=1.0,
    ),
    Arrangement(
        "wachet_auf_choir",
        "Wachet auf, BWV 140/7, for voices",
        "눈 뜨라 부르는 소리 있어 BWV 140/7, 합창으로",
        "Bach",
        "classical",
        "bach/bwv140.7",
        56,
        _four(52, 72),
        "calm",
        reverb=1.0,
    ),
    Arrangement(
        "arirang",
        "Arirang",
        "아리랑",
        "Korea",
        "korean",
        "arirang",
        72,
        ((0, Part(73, 76, 54, 12)), (0, Part(107, 60, 80)), (1, Part(107, 62, 70, length=1.6)), (1, Part(89, 48, 64))),
        "tenderness",
        OWN,
        reverb=0.9,
        bar=3.0,
    ),
    Arrangement(
        "aloha_oe",
        "Aloha ʻOe",
        "알로하 오에",
        "Liliuokalani",
        "pop",
        "liliuokalani/aloha_oe",
        66,
        ((4, Part(24, 84, 54, length=1.2)), (5, Part(46, 66, 60)), (6, Part(24, 70, 76)), (0, Part(53, 48, 64))),
        "tenderness",
        CC0,
        reverb=0.8,
        upbeat=1.0,
    ),
    Arrangement(
        "mozart_k80_adagio",
        "String Quartet in G, K. 80: Adagio",
        "현악 사중주 G장조 K. 80 1악장 아다지오",
        "Mozart",
        "classical",
        "mozart/k80/movement1",
        44,
        ((0, Part(68, 74, 50)), (1, Part(40, 66, 60)), (2, Part(41, 66, 70)), (3, Part(42, 72, 80))),
        "tenderness",
        reverb=0.8,
        bar=3.0,
    ),
)
