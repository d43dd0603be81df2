"""Compares how long a refused sign-in or recovery takes for a name that has an account and for one that has none.

python -m benchmarks.known_names [--tries 100]

A stranger must not learn from the time who has an account: the ratio of the medians should be between 0.9 and 1.1.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date

from benchmarks.table import ResultTable
from diary import accounts, consents, database, days, errors

ZONE = "Asia/Seoul"
_TRIES_A_NAME = 3
"""Fewer than the throttle allows without a wait."""


def _sign_up(name: str) -> None:
    account = accounts.NewAccount(
        name,
        "the password of the benchmark",
        born=date(1990, 1, 1),
        allowed=[consents.DIARY],
        language="en",
        timezone=ZONE,
    )
    accounts.sign_up(account, today=days.today(ZONE), address=name)


def _sign_in(name: str, address: str) -> None:
    accounts.sign_in(name, "not the password", address=address)


def _recover(name: str, address: str) -> None:
    accounts.recover(name, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "an entirely new password", address=address)


def _seconds(attempt: Callable[[str, str], None], name: str, address: str) -> float:
    started = time.perf_counter()
    try:
        attempt(name, address)
    except (errors.SignInFailed, errors.WrongRecoveryCode):
        return time.perf_counter() - started
    raise SystemExit("A wrong password or code was accepted.")


def measure(table: ResultTable, tries: int) -> None:
    count = -(-tries // _TRIES_A_NAME)
    for number in range(count):
        _sign_up(f"known {number}")
    for what, attempt in (("sign-in", _sign_in), ("recovery", _recover)):
        names = [f"{kind} {number % count}" for kind in ("known", "unknown") for number in range(tries)]
        random.Random(0).shuffle(names)
        seconds: dict[str, list[float]] = {"known": [], "unknown": []}
        for number, name in enumerate(names):
            address = f"198.51.{number // 250}.{number % 250}"
            seconds[name.split()[0]].append(_seconds(attempt, name, address))
        known, unknown = (statistics.median(seconds[kind]) for kind in ("known", "unknown"))
        table.compare(f"refused {what}, known name, p50", 1000 * known, "ms", "unknown name", 1000 * unknown)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=100)
    table = ResultTable()
    with tempfile.TemporaryDirectory(prefix="haru-names-") as folder:
        os.environ["HARU_DATA"] = folder
        database.prepare()
        measure(table, parser.parse_args().tries)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n{table}")


if __name__ == "__main__":
    main()
