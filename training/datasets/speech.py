"""Reads acted speech (RAVDESS, EMO-DB, TESS, nEMO, SAVEE, EMOVO, ASED) and acted bursts (EmoGator).

Each docstring is the layout that the reader expects.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from training.datasets.layouts import (
    SOUNDS,
    VIDEOS,
    Example,
    FoundData,
    files_under,
    mood_named,
    nfc,
    not_found,
    packed_archives,
    unknown_names,
    without_copies,
)

RAVDESS_NAMES = ("neutral", "calm", "happiness", "sadness", "anger", "fear", "disgust", "surprise")
EMODB_LETTERS = {
    **{"W": "anger", "L": "boredom", "E": "disgust", "A": "fear"},
    **{"F": "happiness", "T": "sadness", "N": "neutral"},
}
_EMODB_MEN = frozenset({"03", "10", "11", "12", "15"})
NEMO_WOMEN = frozenset({"EB0", "KD0", "KS0", "MP0"})
SAVEE_LETTERS = {
    **{"a": "anger", "d": "disgust", "f": "fear", "h": "happiness"},
    **{"n": "neutral", "sa": "sadness", "su": "surprise"},
}

EMOVO_WORDS = {
    **{"dis": "disgust", "gio": "happiness", "pau": "fear", "rab": "anger"},
    **{"sor": "surprise", "tri": "sadness", "neu": "neutral"},
}
ASED_LETTERS = {"n": "neutral", "f": "fear", "h": "happiness", "s": "sadness", "a": "anger"}
EMOGATOR_NUMBERS = {
    **{"02": "happiness", "03": "anger", "10": "disgust", "13": "happiness", "15": "fear"},
    **{"18": "neutral", "24": "sadness", "27": "surprise", "28": "surprise"},
}
_EMOGATOR = re.compile(r"(\d{6})-(\d\d)-[123]")
_EMOGATOR_NAMES = {
    **{"02": "amusement", "13": "elation", "27": "surprise (negative)", "28": "surprise (positive)"},
}

Parser = Callable[[Path], Example | None]


def _read(root: Path, parse: Parser, what: str, suffixes: Iterable[str] = SOUNDS, cautions: tuple[str, ...] = ()):
    """Reads every file by its name; files with other names are left out with a remark."""
    files, doubled = without_copies(files_under(root, suffixes, what))
    examples = [example for example in map(parse, files) if example]
    if not examples:
        raise not_found(root, what)
    odd = unknown_names(files, {example.path for example in examples}, what)
    return FoundData(tuple(examples), (*doubled, *odd, *packed_archives(root)), cautions)


def ravdess(root: Path) -> FoundData:
    """RAVDESS (Livingstone & Russo 2018, zenodo.org/record/1188976; CC BY-NC-SA 4.0).

    Audio_Speech_Actors_01-24/Actor_07/03-01-06-01-02-01-07.wav — seven numbers: modality (01 film with sound, 02 film
    without, 03 sound), channel (01 speech, 02 song), emotion (01 neutral, 02 calm, 03 happy, 04 sad, 05 angry,
    06 fearful, 07 disgust, 08 surprised), intensity (01 normal, 02 strong), statement, repetition, actor (odd: men).
    The films (Video_Speech_Actor_07/01-01-….mp4) are read where there is no sound file of the same take. Songs are
    left out.
    """
    what = "RAVDESS files such as Actor_07/03-01-06-01-02-01-07.wav"
    found = _read(root, _ravdess_take, what, SOUNDS | VIDEOS)
    takes: dict[str, Example] = {}
    for example in sorted(found.examples, key=lambda example: example.path.suffix.lower() in VIDEOS):
        takes.setdefault(example.path.stem[3:], example)
    examples = tuple(sorted(takes.values(), key=lambda example: nfc(str(example.path))))
    per_actor: dict[str, int] = {}
    for example in examples:
        per_actor[example.person] = per_actor.get(example.person, 0) + 1
    fewer = [f"{actor} has {count} of 60" for actor, count in sorted(per_actor.items()) if count < 60]
    gaps = [f"{len(fewer)} actors lack takes: {', '.join(fewer[:3])} …"] if fewer else []
    absent = 24 - len(per_actor)
    return FoundData(examples, (*found.remarks, *gaps, *([f"{absent} of 24 actors are not here"] if absent else [])))


def ravdess_films(root: Path) -> FoundData:
    """RAVDESS' films, for faces and for fitting fusion: Video_Speech_Actor_07/01-01-03-01-02-01-07.mp4.

    Numbered as the sound files are; 01 at the start is a film with sound. Those without (02) are left out.
    """
    what = "RAVDESS films such as Video_Speech_Actor_07/01-01-03-01-02-01-07.mp4"
    return _read(root, lambda path: _ravdess_take(path) if path.stem.startswith("01") else None, what, VIDEOS)


def _ravdess_take(path: Path) -> Example | None:
    match = re.fullmatch(r"(01|03)-01-(0[1-8])-(0[12])-(0[12])-(0[12])-(\d\d)", path.stem)
    if not match:
        return None
    _, emotion, intensity, statement, _, actor = match.groups()
    label = RAVDESS_NAMES[int(emotion) - 1]
    return Example(
        path,
        "ravdess",
        label,
        f"ravdess-{actor}",
        gender="male" if int(actor) % 2 else "female",
        language="en",
        text=("Kids are talking by the door", "Dogs are sitting by the door")[int(statement) - 1],
        original_label=label,
        intensity=("normal", "strong")[int(intensity) - 1],
    )


def emodb(root: Path) -> FoundData:
    """EMO-DB, Berlin (Burkhardt et al. 2005, emodb.bilderbar.info; free for research).

    wav/03a01Fa.wav — speaker (03, 08 … 16), text (a01 … b10), the first letter of the German word (W Wut = anger,
    L Langeweile = boredom, E Ekel = disgust, A Angst = fear, F Freude = happiness, T Trauer = sadness, N neutral),
    version (a, b, …).
    """
    return _read(root, _emodb_take, "EMO-DB files such as wav/03a01Fa.wav")


def _emodb_take(path: Path) -> Example | None:
    match = re.fullmatch(r"(0[3-9]|1[0-6])([ab]\d\d)([WLEAFTN])[a-z]?", path.stem)
    if not match:
        return None
    speaker, text, letter = match.groups()
    gender = "male" if speaker in _EMODB_MEN else "female"
    return Example(
        path, "emodb", EMODB_LETTERS[letter], f"emodb-{speaker}", gender=gender, language="de", text=text,
        original_label=letter,
    )  # fmt: skip


def tess(root: Path) -> FoundData:
    """TESS, Toronto (Pichora-Fuller & Dupuis 2020, doi.org/10.5683/SP2/E8H2MF; CC BY-NC-ND 4.0).

    OAF_angry/OAF_back_angry.wav, YAF_pleasant_surprised/YAF_back_ps.wav — speaker (OAF, YAF), the word, the emotion
    (angry, disgust, fear, happy, neutral, ps = pleasant surprise, sad). One file is published as OA_bite_neutral.wav;
    copies in circulation hold everything twice, in a folder inside itself.
    """
    caution = "TESS has two speakers and one carrier phrase: a model may learn the speaker, and no fold shows it."
    return _read(root, _tess_take, "TESS files such as OAF_angry/OAF_back_angry.wav", cautions=(caution,))


def _tess_take(path: Path) -> Example | None:
    match = re.fullmatch(r"(OAF?|YAF)_(\w+)_([A-Za-z]+)", path.stem)
    mood = mood_named(match[3]) if match else None
    if not match or not mood:
        return None
    speaker = "OAF" if match[1] == "OA" else match[1]
    return Example(
        path, "tess", mood, f"tess-{speaker}", gender="female", language="en", text=f"Say the word {match[2]}",
        original_label=match[3],
    )  # fmt: skip


def nemo(root: Path) -> FoundData:
    """nEMO, Polish (Christop 2024, github.com/amu-cai/nEMO; CC BY-NC-SA 4.0).

    samples/WR0_surprised_64.wav and, beside `samples`, data.tsv — speaker, emotion (anger, fear, happiness, neutral,
    sadness, surprised), number of the sentence. The names alone are enough; data.tsv gives the sentences where it is
    there (columns file_id, raw_text, gender).
    """
    found = _read(root, _nemo_take, "nEMO files such as samples/WR0_surprised_64.wav")
    tables = sorted(root.rglob("data.tsv"))
    if not tables:
        return found
    with tables[0].open(encoding="utf-8", newline="") as file:
        rows = {Path(row.get("file_id", "")).stem: row for row in csv.DictReader(file, delimiter="\t")}
    listed = [rows.get(example.path.stem, {}) for example in found.examples]
    examples = tuple(
        replace(example, text=row.get("raw_text") or "", gender=row.get("gender") or example.gender)
        for example, row in zip(found.examples, listed, strict=True)
    )
    missing = len(rows) - sum(bool(row) for row in listed)
    gone = (f"{missing} recordings of {tables[0].name} are not here",) if missing else ()
    return FoundData(examples, (*found.remarks, *gone), found.cautions)


def _nemo_take(path: Path) -> Example | None:
    match = re.fullmatch(r"([A-Z]{2}\d)_([a-z]+)_(\d+)", path.stem)
    mood = mood_named(match[2]) if match else None
    if not match or not mood:
        return None
    gender = "female" if match[1] in NEMO_WOMEN else "male"
    return Example(path, "nemo", mood, f"nemo-{match[1]}", gender=gender, language="pl", original_label=match[2])


def savee(root: Path) -> FoundData:
    """SAVEE, Surrey (Haq & Jackson 2009, kahlan.eps.surrey.ac.uk/savee; free for research, on request).

    AudioData/DC/sa01.wav — speaker (DC, JE, JK, KL, all men), emotion (a anger, d disgust, f fear, h happiness,
    n neutral, sa sadness, su surprise), sentence. The flat copies in circulation (DC_sa01.wav) are read too.
    """
    return _read(root, _savee_take, "SAVEE files such as AudioData/DC/sa01.wav")


def _savee_take(path: Path) -> Example | None:
    match = re.fullmatch(r"(?:(DC|JE|JK|KL)_)?(a|d|f|h|n|sa|su)(\d\d)", path.stem)
    speaker = match and (match[1] or path.parent.name)
    if not match or speaker not in ("DC", "JE", "JK", "KL"):
        return None
    return Example(
        path, "savee", SAVEE_LETTERS[match[2]], f"savee-{speaker}", gender="male", language="en",
        original_label=match[2],
    )  # fmt: skip


def emovo(root: Path) -> FoundData:
    """EMOVO, Rome (Costantini et al. 2014, voice.fub.it/activities/corpora/emovo; free for research, cite the paper).

    m3/dis-m3-b1.wav — emotion (dis disgust, gio happiness, pau fear, rab anger, sor surprise, tri sadness, neu
    neutral), speaker (f1 f2 f3 women, m1 m2 m3 men), sentence (b1 … n5; nonsense among them). Folders and names are as
    DagsHub's copy of the corpus describes them; folders above the speakers' make no difference.
    """
    return _read(root, _emovo_take, "EMOVO files such as m3/dis-m3-b1.wav")


def _emovo_take(path: Path) -> Example | None:
    match = re.fullmatch(r"([a-z]{3})-([fm])([1-3])-([a-z]\d)", path.stem)
    if not match or match[1] not in EMOVO_WORDS:
        return None
    word, letter, number, text = match.groups()
    gender = "female" if letter == "f" else "male"
    return Example(
        path, "emovo", EMOVO_WORDS[word], f"emovo-{letter}{number}", gender=gender, language="it", text=text,
        original_label=word,
    )  # fmt: skip


def ased(root: Path) -> FoundData:
    """ASED, Amharic (Retta et al. 2022, doi.org/10.1145/3529759, github.com/Ethio2021/ASED_V1; no licence stated).

    05Angry/a5-03-01-02-50.wav — emotion with the number of its folder (n1 neutral, f2 fear, h3 happiness, s4 sadness,
    a5 anger), sentence, repetition, gender (01 women, 02 men), speaker (01 … 65). So says its README, and so the files
    of the repository are named (one begins with a large S). At least five of eight judges agreed on every clip.
    """
    return _read(root, _ased_take, "ASED files such as 05Angry/a5-03-01-02-50.wav")


def _ased_take(path: Path) -> Example | None:
    match = re.fullmatch(r"([nfhsa])\d-\d\d-\d\d-(0[12])-(\d\d)", path.stem.lower())
    if not match:
        return None
    letter, gender, speaker = match.groups()
    return Example(
        path, "ased", ASED_LETTERS[letter], f"ased-{speaker}", gender="female" if gender == "01" else "male",
        language="am", original_label=letter,
    )  # fmt: skip


def emogator(root: Path) -> FoundData:
    """EmoGator (Buhl 2023, github.com/fredbuhl/EmoGator, arxiv.org/abs/2301.00508; Apache-2.0).

    data/mp3/000001-02-1.mp3 — person (000001 … 000357), category (01 … 30), take (1 2 3): laughs, sobs, gasps and
    groans without words. Nine categories are read: 02 amusement and 13 elation as happiness, 03 anger, 10 disgust,
    15 fear, 18 neutral, 24 sadness, 27 and 28 bad and good surprise. Names and numbers are those of its README.
    """
    what = "EmoGator files such as data/mp3/000001-02-1.mp3"
    there = files_under(root, SOUNDS, what)
    files = [path for path in there if _EMOGATOR.fullmatch(path.stem)]
    examples = tuple(example for example in map(_emogator_take, files) if example)
    if not examples:
        raise not_found(root, what)
    others = len(files) - len(examples)
    remarks = [f"{others} files left out: of categories that are none of the seven moods"] if others else []
    caution = "EmoGator holds bursts such as laughs and sobs, no speech: what they teach of speech was not measured."
    return FoundData(examples, (*remarks, *unknown_names(there, files, what), *packed_archives(root)), (caution,))


def _emogator_take(path: Path) -> Example | None:
    match = _EMOGATOR.fullmatch(path.stem)
    if not match or match[2] not in EMOGATOR_NUMBERS:
        return None
    mood = EMOGATOR_NUMBERS[match[2]]
    return Example(
        path, "emogator", mood, f"emogator-{match[1]}", language="none",
        original_label=_EMOGATOR_NAMES.get(match[2], mood),
    )  # fmt: skip
