from __future__ import annotations

import subprocess
import sys

_FORK_SAFE = """
import threading
from training.processes import worker_processes

lock = threading.Lock()

def use_lock(number):
    with lock:
        return number

if __name__ == "__main__":
    lock.acquire()  # as a thread of a library may at any moment
    with worker_processes(1) as pool:
        print(list(pool.map(use_lock, [1, 2], timeout=30)))
"""


def test_a_lock_that_is_held_does_not_stop_the_workers(tmp_path, monkeypatch) -> None:
    script = tmp_path / "work.py"
    script.write_text(_FORK_SAFE)
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": ".", "PATH": ""},
        check=False,
    )
    assert done.stdout == "[1, 2]\n", done.stderr
