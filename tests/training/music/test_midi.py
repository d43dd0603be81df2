import pytest
from music21 import converter, corpus

from training.music.midi import ScoreNote, midi_file, staves
from training.music.scores import ARRANGEMENTS, DRUMS, Arrangement, Part


def arrangement(tempo: float, players: tuple[tuple[int, Part], ...], **facts) -> Arrangement:
    return Arrangement("test", "", "", "", "", "", tempo, players, "joy", **facts)


def test_a_midi_file_says_what_the_score_says():
    plan = arrangement(90, ((0, Part(40)), (1, Part(42, shift=-12))), seconds=8.0)
    melody = [ScoreNote(float(beat), 1.0, 60 + beat) for beat in range(12)]
    score = converter.parseData(midi_file(plan, [melody, [ScoreNote(0.0, 12.0, 48)]]), format="midi")
    assert sorted({note.pitch.midi for note in score.flatten().notes}) == [36, *range(60, 72)]
    assert score.flatten().getElementsByClass("MetronomeMark")[0].number == pytest.approx(90, abs=0.1)


def test_arirang_begins_as_the_hymnals_print_it():
    """hymnary.org, tune ARIRANG: 56561 21232 32165, steps of a scale whose first is F here."""
    steps = {0: "1", 2: "2", 4: "3", 7: "5", 9: "6"}
    melody, fifths = staves("arirang")
    assert "".join(steps[(note.pitch - 65) % 12] for note in melody).startswith("565612123232165")
    # Sixteen bars of three, the accompaniment as long as the tune, and the end on its first step.
    assert melody[-1].start + melody[-1].length == fifths[-1].start + fifths[-1].length == 48
    assert steps[(melody[-1].pitch - 65) % 12] == "1"


def test_the_drums_follow_the_bars_of_the_score():
    wrong = []
    for plan in (plan for plan in ARRANGEMENTS if plan.drums):
        if max(beat for beat, _, _ in DRUMS[plan.drums]) >= plan.bar:
            wrong.append(f"{plan.file}: a drum pattern longer than a bar")
        bar = list(corpus.parse(plan.source).parts[0].getElementsByClass("Measure"))[1]
        if plan.bar % bar.duration.quarterLength or (bar.offset - plan.upbeat) % bar.duration.quarterLength:
            wrong.append(f"{plan.file}: bars of {plan.bar} after {plan.upbeat}, not {bar.duration.quarterLength}")
    assert not wrong


def test_a_short_tune_repeats_in_step_with_its_drums():
    # An upbeat of one, then seven quarters of the two bars that they belong to: again after eight.
    plan = arrangement(60, ((0, Part(40)),), seconds=17.0, upbeat=1.0, drums="dance")
    melody = [ScoreNote(0.0, 1.0, 60), ScoreNote(1.0, 6.0, 62)]
    score = converter.parseData(midi_file(plan, [melody]), format="midi")
    notes = [note for note in score.stripTies().flatten().notes if note.isNote and note.pitch.midi in (60, 62)]
    assert sorted(round(float(note.offset)) for note in notes) == [0, 1, 8, 9, 16]
