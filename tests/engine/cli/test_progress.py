"""Bars on a terminal, plain lines elsewhere."""

import io

import pytest

from engine.cli import progress
from engine.cli.progress import Bar, Lines, describe_time
from engine.protocol import Progress


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_times_in_words(seconds: float, said: str) -> None:
    assert describe_time(seconds) == said


def test_lines_come_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now_s[0])
    err = io.StringIO()
    lines = Lines(err)
    for step in range(1, 31):
        now_s[0] += 1.0
        lines.show(Progress(step=step, total=60, stage="learning", eta_s=60.0 - step, loss=0.25))
    assert err.getvalue().splitlines() == [
        "learning: 17 % (10 of 60), 50 s left, loss 0.2500",
        "learning: 33 % (20 of 60), 40 s left, loss 0.2500",
        "learning: 50 % (30 of 60), 30 s left, loss 0.2500",
    ]


def test_a_bar_shows_stage_share_and_time_left() -> None:
    err = io.StringIO()
    bar = Bar(err)
    bar.show(Progress(step=10, total=40, stage="learning", eta_s=75.0))
    bar.clear()
    bar.close()
    bar.show(Progress(step=1, total=2, stage="saving"))
    bar.close()
    shown = err.getvalue()
    assert "Learning   25% |" in shown
    assert "10/40" in shown
    assert "1 min 15 s left" in shown
    assert "Saving   50% |" in shown


def test_a_bar_stays_the_same_when_its_total_changes_and_starts_again_when_a_stage_does() -> None:
    err = io.StringIO()
    bar = Bar(err)
    for step in range(1, 31):
        bar.show(Progress(step=step, total=1000 + step, stage="U-Net"))
    bar.show(Progress(step=1, total=4, stage="saving"))
    shown = err.getvalue()
    bar.close()
    assert shown.count("U-net") + shown.count("U-Net") == 1  # later ones wait for a tenth of a second
    assert "Saving   25% |" in shown
    assert "\n" not in shown
