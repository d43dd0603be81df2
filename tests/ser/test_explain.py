import numpy as np
import pytest
import torch

from ser import explain, members
from ser.explain_chart import ChartWords, figure
from ser.features import MelSettings
from ser.model import MelNet
from ser.predict import Recogniser
from tests.ser.conftest import FakeMember, make_voice


@pytest.fixture
def recogniser() -> Recogniser:
    torch.manual_seed(0)
    net = MelNet("convnext_atto", len(members.LABELS)).eval()
    net.requires_grad_(False)
    return Recogniser(
        [FakeMember(), members.mel_member(net, MelSettings(), np.full(80, -40.0), np.full(80, 15.0), "none")]
    )


@pytest.mark.parametrize("mood", [None, "anger"])
def test_an_explanation_lies_on_its_image(recogniser, mood):
    found = explain.explain(recogniser, make_voice(2.0), mood)
    picture = found.picture
    assert picture.mel.shape == found.weight.shape == (picture.hertz.size, picture.seconds.size)
    assert 0 <= found.weight.min() <= found.weight.max() <= 1
    assert found.weight.max() > 0.99 or not found.weight.any()
    assert picture.seconds[-1] == pytest.approx(2.0, abs=0.1)
    assert 50 < picture.hertz[0] < 150
    assert picture.hertz[-1] == pytest.approx(7400, abs=300)
    assert mood is None or found.mood == mood


def test_the_figure_has_axes_of_time_and_frequency(recogniser):
    chart = figure(explain.explain(recogniser, make_voice(1.0)), ChartWords("초", "헤르츠", "", ""))
    assert chart.layout.xaxis.title.text == "초"
    assert chart.layout.yaxis.title.text == "헤르츠"
    assert "1000" in chart.layout.yaxis.ticktext
    assert len(chart.data) == 2
    chart.to_json()


def test_long_clips_are_explained_at_their_beginning(recogniser):
    assert explain.explain(recogniser, make_voice(14.0)).picture.seconds[-1] < 10.1


def test_wrong_questions_are_answered_plainly(recogniser):
    with pytest.raises(ValueError, match="happiness"):
        explain.explain(recogniser, make_voice(1.0), "boredom")
    with pytest.raises(ValueError, match="can be explained"):
        explain.explain(Recogniser([FakeMember()]), make_voice(1.0))


def test_what_it_looked_at_matters_to_the_verdict(recogniser):
    """Silencing the brightest places moves the logit more than silencing the darkest ones."""
    member = recogniser.members[1]
    image = member.image(make_voice(3.0))
    weight, mood = explain.grad_cam(member, image, None)
    index = members.LABELS.index(mood)

    def logit(keep: np.ndarray) -> float:
        shown = torch.where(torch.from_numpy(keep), image, torch.tensor(-80.0))
        with torch.no_grad():
            return float(member.model(*member.batch(shown)).logits[0, index])

    low, high = np.quantile(weight, [0.2, 0.8])
    whole = logit(np.ones_like(weight, bool))
    assert np.isfinite([whole, logit(weight < high), logit(weight > low)]).all()
    assert logit(weight < high) != whole
