"""Sealed backups: what was changed in any way is refused."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups import sealing
from backups.sealing import CHUNK, Facts, NotOpened, unseal

KEY = bytes(range(32))
FACTS = Facts("2026-12-01T09:30:00+00:00", b"the server's secret")
TAG = 16


def seal(folder: Path, content: bytes, piece: int = 77_777) -> bytes:
    file = folder / "plain"
    file.write_bytes(content)
    with sealing.sealed(file, FACTS, KEY) as opened:
        read = b"".join(iter(lambda: opened.read(piece), b""))
        assert len(read) == opened.size
    return read


def open_(sealed: bytes, key: bytes = KEY) -> tuple[Facts, bytes]:
    target = io.BytesIO()
    return unseal(io.BytesIO(sealed), target, key), target.getvalue()


@pytest.mark.parametrize("size", [0, 1, 5000, CHUNK - 130, CHUNK, 2 * CHUNK, 3 * CHUNK + 7])
def test_what_was_sealed_opens(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)
    sealed = seal(tmp_path, content)
    assert open_(sealed) == (FACTS, content)
    assert size < 100 or content[:100] not in sealed
    assert b"secret" not in sealed


@given(st.integers(1, 200))
def test_a_last_chunk_that_is_exactly_full(missing: int) -> None:
    line = b"x" * missing + b"\n"
    sealer = sealing.Sealer(line, io.BytesIO(bytes(CHUNK - len(line))), CHUNK - len(line), KEY)
    sealed = sealer.read()
    assert len(sealed) == sealer.size == sealing.sealed_size(CHUNK)


def test_two_copies_have_nothing_in_common(tmp_path: Path) -> None:
    content = os.urandom(1000)
    first, second = seal(tmp_path, content), seal(tmp_path, content)
    start = len(sealing.MAGIC) + 8
    assert first[:start] == second[:start]
    assert not any(first[place : place + 16] in second for place in range(start, len(first) - 16))


def test_another_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotOpened, match="another key"):
        open_(seal(tmp_path, b"x"), os.urandom(32))


def test_every_change_is_refused(tmp_path: Path) -> None:
    content = os.urandom(3 * CHUNK + 50)
    sealed = seal(tmp_path, content)
    header = len(sealing.MAGIC) + 8 + 16
    chunks = [sealed[place : place + CHUNK + TAG] for place in range(header, len(sealed), CHUNK + TAG)]
    start = sealed[:header]
    assert len(chunks) == 4
    other = seal(tmp_path, content)[header + CHUNK + TAG :][: CHUNK + TAG]
    changed = {
        "cut in the last chunk": sealed[:-1],
        "cut after a chunk": start + b"".join(chunks[:3]),
        "cut after the header": start,
        "one more byte": sealed + b"\0",
        "the last chunk twice": sealed + chunks[3],
        "one more whole chunk": start + b"".join(chunks[:3]) + chunks[1] + chunks[3],
        "two exchanged": start + chunks[1] + chunks[0] + chunks[2] + chunks[3],
        "one left out": start + chunks[0] + chunks[2] + chunks[3],
        "one from another copy": start + chunks[0] + other + chunks[2] + chunks[3],
        "another salt": start[:-1] + bytes([start[-1] ^ 1]) + sealed[header:],
    }
    for place in (header, header + CHUNK // 2, header + CHUNK + TAG, len(sealed) - 1):
        changed[f"a bit at {place}"] = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
    for how, file in changed.items():
        with pytest.raises(NotOpened):
            open_(file)
            pytest.fail(how)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", sealing.MAGIC, sealing.MAGIC[:-1] + b"2" * 50])
def test_what_is_not_sealed_is_named(content: bytes) -> None:
    with pytest.raises(NotOpened, match="not a sealed backup"):
        open_(content)


def test_a_file_that_became_shorter_is_not_sealed_as_if_it_were_whole(tmp_path: Path) -> None:
    file = tmp_path / "plain"
    file.write_bytes(bytes(3 * CHUNK))
    with sealing.sealed(file, FACTS, KEY) as opened:
        opened.read(10)
        os.truncate(file, CHUNK)
        with pytest.raises(OSError, match="shorter"):
            opened.read()


def test_reading_keeps_only_some_chunks_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "plain"
    with file.open("wb") as made:
        made.truncate(64 * CHUNK)
    most = 0
    with sealing.sealed(file, FACTS, KEY) as opened:
        while opened.read(100_000):
            most = max(most, len(opened._ready))
    assert most <= 2 * CHUNK
