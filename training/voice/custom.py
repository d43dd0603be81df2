"""The course of voices: `python -m training.cli voice` ends here. Never imported by the app."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotions import EMOTIONS
from reading import Refusal
from ser import audio, members
from ser.members import AnyMember
from ser.model import TIMM_NAMES
from ser.predict import Recogniser
from training.data_checks import never_shown
from training.datasets import aihub_films, cremad, folders, speech
from training.datasets.layouts import Example, Layout, LayoutError, registry
from training.loop import Options
from training.trainers import Job, Look, Taught
from training.voice import dacon
from training.voice.cache import make_copy
from training.voice.corpora import Clip, fill_store, load_part, shares, write_clips
from training.voice.evaluate_run import judge
from training.voice.student import Lesson, train_student
from training.voice.train import MEL, Room

if TYPE_CHECKING:
    import plotly.graph_objects as go

LAYOUTS = registry(
    Layout("ravdess", speech.ravdess, "RAVDESS", "CC BY-NC-SA 4.0"),
    Layout("emodb", speech.emodb, "EMO-DB", "free for research"),
    Layout("tess", speech.tess, "TESS", "CC BY-NC-ND 4.0"),
    Layout("nemo", speech.nemo, "nEMO", "CC BY-NC-SA 4.0"),
    Layout("savee", speech.savee, "SAVEE", "free for research, on request"),
    Layout("crema-d", cremad.sounds, "CREMA-D", "Open Database License"),
    Layout("dacon", dacon.recordings, "CREMA-D in DACON's contest", "as the contest's rules say"),
    Layout("aihub-actors", aihub_films.actors, "AI Hub 감정 분류 영상 (259)", "AI Hub, by application"),
    Layout("aihub-dialogues", aihub_films.dialogues, "AI Hub 멀티모달 영상 (58)", "AI Hub, by application"),
    Layout("folder", folders.class_folders, "class folders", "yours"),
    Layout("table", folders.table, "a folder with labels.csv", "yours"),
)


BALANCES = {
    "as they come": 0.0,
    f"--balance {Lesson.balance} (the default)": Lesson.balance,
    "--balance 1: every class of every set alike": 1.0,
}


def counts_for(examples: Sequence[Example], power: float) -> np.ndarray:
    return shares([clip_of(example) for example in examples], power)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", default="convnext_femto",
        help=f"an image network ({', '.join(TIMM_NAMES)}), whisper_base with --encoder, or a transformer of the hub "
        "(facebook/wav2vec2-base, a local folder)",
    )  # fmt: skip
    parser.add_argument("--encoder", type=Path, help="Whisper's encoder, safetensors")
    parser.add_argument("--finetune", type=int, default=2, metavar="N", help="last layers of a transformer that learn")
    parser.add_argument("--fold", default="speakers:1/5", help="who is left out, to be measured on; none: nobody")
    parser.add_argument("--epochs", type=float, default=20.0)
    parser.add_argument("--steps", type=int, help="in place of --epochs")
    parser.add_argument("--batch", type=int, default=Lesson.batch)
    parser.add_argument("--lr", type=float, help="(2e-3 for image networks, 1e-3 for transformers)")
    parser.add_argument("--balance", type=float, default=Lesson.balance, help="0: clips as they come, 1: classes alike")
    parser.add_argument("--copies", type=int, default=2, help="variations of each clip (rooms, microphones, noise)")
    parser.add_argument("--pretrained", action="store_true", help="start from timm's weights (needs the internet)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--fp32", action="store_true", help="no bf16 even where the machine computes in it")
    parser.add_argument("--submission", type=Path, help="for dacon: write the answers to its test recordings here")


def teach(job: Job) -> Taught:
    options = job.options
    room, unreadable = prepare(job)
    try:
        train, test = room.train_and_test(options.fold)
    except ValueError as error:
        raise LayoutError(str(error)) from error
    if not len(train):
        raise LayoutError(f"The fold {options.fold} leaves nobody to learn from; choose another --fold.")
    steps = options.steps or max(4, round(options.epochs * len(train) / options.batch))
    facts = _facts(job, room, train, test)
    ear = _trained(job, room, train, steps, facts)
    members.save(ear, job.out)
    sections = {"What it is": _about(job, ear, steps, train, room)}
    if unreadable:
        sections["Recordings that could not be read"] = "\n".join(f"- {line}" for line in unreadable[:50])
    sections["Cautions"] = _cautions(job, room, test)
    if len(test):
        job.tell(f"measuring on {len(test)} clips that were left out")
        sections[_measured_on(job)] = judge(job.out, room, test, not _hidden(job))
    if options.submission:
        sections["Submission"] = _submit(job)
    return Taught(
        f"Haru's voice, {options.model}, trained on {', '.join(dict.fromkeys(facts['trained_on']))}", sections
    )


def clip_of(example: Example) -> Clip:
    return Clip(
        path=str(example.path.resolve()),
        corpus=example.dataset,
        language=example.language,
        label=example.label,
        speaker=example.person,
        gender=example.gender,
        text=example.text,
        votes=tuple(sorted(example.votes.items())),
        plane=example.plane,
        start=example.start,
        end=example.end,
    )


def prepare(job: Job) -> tuple[Room, list[str]]:
    """Everything decoded once, its variations, and the table of what could be read; with what could not."""
    clips = [clip_of(example) for example in job.checked.examples]
    names = "".join(f"{clip}\n" for clip in clips)
    cache = job.work / f"clips-{hashlib.sha256(names.encode()).hexdigest()[:12]}"
    report = cache / "unreadable.json"
    if not report.exists():
        job.tell(f"decoding {len(clips)} clips")
        refused = fill_store(clips, Path("/"), cache, progress=True)
        write_clips([clip for clip in clips if clip not in refused], cache / "labels.csv")
        told = [f"{clip.path}: {refusal}" for clip, refusal in refused.items()]
        report.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    unreadable = json.loads(report.read_text(encoding="utf-8"))
    if len(unreadable) == len(clips):
        raise LayoutError(f"None of the {len(clips)} clips can be decoded, {unreadable[0]}")
    if unreadable:
        job.tell(f"{len(unreadable)} clips cannot be read and are left out, {unreadable[0]}")
    for number in range(1 + job.options.copies):
        make_copy(cache, cache, _listening(job.options), number)
    return Room(cache, cache, 1 + job.options.copies), unreadable


def _listening(options: argparse.Namespace) -> Path | None:
    """The encoder, where the training needs what it hears in every copy."""
    if options.model == "whisper_base" and options.encoder is None:
        raise LayoutError("whisper_base needs --encoder FILE (a Whisper encoder as safetensors).")
    return options.encoder if options.model == "whisper_base" and not options.finetune else None


def _trained(job: Job, room: Room, train: np.ndarray, steps: int, facts: Mapping[str, object]) -> AnyMember:
    options = job.options
    # Beside the clips it was begun with: with other clips it is another training.
    common = {"checkpoint": room.cache / "state.pt", "logdir": job.work / "log", "tell": job.tell}
    if options.model in TIMM_NAMES:
        lesson = Lesson(
            model=options.model, steps=steps, batch=options.batch, lr=options.lr or Lesson.lr, seed=options.seed,
            balance=options.balance, pretrained=options.pretrained, bf16=not options.fp32, device=options.device,
            **common,
        )  # fmt: skip
        labels = room.labels(options.balance)
        trained = train_student(room.images, labels, train, lesson)
        return members.mel_member(
            trained.model, MEL, trained.mean, trained.std, options.fold, labels=list(labels.names), **facts
        )
    if options.model == "whisper_base" and not options.finetune:
        from training.voice import teacher
        from training.voice.encoders import load_encoder

        labels = room.labels(options.balance)
        heads = teacher.train_committee(room.copies, labels, train, steps=steps, logdir=job.work / "log", progress=True)
        return members.whisper_member(
            load_encoder(options.encoder), heads, options.fold, labels=list(labels.names), **facts
        )
    from training.voice.finetune import Finetuning, finetune

    how = Options(steps, options.lr or 1e-3, seed=options.seed, bf16=not options.fp32, ema=0.99, **common)
    tuning = Finetuning(
        options.model, options.finetune, options.encoder, how, options.batch, options.device, options.balance
    )
    return finetune(room, options.fold, tuning, **facts)


def _facts(job: Job, room: Room, train: np.ndarray, test: np.ndarray) -> dict[str, object]:
    """What goes into the weights' metadata beside what every ear tells."""
    licences = {LAYOUTS[name].licence for name, _ in job.data}
    return {
        "sense": "voice",
        "margin": 1.0,  # never sure, until people it has never heard say when it may be
        "version": f"own {date.today():%Y-%m-%d}",
        "training_data": sorted({LAYOUTS[name].title for name, _ in job.data}),
        "trained_on": sorted({room.clips[index].corpus for index in train}),
        "left_out_speakers": sorted({room.clips[index].speaker for index in test}),
        "licence": f"as the data allow: {'; '.join(sorted(licences))}",
    }


def _hidden(job: Job) -> bool:
    return any(not example.person_known for example in job.checked.examples)


def _measured_on(job: Job) -> str:
    return "Measured on " + ("clips left out, of people it may know" if _hidden(job) else "people it has never heard")


def _about(job: Job, ear: AnyMember, steps: int, train: np.ndarray, room: Room) -> str:
    people = {room.clips[index].speaker for index in train}
    lines = [
        f"{ear.meta['name']} ({ear.meta['kind']}), {ear.meta['version']}; tells apart {', '.join(ear.meta['labels'])}.",
        f"{len(train)} clips of {len(people)} people, {steps} steps of {job.options.batch}, seed {job.options.seed}.",
        "Calm is added to neutral; boredom and contempt, where heard, give their share to the seven in proportion.",
    ]
    if ear.meta["left_out"] == "none":
        lines.append("Nobody was left out: how good it is on strangers was **not measured**.")
    return "\n".join(lines)


def _cautions(job: Job, room: Room, test: np.ndarray) -> str:
    lines = [*job.checked.cautions, *never_shown(job.checked.examples, EMOTIONS)]
    if not len(test):
        lines.append("Nobody was left out: the temperature is not fitted, and the diary asks after every recording.")
    people = {room.clips[index].speaker for index in test}
    if 0 < len(people) < 5:
        lines.append(f"Only {len(people)} people were left out: the figures may be off by ten points either way.")
    lines.append("Actors exaggerate. Unknown microphones, languages and real feelings fare worse than these figures.")
    return "\n".join(f"- {line}" for line in lines)


def _submit(job: Job) -> str:
    folders = [path for name, path in job.data if name == "dacon"]
    if not folders:
        raise LayoutError("--submission answers DACON's test recordings: name the contest with --data dacon=PATH.")
    job.options.submission.write_text(
        dacon.submission(folders[0], dacon.scores_by(Recogniser([members.load(job.out)])), EMOTIONS), encoding="utf-8"
    )
    return f"`{job.options.submission.name}` holds the answers to the contest's test recordings, in its sample's shape."


def look(example: Example) -> Look | Refusal:
    try:
        wave = load_part(example.path, example.start, example.end)
    except Refusal as refusal:
        return refusal
    if not wave.size:
        return Refusal("silent", "There is no sound in it.")
    loud = float(np.percentile(audio.frame_levels(wave), 90))
    return Look({"seconds": wave.size / audio.SAMPLE_RATE, "level (dB)": 20 * np.log10(max(loud, 1e-6))})


def figures(shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
    from training.voice.drawings import draw

    waves = {}
    for label, examples in shown.items():
        for example in examples:
            try:
                waves[label] = (example, load_part(example.path, example.start, example.end))
            except Refusal:
                continue
            break
    return draw(waves)
