"""What the tests of this folder share."""

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineClient
from engine.geometry import Box
from engine.protocol import (
    Event,
    Finished,
    LearnJob,
    PreviewJob,
)

FAKE = Path(__file__).parents[1] / "fake_engine.py"


PREVIEW = PreviewJob(
    project="/p", embedding="e", photo="p", box=Box(center_x=1, center_y=1, width=2, height=2)
)


def job(behaviour: str) -> LearnJob:
    return LearnJob(project="/p", anomaly=behaviour, supports=())


class Heard:
    """A client, and all that it has said."""

    def __init__(self, client: EngineClient, qtbot: QtBot) -> None:
        self.client, self._qtbot = client, qtbot
        self.events: list[Event] = []
        self.states: list[str] = []
        self.crashes: list[str] = []
        self.acknowledged: list[str] = []
        client.event_received.connect(self.events.append)
        client.state_changed.connect(self.states.append)
        client.crashed.connect(self.crashes.append)
        client.cancel_acknowledged.connect(self.acknowledged.append)

    def of(self, job_id: str) -> list[Event]:
        return [event for event in self.events if event.job_id == job_id]

    def ends(self, job_id: str) -> list[Finished]:
        return [event for event in self.of(job_id) if isinstance(event, Finished)]

    def end(self, job_id: str) -> Finished:
        """Waits for the end of a job, which is its last event and the only end."""
        self.wait(lambda: bool(self.ends(job_id)))
        (finished,) = self.ends(job_id)
        assert self.of(job_id)[-1] is finished
        return finished

    def wait(self, is_so: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_so, timeout=20_000)

    def wait_for(self, kind: type[Event], job_id: str) -> None:
        self.wait(lambda: any(isinstance(event, kind) for event in self.of(job_id)))


def children() -> list[int]:
    """The processes that this one has started and that still run."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]
