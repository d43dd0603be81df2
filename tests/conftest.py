"""What many tests start from: an empty diary, a person in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from diary import accounts, database, sessions
from diary.sessions import Session

# A busy machine is no bug: what is too slow is measured by the benchmarks.
settings.register_profile("haru", deadline=None)
settings.load_profile("haru")

PASSWORD = "correct horse battery"
MARKED_FOLDERS = {"browser": "browser", "training": "training"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of tests/browser and tests/training, so that `make check` can leave them out."""
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in MARKED_FOLDERS:
            item.add_marker(MARKED_FOLDERS[folder])


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty, migrated database in a folder of its own."""
    monkeypatch.setenv("HARU_DATA", str(tmp_path))
    # Waiting for the disk to have written is what production is for, not several hundred tests.
    hurried = tuple(pragma.replace("synchronous = full", "synchronous = off") for pragma in database.PRAGMAS)
    monkeypatch.setattr(database, "PRAGMAS", hurried)
    database.prepare()
    return tmp_path


@pytest.fixture
def quick_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its cheapest, for tests that are not about it; the real cost is tested in test_accounts.py."""
    from argon2 import PasswordHasher
    from argon2.low_level import Type, hash_secret_raw

    from diary import vault

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", quick)
    monkeypatch.setattr(accounts, "_UNKNOWN_NAME_HASH", quick.hash("nobody"))
    monkeypatch.setattr(
        vault,
        "key_from_password",
        lambda password, salt: hash_secret_raw(
            password.encode(), salt, time_cost=1, memory_cost=8, parallelism=1, hash_len=32, type=Type.ID
        ),
    )


@pytest.fixture
def sign_up(data_folder: Path, quick_argon2: None) -> Callable[..., str]:
    """Makes an account and returns its session token."""

    def make(name: str = "Jiwoo", password: str = PASSWORD, language: str = "en", **changes) -> str:
        facts = {
            "born": date(1995, 5, 5),
            "today": date(2026, 11, 20),
            "allowed": ["diary"],
            "timezone": "Asia/Seoul",
            "address": "192.0.2.1",
        } | changes
        return accounts.sign_up(name, password, language=language, **facts)

    return make


@pytest.fixture
def person(sign_up: Callable[..., str]) -> Session:
    session = sessions.find(sign_up())
    assert session is not None
    return session


@pytest.fixture
def stranger(sign_up: Callable[..., str]) -> Session:
    session = sessions.find(sign_up("Somebody else"))
    assert session is not None
    return session
