from __future__ import annotations

import gc

import pytest


def test_what_is_loaded_for_good_is_spared_by_the_collector(data_folder, monkeypatch: pytest.MonkeyPatch) -> None:
    import app
    from components import recognisers

    loaded: list[list] = []
    monkeypatch.setattr(recognisers, "warm", lambda: loaded.extend([] for _ in range(1000)))
    already = gc.get_freeze_count()
    app._wake_the_models()
    assert gc.get_freeze_count() >= already + 1000
