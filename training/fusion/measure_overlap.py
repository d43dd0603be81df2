"""Measures the overlap of voice and words of one recording (`overlap` in assets/weights/fusion.json).

    python -m training.fusion.measure_overlap --cache DIR --data DATA [--write]

Korean actors read 160 sentences; their true text stands in for a transcript. The voice is one that was not trained on
Korean. The overlap with the lowest loss on every second speaker is kept only if it also lowers the loss on the others;
else the settings get none. Eight actors and 27 different sentences are few: it is a check, not a proof.

Five of the actors read sentences that suit the mood; three read the same neutral sentences in every mood.

A low loss with an overlap may have another cause: each model alone is too confident. So the same is measured on pairs
put together anew, with words of another clip of the same mood: what helps these as much is no overlap.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from emotions import EMOTIONS
from inference import metrics
from inference.calibration import is_sure, negative_log_likelihood, softmax
from inference.weights import WeightsError
from reading import Reading
from ser import predict as voices
from ser import quality
from training.voice.corpora import ClipStore
from training.voice.fold_voices import SHIPPED_RECIPE, FrameData
from training.voice.left_out_scores import add_data_options, data_of, left_out_clips, soft
from understanding import fusion
from words import predict as lines

CORPUS = "korean"
ROUNDS = 20
OVERLAPS = np.round(np.arange(0, 1.001, 0.05), 2)


@dataclass(frozen=True)
class UnseenCorpus:
    """A corpus as a voice reads it that was not trained on it, softened for novelty as in the app."""

    clips: np.ndarray
    """Indices of its clips with a mood."""
    moods: np.ndarray
    scores: np.ndarray
    margin: float

    @classmethod
    def of(cls, corpus: str, data: FrameData) -> UnseenCorpus:
        shipped = voices.load()
        if shipped.novelty is None:
            raise WeightsError("The shipped voice has no novelty file; restore assets/weights/ser from git.")
        people = left_out_clips(data, f"corpus:{corpus}", SHIPPED_RECIPE)
        scores = softmax(soft(people, shipped.novelty), shipped.temperature)
        return cls(people.index, people.truth, scores, shipped.margin)

    def reading(self, place: int, store: ClipStore) -> Reading:
        scores = self.scores[place]
        return Reading(
            dict(zip(EMOTIONS, scores.tolist(), strict=True)),
            sure=bool(is_sure(scores, self.margin)),
            quality={"weight": quality.measure(store.wave(int(self.clips[place]))).weight},
            source="voice",
            model="voice without this corpus",
        )


@dataclass(frozen=True)
class SpokenSentences:
    """Sentences that were read by voice and by words, with the moods that the actors were asked for."""

    moods: np.ndarray
    speakers: np.ndarray
    readings: Sequence[Sequence[Reading]]

    def part(self, chosen: np.ndarray) -> SpokenSentences:
        readings = [pair for pair, is_chosen in zip(self.readings, chosen, strict=True) if is_chosen]
        return SpokenSentences(self.moods[chosen], self.speakers[chosen], readings)

    def halves(self) -> tuple[SpokenSentences, SpokenSentences]:
        """Every second speaker, from the first, to choose on; and the others."""
        first = np.isin(self.speakers, np.unique(self.speakers)[::2])
        return self.part(first), self.part(~first)

    def scores(self, how: fusion.Settings) -> np.ndarray:
        return np.array([list(fusion.fuse(pair, how, spoken_share=1.0).scores.values()) for pair in self.readings])

    def alone(self, source: str, how: fusion.Settings) -> np.ndarray:
        only = [[one for one in pair if one.source == source] for pair in self.readings]
        return replace(self, readings=only).scores(how)

    def loss(self, scores: np.ndarray) -> float:
        return negative_log_likelihood(np.log(scores), self.moods)


def sentences(data: FrameData, store: ClipStore) -> SpokenSentences:
    """Every clip that both read."""
    unseen = UnseenCorpus.of(CORPUS, data)
    clips = [data.clips.clips[int(index)] for index in unseen.clips]
    pairs = [
        (unseen.reading(place, store), answer)
        for place, answer in enumerate(lines.load().read([clip.text for clip in clips]))
    ]
    read = np.array([isinstance(words, Reading) for _, words in pairs])
    everyone = SpokenSentences(unseen.moods, np.array([clip.speaker for clip in clips]), pairs)  # type: ignore[arg-type]
    return everyone.part(read)


def put_together_anew(given: SpokenSentences, rng: np.random.Generator) -> SpokenSentences:
    """Each voice with the words of some clip of the same mood: given the mood, they are independent."""
    pairs = list(given.readings)
    for mood in np.unique(given.moods):
        places = np.flatnonzero(given.moods == mood)
        for place, other in zip(places, rng.permutation(places), strict=True):
            pairs[int(place)] = (given.readings[int(place)][0], given.readings[int(other)][1])
    return replace(given, readings=pairs)


def best_overlap(given: SpokenSentences, how: fusion.Settings) -> float:
    """The overlap with the lowest loss; of several, the smallest."""
    losses = [given.loss(given.scores(replace(how, overlap=float(overlap)))) for overlap in OVERLAPS]
    return float(OVERLAPS[int(np.argmin(losses))])


def table(given: SpokenSentences, how: fusion.Settings, best: float) -> str:
    ways = {f"{source} alone": given.alone(source, how) for source in ("voice", "words")}
    ways |= {
        f"overlap {overlap:.2f}": given.scores(replace(how, overlap=overlap)) for overlap in sorted({0.0, best, 1.0})
    }
    rows = ["| fusion | accuracy | NLL [95 % by speaker] | mean top score | ECE |", "|---" * 5 + "|"]
    for name, scores in ways.items():
        interval = metrics.bootstrap(
            lambda chosen, scores=scores: negative_log_likelihood(np.log(scores[chosen]), given.moods[chosen]),
            given.speakers.tolist(),
        )
        low, high = interval.low, interval.high
        accuracy = metrics.accuracy(given.moods, scores.argmax(1))
        rows.append(
            f"| {name} | {accuracy:.1%} | {interval.value:.3f} [{low:.3f}, {high:.3f}] "
            f"| {scores.max(1).mean():.1%} | {metrics.ece(given.moods, scores):.1%} |"
        )
    return "\n".join(rows)


def measure(given: SpokenSentences, how: fusion.Settings) -> tuple[dict[str, float], str]:
    """The overlap chosen on one half, its loss on the other half, and a table of that half."""
    how = replace(how, overlap=0.0)
    chosen_on, reported_on = given.halves()
    best, rng = best_overlap(chosen_on, how), np.random.default_rng(0)
    anew = [best_overlap(put_together_anew(chosen_on, rng), how) for _ in range(ROUNDS)]
    figures = {
        "overlap": best,
        "overlap_of_pairs_put_together_anew": round(float(np.mean(anew)), 2),
        "loss_with": round(reported_on.loss(reported_on.scores(replace(how, overlap=best))), 4),
        "loss_without": round(reported_on.loss(reported_on.scores(how)), 4),
        "sentences": len(reported_on.moods),
    }
    return figures, table(reported_on, how, best)


def kept(figures: Mapping[str, float]) -> float:
    """The overlap for the settings: none where it does not help others, or helps independent pairs as much."""
    helps = figures["loss_with"] < figures["loss_without"]
    return figures["overlap"] if helps and figures["overlap"] > figures["overlap_of_pairs_put_together_anew"] else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_options(parser)
    parser.add_argument("--write", action="store_true", help="write the overlap into the settings")
    options = parser.parse_args()
    found = sentences(data_of(options), ClipStore(options.cache, options.data))
    figures, report = measure(found, fusion.settings())
    overlap = kept(figures)
    print(f"{figures}\n{report}\noverlap {overlap}")
    if options.write:
        settings = json.loads(fusion.SETTINGS.read_text(encoding="utf-8"))
        settings |= {"overlap": overlap, "overlap_measured": figures}
        fusion.SETTINGS.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
