"""Fixtures of many tests: an empty diary, people with accounts, and the real app."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from starlette.testclient import TestClient

from diary import accounts, database, sessions
from diary.sessions import Session

if TYPE_CHECKING:  # it imports Streamlit, which most tests do without
    from streamlit.runtime.runtime import Runtime

# Otherwise torch starts a thread for each core in each of pytest's workers, and they wait for one another: on a busy
# machine, small networks then take ten times as long. It must be set before torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A busy machine must not fail a test; the benchmarks measure speed.
settings.register_profile("haru", deadline=None)
settings.load_profile("haru")

PASSWORD = "correct horse battery"
MARKED_FOLDERS = {"browser": "browser", "training": "training"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of tests/browser and tests/training, so that `make check` can leave them out.

    The files that take longest come first: the many short tests then fill what is left of each worker's time.
    """
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in MARKED_FOLDERS:
            item.add_marker(MARKED_FOLDERS[folder])
        if folder == "browser":
            # On a busy machine, a browser can miss a press. What fails twice is a fault.
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    if item.get_closest_marker("browser"):
        return 0
    return 1 if item.get_closest_marker("training") or item.get_closest_marker("slow") else 2


@pytest.fixture(autouse=True)
def main_module_stays() -> Iterator[None]:
    """AppTest puts the page's script in place of the main module, which a spawned process imports first."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without content. Tests copy it, because migrating takes much longer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_DATA", str(tmp_path_factory.mktemp("empty")))
        database.prepare()
        return database.path()


@pytest.fixture
def data_folder(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty, migrated database."""
    use_folder(monkeypatch, tmp_path, empty_database)
    return tmp_path


def use_folder(monkeypatch: pytest.MonkeyPatch, folder: Path, empty_database: Path) -> None:
    """Makes `folder` the data folder, with a copy of the database that does not wait for the disk."""
    monkeypatch.setenv("HARU_DATA", str(folder))
    without_sync = tuple(pragma.replace("synchronous = full", "synchronous = off") for pragma in database.PRAGMAS)
    monkeypatch.setattr(database, "PRAGMAS", without_sync)
    shutil.copy(empty_database, database.path())


@pytest.fixture
def quick_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    make_argon2_quick(monkeypatch)


def make_argon2_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its lowest cost, for tests that are not about it. test_accounts.py tests the real cost."""
    from argon2 import PasswordHasher
    from argon2.low_level import Type, hash_secret_raw

    from diary import names, vault

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", quick)
    monkeypatch.setattr(accounts, "_UNKNOWN_NAME_HASH", quick.hash("nobody"))
    monkeypatch.setattr(names, "_PASSES", 1)
    monkeypatch.setattr(names, "_KIBIBYTES", 8)
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
        today, address = facts.pop("today"), facts.pop("address")
        new = accounts.NewAccount(name, password, language=language, **facts)
        return accounts.sign_up(new, today=today, address=address)

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


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The real app, started once: Streamlit allows one runtime a process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_DATA", str(tmp_path_factory.mktemp("web")))
        import app
        from reminders import sender

        patch.setattr(sender, "_INTERVAL", 24 * 3600.0)  # the tests take the database away from under it
        with ExitStack() as running:
            client = TestClient(app.app, base_url="http://localhost")
            with pytest.MonkeyPatch.context() as at_start:
                # These tests use no model: this saves some seconds of both cores (but see tests/web/test_loading.py).
                at_start.setattr(app, "load_models", lambda stopping: None)
                running.enter_context(client)
            yield client


@pytest.fixture(scope="session")
def runtime(served: TestClient) -> Runtime:
    """The runtime that the app started."""
    from streamlit.runtime.runtime import Runtime

    return Runtime.instance()


@pytest.fixture
def running(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the app's runtime back: an AppTest in the same process leaves none behind."""
    monkeypatch.setattr(type(runtime), "_instance", runtime)
