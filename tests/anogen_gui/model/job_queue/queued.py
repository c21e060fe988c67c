"""What the tests of this folder share."""

from pathlib import Path

from anogen_gui.model.job_queue import JobQueue
from anogen_gui.model.job_view import JobView
from engine.geometry import Box
from engine.protocol import (
    LearnJob,
    PreviewJob,
    SampleWritten,
    SupportPhoto,
)

FAKE = Path(__file__).parents[2] / "fake_engine.py"


PREVIEW = PreviewJob(project="", embedding="e", photo="p", box=Box(center_x=1, center_y=1, width=2, height=2))


SAMPLE = SampleWritten(
    photo="p.png", image="samples/a/r/0.png", mask="samples/a/r/0_mask.png", seed=1, boxes=(), anomaly="a"
)


def job(anomaly: str) -> LearnJob:
    support = SupportPhoto(name="s", photo="s.png", mask="m.png")
    return LearnJob(project="", anomaly=anomaly, supports=(support,) * 3)


def states(queue: JobQueue) -> str:
    """The states by their first letters, except `i`nterrupted and Q(uarantined)."""
    return "".join("Q" if each.state == "quarantined" else each.state[0] for each in queue.jobs())


def view(queue: JobQueue, number: int) -> JobView:
    found = queue.job(number)
    assert found is not None
    return found


def child() -> int:
    (pid,) = [
        int(pid) for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()
    ]
    return pid
