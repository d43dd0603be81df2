"""The Models page shows only measured figures of the running version."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from components import recognisers
from components.models import model_cards
from components.models.model_cards import (
    WEIGHT_FOLDERS,
    member_shares,
    running_version,
    shares_text,
    training_figures,
)
from components.text import plain
from diary import consents, own_tracks
from fer.predict import WEIGHTS as FACE
from inference import measured, people, weights
from inference.model_card import write_card
from language import LANGUAGES, catalogue, say
from music.catalogue import LOCAL_FOLDER
from music.catalogue import load as load_catalogue
from music.mood_model import WEIGHTS as MUSIC
from tests.sounds import spoken

MODELS = "pages/models.py"


@pytest.fixture(scope="module", autouse=True)
def models_loaded() -> None:
    """Loads torch and the weights first, so that the page does not time out."""
    recognisers.warm()


def shown(at) -> str:
    """All text on the page."""
    kinds = [*at.markdown, *at.caption, *at.info, *at.warning, *at.title, *at.header, *at.subheader]
    html = [element.proto.body for element in at.get("html")]
    return " ".join([*(element.value for element in kinds), *html])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_model_shows_its_figures_as_measured(visit: Callable, language: str) -> None:
    at = visit(MODELS, language).app
    for model, weights_folder in WEIGHT_FOLDERS.items():
        at.segmented_control(key="model_choice").set_value(model).run()
        assert not at.exception
        text = shown(at)
        for fact in ("data", "licence", "not_for"):
            values = training_figures(model) if fact == "data" else {}
            assert say(language, f"models.{model}_{fact}", **values) in text
        shares = shares_text(model).replace(say("en", "models.committee"), say(language, "models.committee"))
        assert bool(shares) == (model in ("voice", "face"))
        assert (say(language, "models.shares", shares=shares) in text) == bool(shares)
        found = measured.read(weights_folder)
        if not found:
            assert say(language, "models.not_measured") in text
            assert not re.search(r"<dd>|\d+%", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL))
            continue
        for figure in (found[0].uar, found[0].accuracy):
            assert f"{figure.value:.0%}" in text
            assert f"{figure.low:.0%}" in text
        assert len(at.get("plotly_chart")) == 2
        at.toggle(key=f"tables_{found[0].name}").set_value(True).run()
        assert len(at.table) == 2


@pytest.mark.parametrize(
    ("model", "sets"),
    [("voice", ("left_out_people", "corpora_never_heard")), ("face", ("ferplus_clear", "ferplus_test"))],
)
def test_known_and_unknown_material_and_people_stand_on_one_scale(
    visit: Callable, model: str, sets: tuple[str, ...]
) -> None:
    at = visit(MODELS, "en").app
    at.segmented_control(key="model_choice").set_value(model).run()
    (bars,) = [each.proto.body for each in at.get("html") if 'class="haru-beside"' in each.proto.body]
    found, known = {each.name: each for each in measured.read(WEIGHT_FOLDERS[model])}, people.read()
    expected = [found[name].uar.value for name in sets]
    if found[sets[-1]].human_uar:
        expected.append(found[sets[-1]].human_uar.value)
    expected.append(getattr(known, model))
    assert [float(share) for share in re.findall(r"--share:([\d.]+)", bars)] == pytest.approx(expected, abs=1e-3)
    text = shown(at)
    assert all(f"{getattr(known, sense):.0%}" in text for sense in ("voice", "face", "both"))
    assert plain(known.source) in text


def test_people_are_not_compared_with_models_that_read_no_person(visit: Callable) -> None:
    at = visit(MODELS, "en").app
    for model in ("words", "music"):
        at.segmented_control(key="model_choice").set_value(model).run()
        assert 'class="haru-beside"' not in shown(at)


def test_groups_of_fewer_than_ten_examples_are_left_out_and_it_is_said(
    visit: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads((WEIGHT_FOLDERS["voice"] / measured.FILE).read_text(encoding="utf-8"))
    for each in content["sets"]:
        each["counts"][0] = 9
    (tmp_path / measured.FILE).write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setitem(WEIGHT_FOLDERS, "voice", tmp_path)
    at = visit(MODELS, "en").app
    (first, *_) = measured.read(WEIGHT_FOLDERS["voice"])
    enough = [count for count in first.counts if count >= 10]
    assert 0 < len(enough) < len(first.counts)
    assert say("en", "models.bins_left_out") in shown(at)
    at.toggle(key=f"tables_{first.name}").set_value(True).run()
    table = at.table[0].value
    assert [int(count.replace(",", "")) for count in table[say("en", "models.how_many")]] == enough
    chart = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert len(chart["data"][1]["x"]) == len(enough)


def test_without_one_group_of_ten_there_is_no_chart_but_a_sentence(
    visit: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads((WEIGHT_FOLDERS["voice"] / measured.FILE).read_text(encoding="utf-8"))
    for each in content["sets"]:
        each["counts"] = [9] * len(each["counts"])
    (tmp_path / measured.FILE).write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setitem(WEIGHT_FOLDERS, "voice", tmp_path)
    at = visit(MODELS, "en").app
    assert not at.exception
    assert say("en", "models.bins_none") in shown(at)
    assert len(at.get("plotly_chart")) == 1


def test_the_shares_of_the_members_are_those_that_the_recognisers_use() -> None:
    analyst = recognisers.analyst()
    assert member_shares("face") == pytest.approx(analyst.face.mix.weights)
    (voice,) = analyst.voice.members
    assert member_shares("voice") == pytest.approx(
        {voice.meta["name"]: voice.meta["share"], "committee": 1 - voice.meta["share"]}
    )
    for model in ("voice", "face"):
        shares = list(member_shares(model).values())
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1)
    assert member_shares("words") == member_shares("music") == {}


def test_a_share_that_is_nearly_nothing_is_not_shown_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_cards, "member_shares", lambda name: {"vgg16": 0.9951, "resnet50": 0.0049, "other": 0.0})
    assert shares_text("face") == "VGG16 100%, ResNet50 <1%, other 0%"


def test_the_figures_about_training_data_come_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert training_figures("voice") == {}
    words = {"comments", "kote", "first_person", "practice"}
    for model, keys in (("words", words), ("face", {"count"}), ("music", {"count", "all"})):
        figures = training_figures(model)
        assert figures.keys() == keys
        assert all(re.fullmatch(r"\d{1,3}(,\d{3})*", figure) for figure in figures.values()), figures
    assert training_figures("words")["kote"] == f"{measured.training_counts(WEIGHT_FOLDERS['words'])['kote']:,}"
    # Where nobody measured, the page still opens.
    monkeypatch.setitem(WEIGHT_FOLDERS, "words", tmp_path)
    assert set(training_figures("words").values()) == {"–"}


def test_every_set_has_its_name_and_is_of_the_running_version() -> None:
    for model, weights_folder in WEIGHT_FOLDERS.items():
        for found in measured.read(weights_folder):
            assert f"models.set_{found.name}" in catalogue("en")
            assert found.model in (running_version(model) or found.model), f"measure anew: {found.command} --write"
            assert sum(map(sum, found.confusion)) == found.count


def test_figures_of_another_version_say_so(visit: Callable, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.loads((WEIGHT_FOLDERS["words"] / measured.FILE).read_text(encoding="utf-8"))
    for one in content["sets"]:
        one["model"] = "haru-words 0.0.1"
    (tmp_path / measured.FILE).write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setitem(WEIGHT_FOLDERS, "words", tmp_path)
    at = visit(MODELS).app
    at.segmented_control(key="model_choice").set_value("words").run()
    assert any("haru-words 0.0.1" in warning.value for warning in at.warning)


def test_a_line_can_be_tried_and_is_kept_nowhere(visit: Callable) -> None:
    visiting = visit(MODELS)
    at = visiting.app
    at.segmented_control(key="model_choice").set_value("words").run()
    at.text_input(key="try_line").set_value("I am so happy today, it is wonderful!").run()
    assert any("Happiness" in heading.value for heading in at.markdown)
    from diary import drafts, entries

    assert entries.count(visiting.session) == 0
    assert drafts.load(visiting.session) is None


def test_a_track_can_be_tried_and_joins_nothing(visit: Callable) -> None:
    visiting = visit(MODELS)
    at = visiting.app
    at.segmented_control(key="model_choice").set_value("music").run()
    track = (LOCAL_FOLDER / load_catalogue().of_kind("local")[0].name).read_bytes()
    at.file_uploader(key="try_music").upload("mine.opus", track, "audio/ogg").run()
    assert not at.exception
    assert say("en", "own.not_a_fact") in shown(at)
    assert own_tracks.every(visiting.session) == []
    at.file_uploader(key="try_music").upload("mine.opus", b"no music", "audio/ogg").run()
    assert any("mine" not in warning.value for warning in at.warning)


def test_a_voice_can_be_tried_only_by_who_allowed_it(visit: Callable) -> None:
    visiting = visit(MODELS)
    at = visiting.app.run()
    assert say("en", "capture.voice_off") in shown(at)
    consents.set_given(visiting.session, "voice", True)
    at.run()
    at.audio_input(key="try_voice").upload("said.wav", spoken(3.0)).run()
    assert not at.exception


def test_without_a_microphone_a_generated_voice_is_offered_and_marked(visit: Callable) -> None:
    visiting = visit(MODELS)
    consents.set_given(visiting.session, "voice", True)
    at = visiting.app.run()
    at.toggle(key="sample_voice_try").set_value(True).run()
    assert say("en", "sample.voice_means") in shown(at)
    assert any(say("en", key) in shown(at) for key in ("models.said_sure", "models.said_not_sure"))


@pytest.mark.skipif((FACE / "ensemble.json").exists(), reason="the face's weights are there")
def test_a_missing_model_is_told(visit: Callable) -> None:
    at = visit(MODELS).app
    at.segmented_control(key="model_choice").set_value("face").run()
    assert say("en", "models.not_here") in shown(at)


def test_weights_of_the_operators_own_speak_for_themselves(
    visit: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the shipped figures nor the shipped data are shown for weights that another person trained."""
    file = tmp_path / "music.safetensors"
    state, meta = weights.load(MUSIC)
    about = {"sense": "music", "name": "ours", "version": "own 1", "training_data": ["My *shelf*"], "licence": "ours"}
    weights.save(file, state, {**meta, **about}, "fp32")
    write_card(file, "Ours", {})
    monkeypatch.setenv("HARU_WEIGHTS", str(file))
    at = visit(MODELS, "en").app
    at.segmented_control(key="model_choice").set_value("music").run()
    assert not at.exception
    text = shown(at)
    assert say("en", "models.own_what") in text
    assert plain("My *shelf*") in text
    assert "ours own 1" in text
    assert say("en", "models.not_measured") in text
    assert say("en", "models.music_data") not in text
