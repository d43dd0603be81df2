"""Trains a voice model on your own data, for `python -m training.cli voice`.

By default it trains a committee of heads on the Whisper encoder inside the shipped weights; no other file is needed.
`--model convnext_femto` (or another timm name) trains an image network on mel images instead.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emotions import EMOTIONS
from reading import Refusal
from ser import audio, members
from ser.model import TIMM_NAMES
from ser.predict import Recogniser
from training.data_checks import missing_moods
from training.datasets import aihub_films, cremad, emotale, folders, speech
from training.datasets.layouts import Example, Layout, LayoutError, registry
from training.loop import TrainingOptions
from training.trainers import CardText, ExampleFacts, TrainingJob
from training.voice import dacon
from training.voice.cache import make_copy
from training.voice.corpora import Clip, fill_store, load_part, shares, write_clips
from training.voice.encoders import SHIPPED, load_whisper
from training.voice.evaluate_run import measure
from training.voice.example_figures import draw_waves
from training.voice.finetune import FinetuneOptions, finetune
from training.voice.student import VoiceHyperparameters, train_student
from training.voice.teacher import CommitteeOptions, train_committee
from training.voice.training_data import MEL, TrainingData

if TYPE_CHECKING:
    import plotly.graph_objects as go

WHISPER = "whisper_base"
COMMITTEE_BALANCE = 1.0
"""Every class of every corpus alike, as the shipped committee was trained."""

LAYOUTS = registry(
    Layout("ravdess", speech.ravdess, "RAVDESS", "CC BY-NC-SA 4.0"),
    Layout("emodb", speech.emodb, "EMO-DB", "free for research"),
    Layout("tess", speech.tess, "TESS", "CC BY-NC-ND 4.0"),
    Layout("nemo", speech.nemo, "nEMO", "CC BY-NC-SA 4.0"),
    Layout("savee", speech.savee, "SAVEE", "free for research, on request"),
    Layout("emovo", speech.emovo, "EMOVO", "free for research"),
    Layout("ased", speech.ased, "ASED", "none stated; cite the paper"),
    Layout("emotale", emotale.recordings, "EmoTale", "none stated; cite the paper"),
    Layout("emogator", speech.emogator, "EmoGator", "Apache-2.0"),
    Layout("crema-d", cremad.sounds, "CREMA-D", "Open Database License"),
    Layout("dacon", dacon.recordings, "CREMA-D in DACON's contest", "as the contest's rules say"),
    Layout("aihub-actors", aihub_films.actors, "AI Hub 감정 분류 영상 (259)", "AI Hub, by application"),
    Layout("aihub-dialogues", aihub_films.dialogues, "AI Hub 멀티모달 영상 (58)", "AI Hub, by application"),
    Layout("folder", folders.class_folders, "class folders", "yours"),
    Layout("table", folders.table, "a folder with labels.csv", "yours"),
)

BALANCE_POWERS = {
    "as they come": 0.0,
    f"--balance {VoiceHyperparameters.balance} (image networks)": VoiceHyperparameters.balance,
    "--balance 1 (the default): every class of every set alike": COMMITTEE_BALANCE,
}


def example_weights(examples: Sequence[Example], power: float) -> np.ndarray:
    return shares([clip_of(example) for example in examples], power)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", default=WHISPER,
        help=f"{WHISPER} (the default, and the best on unknown speakers), an image network "
        f"({', '.join(TIMM_NAMES)}), or a Hugging Face speech transformer (facebook/wav2vec2-base, a local folder)",
    )  # fmt: skip
    parser.add_argument("--encoder", type=Path, default=SHIPPED, help="Whisper's encoder (default: the shipped one)")
    parser.add_argument(
        "--finetune", type=int, metavar="N",
        help=f"last layers of a transformer that learn, too (0 for {WHISPER}, 2 for others)",
    )  # fmt: skip
    parser.add_argument("--fold", default="speakers:1/5", help="the people to leave out and measure on (none: nobody)")
    parser.add_argument("--epochs", type=float, default=20.0)
    parser.add_argument("--steps", type=int, help="in place of --epochs; by default at least 700 for the committee")
    parser.add_argument("--batch", type=int, help="(128 for the committee, 48 for others)")
    parser.add_argument("--lr", type=float, help="(2e-3 for image networks, 1e-3 for transformers)")
    parser.add_argument(
        "--balance", type=float, help="0: clips as they come, 1: classes alike (0.5 for image networks, 1 for others)"
    )
    parser.add_argument("--copies", type=int, default=2, help="variations of each clip (rooms, microphones, noise)")
    parser.add_argument("--pretrained", action="store_true", help="start from timm's weights (needs the internet)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--fp32", action="store_true", help="no bf16 even where the processor computes in it")
    parser.add_argument("--submission", type=Path, help="for dacon: write the answers to its test recordings here")


def train_model(job: TrainingJob) -> CardText:
    options = job.options
    if options.submission:
        _contest_folder(job)
    data, unreadable = prepare(job)
    try:
        train, test = data.train_and_test(options.fold)
    except ValueError as error:
        raise LayoutError(str(error)) from error
    if not len(train):
        raise LayoutError(f"The fold {options.fold} leaves nobody to learn from; choose another --fold.")
    facts = _facts(job, data, train, test)
    model = _trained(job, data, train, facts)
    members.save(model, job.out)
    sections = {"What it is": _about(job, model.meta, data, train)}
    if unreadable:
        sections["Recordings that could not be read"] = "\n".join(f"- {line}" for line in unreadable[:50])
    sections["Cautions"] = _cautions(job, data, test)
    if len(test):
        job.report(f"measuring on {len(test)} clips that were left out")
        hidden = _people_unknown(job)
        heading = "left-out clips, of people it may know" if hidden else "left-out people"
        sections[f"Measured on {heading}"] = measure(job.out, data, test, not hidden)
    if options.submission:
        sections["Submission"] = _submit(job)
    return CardText(f"Haru's voice, {options.model}, trained on {', '.join(facts['trained_on'])}", sections)


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
        intensity=example.intensity,
        start=example.start,
        end=example.end,
    )


def prepare(job: TrainingJob) -> tuple[TrainingData, list[str]]:
    """Decodes every clip and makes its copies; the readable clips, and why the others could not be read."""
    clips = [clip_of(example) for example in job.data.examples]
    names = "".join(f"{clip}\n" for clip in clips)
    cache = job.work / f"clips-{hashlib.sha256(names.encode()).hexdigest()[:12]}"
    file = cache / "unreadable.json"
    if not file.exists():
        job.report(f"decoding {len(clips)} clips")
        refused = fill_store(clips, Path("/"), cache, show_progress=True)
        write_clips([clip for clip in clips if clip not in refused], cache / "labels.csv")
        lines = [f"{clip.path}: {refusal}" for clip, refusal in refused.items()]
        file.write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
    unreadable = json.loads(file.read_text(encoding="utf-8"))
    if len(unreadable) == len(clips):
        raise LayoutError(f"None of the {len(clips)} clips can be decoded, {unreadable[0]}")
    if unreadable:
        job.report(f"{len(unreadable)} clips cannot be read and are left out, {unreadable[0]}")
    encoder = job.options.encoder if _is_committee(job.options) else None
    if encoder:
        load_whisper(encoder)  # reports a wrong file before the long work
    for number in range(1 + job.options.copies):
        make_copy(cache, cache, encoder, number)
    return TrainingData(cache, cache, 1 + job.options.copies), unreadable


def _is_committee(options: argparse.Namespace) -> bool:
    return options.model == WHISPER and not options.finetune


def _trained(job: TrainingJob, data: TrainingData, train: np.ndarray, facts: Mapping[str, object]) -> members.AnyMember:
    options = job.options
    if options.model in TIMM_NAMES:
        return _image_network(job, data, train, facts)
    if _is_committee(options):
        return _committee(job, data, train, facts)
    batch = options.batch or FinetuneOptions.batch
    settings = TrainingOptions(
        _steps(options, len(train), batch), options.lr or 1e-3, seed=options.seed, bf16=not options.fp32, ema=0.99,
        checkpoint=data.cache / "state.pt", logdir=job.work / "log", report=job.report,
    )  # fmt: skip
    layers = 2 if options.finetune is None else options.finetune
    balance = FinetuneOptions.balance if options.balance is None else options.balance
    how = FinetuneOptions(options.model, layers, options.encoder, settings, batch, options.device, balance)
    return finetune(data, options.fold, how, **facts)


def _committee(
    job: TrainingJob, data: TrainingData, train: np.ndarray, facts: Mapping[str, object]
) -> members.AnyMember:
    options, shipped = job.options, CommitteeOptions()
    labels = data.labels(COMMITTEE_BALANCE if options.balance is None else options.balance)
    batch = options.batch or shipped.batch
    settings = CommitteeOptions(
        steps=options.steps or max(shipped.steps, _steps(options, len(train), batch)), batch=batch,
        lr=options.lr or shipped.lr, seed=options.seed, bf16=not options.fp32, checkpoints=data.cache,
        logdir=job.work / "log", show_progress=True, report=job.report,
    )  # fmt: skip
    heads = train_committee(data.copies, labels, train, settings)
    return members.whisper_member(
        load_whisper(options.encoder), heads, options.fold, labels=list(labels.names), **facts
    )


def _image_network(
    job: TrainingJob, data: TrainingData, train: np.ndarray, facts: Mapping[str, object]
) -> members.AnyMember:
    options = job.options
    batch = options.batch or VoiceHyperparameters.batch
    settings = VoiceHyperparameters(
        model=options.model, steps=_steps(options, len(train), batch), batch=batch,
        lr=options.lr or VoiceHyperparameters.lr, seed=options.seed,
        balance=VoiceHyperparameters.balance if options.balance is None else options.balance,
        pretrained=options.pretrained, bf16=not options.fp32, device=options.device,
        checkpoint=data.cache / "state.pt", logdir=job.work / "log", report=job.report,
    )  # fmt: skip
    labels = data.labels(settings.balance)
    trained = train_student(data.images, labels, train, settings)
    return members.mel_member(
        trained.model, MEL, trained.mean, trained.std, options.fold, labels=list(labels.names), **facts
    )


def _steps(options: argparse.Namespace, clips: int, batch: int) -> int:
    return options.steps or max(4, round(options.epochs * clips / batch))


def _facts(job: TrainingJob, data: TrainingData, train: np.ndarray, test: np.ndarray) -> dict[str, Any]:
    """What goes into the metadata of the weights beside what every voice model carries."""
    licences = {LAYOUTS[name].licence for name in job.names}
    return {
        "sense": "voice",
        "margin": 1.0,  # never sure, until the margin is fitted on left-out people
        "version": f"own {date.today():%Y-%m-%d}",
        "training_data": sorted({LAYOUTS[name].title for name in job.names}),
        "trained_on": sorted({data.clips[index].corpus for index in train}),
        "left_out_speakers": sorted({data.clips[index].speaker for index in test}),
        "licence": f"as the data allow: {'; '.join(sorted(licences))}",
    }


def _people_unknown(job: TrainingJob) -> bool:
    return any(not example.person_known for example in job.data.examples)


def _about(job: TrainingJob, meta: Mapping[str, Any], data: TrainingData, train: np.ndarray) -> str:
    people = {data.clips[index].speaker for index in train}
    lines = [
        f"{meta['name']} ({meta['kind']}), {meta['version']}; tells apart {', '.join(meta['labels'])}.",
        f"{len(train)} clips of {len(people)} people, seed {job.options.seed}.",
        "Calm is added to neutral; boredom and contempt give their share to the seven in proportion.",
    ]
    if meta["left_out"] == "none":
        lines.append("Nobody was left out: how good it is on other people was **not measured**.")
    return "\n".join(lines)


def _cautions(job: TrainingJob, data: TrainingData, test: np.ndarray) -> str:
    lines = [*job.data.cautions, *missing_moods(job.data.examples, EMOTIONS)]
    if not len(test):
        lines.append("Nobody was left out: the temperature is not fitted, and the diary asks after every recording.")
    people = {data.clips[index].speaker for index in test}
    if 0 < len(people) < 5:
        lines.append(f"Only {len(people)} people were left out: the figures may be off by ten points either way.")
    lines.append("Actors exaggerate. Unknown microphones, languages and real feelings fare worse than these figures.")
    return "\n".join(f"- {line}" for line in lines)


def _contest_folder(job: TrainingJob) -> Path:
    folders_named = [Path(name.partition("=")[2]) for name in job.options.data if name.startswith("dacon=")]
    if not folders_named:
        raise LayoutError("--submission answers DACON's test recordings: name the contest with --data dacon=PATH.")
    return folders_named[0].expanduser()


def _submit(job: TrainingJob) -> str:
    recogniser = Recogniser([members.load(job.out)])
    text = dacon.submission(_contest_folder(job), dacon.scores_by(recogniser), EMOTIONS)
    job.options.submission.write_text(text, encoding="utf-8")
    return f"`{job.options.submission.name}` holds the answers to the contest's test recordings, in its sample's shape."


def measure_example(example: Example) -> ExampleFacts | Refusal:
    try:
        wave = load_part(example.path, example.start, example.end)
    except Refusal as refusal:
        return refusal
    if not wave.size:
        return Refusal("silent", "There is no sound in it.")
    loud = float(np.percentile(audio.frame_levels(wave), 90))
    return ExampleFacts({"seconds": wave.size / audio.SAMPLE_RATE, "level (dB)": 20 * np.log10(max(loud, 1e-6))})


def draw_examples(shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
    waves = {}
    for label, examples in shown.items():
        for example in examples:
            try:
                waves[label] = load_part(example.path, example.start, example.end)
            except Refusal:
                continue
            break
    return draw_waves(waves)
