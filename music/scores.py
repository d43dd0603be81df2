"""The scores from which the local tracks are rendered, and how each is played. Read by `music.render` alone.

Only works whose composers died long ago, in encodings that carry no restriction: those of music21's corpus that are
CC BY-SA, of unclear status (the Essen folk songs) or bear a copyright line are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

MUSIC21 = "public domain; encoding from music21's corpus, without restriction"
CC0 = "public domain; encoding CC0 (MSAC), from music21's corpus"
OWN = "public domain (traditional); written down for Haru, CC0"


@dataclass(frozen=True)
class Part:
    """Who plays one staff of the score."""

    program: int
    """General MIDI, counted from 0."""
    velocity: int = 80
    pan: int = 64
    shift: int = 0
    """Semitones."""
    length: float = 0.95
    """Of each note's written length: 0.5 is staccato."""


@dataclass(frozen=True)
class Recipe:
    file: str
    title: str
    composer: str
    genre: str
    source: str
    """A path in music21's corpus, or a tune of `TUNES`."""
    licence: str
    tempo: float
    """Quarter notes a minute."""
    parts: tuple[tuple[int, Part], ...]
    """Staff of the score (a staff may be played by several), and its player."""
    meant: str
    """The eighth of the plane it was chosen for."""
    start: float = 0.0
    """Quarter notes into the score."""
    seconds: float = 45.0
    level: float = -18.0
    """Decibels of full scale, root mean square."""
    drums: str = ""
    """A name in `DRUMS`, or none."""
    reverb: float = 0.6


# What the drums of one 4/4 bar play: (quarter, key of the General MIDI kit, velocity).
DRUMS: dict[str, tuple[tuple[float, int, int], ...]] = {
    "rock": (
        *((beat / 2, 42, 70) for beat in range(8)), (0, 36, 115), (1, 38, 112), (1.5, 36, 95), (2, 36, 110), (3, 38, 115),
        (3.5, 36, 90),
    ),
    "double": (
        *((beat / 4, 36, 100) for beat in range(16)), (0, 49, 110), (1, 38, 118), (3, 38, 120),
        *((beat / 2, 42, 80) for beat in range(8)),
    ),
    "dance": (
        (0, 36, 112), (1, 36, 108), (2, 36, 112), (3, 36, 108), (1, 39, 84), (3, 39, 88),
        *((beat + 0.5, 46, 72) for beat in range(4)),
    ),
    "hands": ((0, 64, 86), (0.75, 63, 62), (1, 70, 58), (1.5, 64, 74), (2, 64, 82), (2.5, 63, 64), (3, 70, 60), (3.5, 63, 70)),
    "war": ((0, 41, 118), (0.5, 41, 88), (1, 41, 100), (1.5, 43, 92), (2, 41, 116), (2.75, 43, 96), (3, 45, 104), (3.5, 45, 108)),
}  # fmt: skip

# Arirang, the version everybody knows (Bonjo): (pitch, quarters) in 3/4.
_ARIRANG_A = "C4:1.5 D4:.5 C4:.5 D4:.5 F4:1.5 G4:.5 F4:.5 G4:.5 A4:1 G4:.5 A4:.5 F4:.5 D4:.5"
_ARIRANG_END = "C4:1.5 D4:.5 C4:.5 D4:.5 F4:1.5 G4:.5 F4:.5 G4:.5 A4:.5 G4:.5 F4:.5 D4:.5 C4:.5 D4:.5 F4:1.5 G4:.5 F4:1 F4:3"
_ARIRANG_B = "C5:2 C5:1 C5:1 A4:1 G4:1 A4:1 G4:.5 A4:.5 F4:.5 D4:.5"
TUNES: dict[str, tuple[str, ...]] = {
    # The melody, and under it a drone of open fifths that moves once a bar, as a gayageum might accompany.
    "arirang": (
        f"{_ARIRANG_A} {_ARIRANG_END} {_ARIRANG_B} {_ARIRANG_END}",
        " ".join(["F2:1 C3:1 F3:1", "F2:1 D3:1 F3:1", "D2:1 A2:1 D3:1", "C2:1 G2:1 C3:1"] * 4),
    )
}

_QUARTET = (
    (0, Part(40, 84, 44)), (1, Part(40, 76, 58)), (2, Part(41, 76, 72)), (3, Part(42, 82, 84)),
)  # fmt: skip


def _ensemble(program: int, velocity: int, length: float = 0.95) -> tuple[tuple[int, Part], ...]:
    return tuple((staff, Part(program, velocity, 40 + 16 * staff, length=length)) for staff in range(4))


RECIPES: tuple[Recipe, ...] = (
    Recipe("maple_leaf_rag", "Maple Leaf Rag", "Scott Joplin (1868–1917)", "jazz", "joplin/maple_leaf_rag", MUSIC21, 96,
           ((0, Part(0, 88, 58)), (1, Part(0, 84, 70))), "joy", level=-17),
    Recipe("mozart_k155_finale", "String Quartet in D, K. 155: Molto allegro", "W. A. Mozart (1756–1791)", "classical",
           "mozart/k155/movement3", MUSIC21, 132, _QUARTET, "joy", level=-18),
    Recipe("arkansas_traveller", "Arkansas Traveller", "traditional (Ryan's Mammoth Collection, 1883)", "folk",
           "ryansMammoth/ArkansasTravellerReel", MUSIC21, 126,
           ((0, Part(110, 98, 54)), (0, Part(24, 84, 80, -12, 0.6)), (0, Part(32, 88, 64, -24, 0.6))), "joy",
           drums="hands", level=-16),
    Recipe("lift_every_voice", "Lift Every Voice and Sing", "J. Rosamond Johnson (1873–1954), 1900", "pop",
           "johnson_j_r/lift_every_voice", CC0, 112,
           ((0, Part(61, 92, 50)), (1, Part(48, 84, 60)), (2, Part(48, 84, 72)), (3, Part(33, 92, 64))), "joy",
           drums="rock", level=-16),
    Recipe("sonata_in_c_arcade", "Sonata in C, K. 545, for an arcade", "W. A. Mozart (1756–1791)", "game",
           "mozart/k545/movement1_exposition", MUSIC21, 152,
           ((0, Part(80, 84, 54, length=0.8)), (1, Part(38, 96, 74, -12, 0.7))), "excitement", drums="dance", level=-15),
    Recipe("haydn_finale", "String Quartet in C, Op. 74 No. 1: Vivace, for orchestra", "Joseph Haydn (1732–1809)",
           "classical", "haydn/opus74no1/movement4", MUSIC21, 156,
           (*_ensemble(48, 100, 0.8), (0, Part(56, 84, 54, length=0.7)), (3, Part(47, 100, 64, length=0.8))),
           "excitement", level=-15),
    Recipe("beethoven_op18_4", "String Quartet in C minor, Op. 18 No. 4: Allegro", "Ludwig van Beethoven (1770–1827)",
           "classical", "beethoven/opus18no4", MUSIC21, 160, (*_QUARTET, (3, Part(43, 90, 80, -12))), "tension", level=-16),
    Recipe("es_ist_genug", "Es ist genug, BWV 60/5, in the dark", "J. S. Bach (1685–1750)", "film", "bach/bwv60.5",
           MUSIC21, 104, (*_ensemble(44, 104), (3, Part(58, 104, 64, -12)), (1, Part(57, 92, 50, -12))), "tension",
           drums="war", level=-15),
    Recipe("grosse_fuge_electric", "Große Fuge, Op. 133, electric", "Ludwig van Beethoven (1770–1827)", "rock",
           "beethoven/opus133", MUSIC21, 132,
           ((0, Part(30, 108, 34, -12)), (1, Part(29, 104, 94, -12)), (2, Part(30, 104, 50, -12)), (3, Part(34, 116, 64, -12))),
           "anger", drums="double", level=-13, start=120),
    Recipe("razumovsky_metal", "String Quartet in E minor, Op. 59 No. 2: Presto, electric",
           "Ludwig van Beethoven (1770–1827)", "rock", "beethoven/opus59no2/movement4", MUSIC21, 168,
           ((0, Part(30, 108, 34, -12)), (1, Part(30, 104, 94, -12)), (2, Part(29, 104, 50, -12)), (3, Part(34, 116, 64, -12))),
           "anger", drums="rock", level=-13),
    Recipe("mozart_k156_adagio", "String Quartet in G, K. 156: Adagio in E minor", "W. A. Mozart (1756–1791)",
           "classical", "mozart/k156/movement2", MUSIC21, 46, _QUARTET, "sadness", level=-21, reverb=0.8),
    Recipe("o_haupt", "O Haupt voll Blut und Wunden, BWV 244/62", "J. S. Bach (1685–1750)", "classical", "bach/bwv244.62",
           MUSIC21, 44, tuple((staff, Part(42, 78, 40 + 16 * staff, -12 if staff < 2 else 0)) for staff in range(4)),
           "sadness", level=-22, reverb=0.9),
    Recipe("beethoven_op18_1_adagio", "String Quartet in F, Op. 18 No. 1: Adagio in D minor",
           "Ludwig van Beethoven (1770–1827)", "classical", "beethoven/opus18no1/movement2.mxl", MUSIC21, 66,
           ((0, Part(42, 80, 50, -12)), (1, Part(0, 58, 58)), (2, Part(0, 56, 70)), (3, Part(0, 60, 76))), "melancholy",
           level=-22, reverb=0.9),
    Recipe("lascia_chio_pianga", "Lascia ch'io pianga (Rinaldo)", "G. F. Handel (1685–1759)", "film",
           "handel/rinaldo/Lascia_chio_pianga", MUSIC21, 60,
           ((0, Part(42, 84, 60, -12)), (1, Part(0, 62, 56)), (2, Part(0, 62, 72))), "melancholy", level=-21, reverb=0.8),
    Recipe("prelude_in_c_ambient", "Prelude in C, BWV 846, slow", "J. S. Bach (1685–1750)", "electronic", "bach/bwv846",
           MUSIC21, 46, ((0, Part(4, 62, 54, length=1.4)), (1, Part(4, 62, 74, length=1.4)), (1, Part(89, 60, 64))),
           "calm", level=-23, reverb=1.0),
    Recipe("wachet_auf_choir", "Wachet auf, BWV 140/7, for voices", "J. S. Bach (1685–1750)", "classical",
           "bach/bwv140.7", MUSIC21, 56, _ensemble(52, 72), "calm", level=-21, reverb=1.0),
    Recipe("arirang", "Arirang (아리랑)", "traditional, Korea", "korean", "arirang", OWN, 72,
           ((0, Part(73, 76, 54, 12)), (0, Part(107, 60, 80)), (1, Part(107, 62, 70, length=1.6)), (1, Part(89, 48, 64))),
           "tenderness", level=-20, reverb=0.9),
    Recipe("aloha_oe", "Aloha ʻOe", "Queen Liliʻuokalani (1838–1917)", "pop", "liliuokalani/aloha_oe", CC0, 66,
           ((4, Part(24, 84, 54, length=1.2)), (5, Part(46, 66, 60)), (6, Part(24, 70, 76)), (0, Part(53, 48, 64))),
           "tenderness", level=-20, reverb=0.8),
    Recipe("mozart_k458_adagio", "String Quartet in B flat, K. 458: Adagio", "W. A. Mozart (1756–1791)", "classical",
           "mozart/k458/movement3", MUSIC21, 40,
           ((0, Part(68, 74, 50)), (1, Part(40, 66, 60)), (2, Part(41, 66, 70)), (3, Part(42, 72, 80))), "tenderness",
           level=-22, reverb=0.8),
)  # fmt: skip
