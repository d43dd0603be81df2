"""Words that nobody said: the shipped model on every fifth of the 200 sounds without speech."""

from __future__ import annotations

import pytest

from benchmarks import non_speech, stt_inventions
from stt import predict


@pytest.mark.slow
@pytest.mark.skipif(not predict.has_weights(), reason="the model of speech to text is not there")
def test_the_model_writes_no_words_where_nobody_speaks() -> None:
    sample = list(non_speech.clips(every=5))
    assert len(sample) == 40
    heard = stt_inventions.listen(predict.load(), sample)
    invented = stt_inventions.with_words(heard)
    assert len(invented) <= stt_inventions.BAR * len(heard), invented
