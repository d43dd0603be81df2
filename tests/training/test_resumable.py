"""Long work resumes where it was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from reading import Refusal
from training.resumable import map_in_chunks


def worker(asked: list[int], stop_at: int | None = None):
    def do_all(items: Sequence[int]):
        for item in items:
            if item == stop_at:
                raise KeyboardInterrupt
            asked.append(item)
            yield Refusal("silent", "없음: no sound") if item % 3 == 0 else np.full((item % 2 + 1, 2), item, np.int16)

    return do_all


def test_what_was_done_is_not_done_again_and_ends_the_same(tmp_path: Path) -> None:
    items, asked = list(range(1, 12)), []
    with pytest.raises(KeyboardInterrupt):
        list(map_in_chunks(items, worker(asked, stop_at=7), tmp_path, size=4))
    assert asked == [1, 2, 3, 4, 5, 6]
    asked.clear()
    resumed = list(map_in_chunks(items, worker(asked), tmp_path, size=4))
    assert asked == [5, 6, 7, 8, 9, 10, 11]  # 5 and 6 were in a portion that was not finished
    straight = list(map_in_chunks(items, worker([]), tmp_path / "other", size=4))
    for one, other in zip(resumed, straight, strict=True):
        assert type(one) is type(other)
        if isinstance(one, Refusal):
            assert (one.code, one.message) == ("silent", "없음: no sound")
        else:
            assert one.dtype == np.int16
            assert (one == other).all()


def test_a_portion_of_which_nothing_could_be_read(tmp_path: Path) -> None:
    for _ in range(2):
        assert [str(one) for one in map_in_chunks([3, 6], worker([]), tmp_path)] == ["없음: no sound"] * 2


def test_other_items_begin_afresh(tmp_path: Path) -> None:
    asked: list[int] = []
    list(map_in_chunks([1, 2], worker(asked), tmp_path))
    list(map_in_chunks([1, 2, 4], worker(asked), tmp_path))
    assert asked == [1, 2, 1, 2, 4]
