from __future__ import annotations

from training.progress import TimeEstimate, duration


def test_the_time_left_is_reported_after_the_slow_first_step() -> None:
    lines: list[str] = []
    estimate = TimeEstimate(200, lines.append)
    for _ in range(200):
        estimate.step()
    assert len(lines) == 2
    assert "194 steps to go" in lines[0]
    assert (duration(30), duration(600), duration(7200)) == ("30 seconds", "10 minutes", "2.0 hours")
