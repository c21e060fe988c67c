"""The window while the engine trains: stalls of its thread, live previews, and how soon a job is cancelled."""

import base64
import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage

from anogen_gui.app import App
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.stall_watch import LIMIT_MS, Stall, StallWatch
from engine.geometry import Box
from engine.project import QueuedJob
from engine.project.planning import plan_learn
from engine.protocol import Event, Finished, LearnSettings, PreviewJob, PreviewReady, Progress
from tests.benchmarks.report import Row
from tests.benchmarks.window.desk import budget_row, open_app, print_rows
from tests.benchmarks.window.frames import percentile, settle
from tests.benchmarks.window.person import Person

LAG_MS, COST_PERCENT, ACKNOWLEDGED_MS = 250.0, 5.0, 100.0
_WORK_S, _DRAG_S, _ROUNDS, _ANEW = 20.0, 6.0, 2, 3
_ASK_EVERY_S = 0.5
_PATIENCE_S = 120
_NOTICED_MS = 10.0  # shorter stalls are not looked for
_ANOMALY = "broken"
_EMBEDDING = "embeddings/crack/bench.safetensors"


def measure_training() -> Iterator[Row]:
    """All in one window, with the real engine and the embedded backbone."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "project"
        subprocess.run([sys.executable, "-m", "tests.benchmarks.window.work", str(folder)], check=True)
        with open_app() as app:
            app.window.open_project(folder)
            assert app.studio.project is not None
            project = app.studio.project
            previews = Previews(project)
            previews.drag(2 * _ASK_EVERY_S)  # the engine starts
            yield _lag("beside no job", previews.drag(_DRAG_S))
            person = Person(app)
            training = Training(project)
            yield _stalls(app, person, training)
            yield from _live(previews, training)
            yield from _cancel(project, training)


class Training:
    """A job that learns for as long as it is let; counts its steps."""

    def __init__(self, project: ProjectModel) -> None:
        self._queue, self._steps = project.queue, list[float]()
        self._queue.event_received.connect(self._take)
        rarely = 10_000  # steps alone count
        settings = LearnSettings(steps=100_000, strip_every=rarely, checkpoint_every=rarely)
        self.job_id = self._queue.enqueue(plan_learn(project.project, _ANOMALY, settings=settings))
        self._queue.resume()
        settle(_PATIENCE_S, until=lambda: len(self._steps) > 3)
        assert len(self._steps) > 3, "the engine does not train"

    def rate(self, since: float) -> float:
        """Steps a second since then."""
        times = [at for at in self._steps if at >= since]
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0

    def _take(self, row: QueuedJob, event: Event) -> None:
        assert not isinstance(event, Finished) or event.outcome == "cancelled", event
        if isinstance(event, Progress) and event.loss is not None:
            self._steps.append(time.perf_counter())


# --- stalls


def _stalls(app: App, person: Person, training: Training) -> Row:
    found: list[Stall] = []
    watch = StallWatch(limit_ms=_NOTICED_MS, beat_ms=5)
    watch.stalled.connect(found.append)
    app.stall_watch.stop()
    watch.start()
    started = time.perf_counter()
    _run_events(_WORK_S, person.act)
    watch.stop()
    worst = max(found, key=lambda stall: stall.length_ms, default=Stall(_NOTICED_MS, 0.0))
    too_long = [stall for stall in found if stall.length_ms > LIMIT_MS]
    note = (
        f"{len(too_long)} over {LIMIT_MS:.0f} ms in {person.count} acts, {training.rate(started):.1f} steps a second; "
        f"the longest computed {worst.computed_ms:.0f} ms"
    )
    places = [line.strip() for line in worst.stack.splitlines() if "anogen_gui" in line]
    note += f" in {places[-1]}" if places else ""
    return budget_row("window: longest stall while it trains, ms", LIMIT_MS, worst.length_ms, note)


def _run_events(seconds: float, act: Callable[[], object], every_ms: int = 16) -> None:
    """Let the event loop run for so long, in which something is done again and again."""
    loop, timer = QEventLoop(), QTimer(interval=every_ms)
    timer.timeout.connect(act)
    timer.start()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
    timer.stop()


# --- live previews


@dataclass
class Waits:
    """Milliseconds from asking to the first picture and to the last one, of the previews that showed any."""

    first_ms: list[float] = field(default_factory=list)
    last_ms: list[float] = field(default_factory=list)


class Previews:
    """Asks for live previews of a box that moves, at the rate at which a person drags."""

    def __init__(self, project: ProjectModel) -> None:
        self._project, self._number = project, itertools.count()
        self._photo = project.photos.of_role("good")[0].path
        self._asked: dict[str, float] = {}
        self._shown: dict[str, tuple[float, float]] = {}
        project.queue.preview_event_received.connect(self._take)

    def drag(self, seconds: float) -> Waits:
        """Ask for so long, and wait for the last."""
        self._shown.clear()
        self._ask()
        _run_events(seconds - _ASK_EVERY_S / 2, self._ask, round(1000 * _ASK_EVERY_S))
        settle(_PATIENCE_S, until=lambda: not self._asked)
        return Waits(*map(list, zip(*self._shown.values(), strict=True)))

    def draw_anew(self) -> Waits:
        """Ask for a few that look like none before, so that no earlier drawing can be shown first."""
        self._shown.clear()
        for seed in range(1, _ANEW + 1):
            self._ask(seed)
            settle(_PATIENCE_S, until=lambda: not self._asked)
        return Waits(*map(list, zip(*self._shown.values(), strict=True)))

    def _ask(self, seed: int = 0) -> None:
        shift = 3.0 * (next(self._number) % 20)
        box = Box(center_x=150.0 + shift, center_y=160.0, width=90.0, height=70.0)
        job = PreviewJob(
            project=str(self._project.folder), embedding=_EMBEDDING, photo=self._photo, box=box, seed=seed
        )
        self._asked[self._project.queue.preview(job)] = time.perf_counter()

    def _take(self, job_id: str, event: Event) -> None:
        if isinstance(event, Finished):
            assert event.outcome in ("done", "cancelled"), event
            del self._asked[job_id]
        elif isinstance(event, PreviewReady):
            assert not QImage.fromData(base64.b64decode(event.jpeg_base64)).isNull()
            waited = 1000 * (time.perf_counter() - self._asked[job_id])
            self._shown[job_id] = (self._shown.get(job_id, (waited, waited))[0], waited)


def _lag(when: str, waits: Waits) -> Row:
    first, last = percentile(waits.first_ms, 50), percentile(waits.last_ms, 50)
    note = (
        f"median of {len(waits.first_ms)} previews to their first picture, longest {max(waits.first_ms):.0f}; "
        f"to the last one, when it is drawn to the end, {last:.0f}"
    )
    return budget_row(f"window: live picture {when}, ms", LAG_MS, first, note)


def _live(previews: Previews, training: Training) -> Iterator[Row]:
    """Dragging and not, in turn."""
    waits, quiet, dragged = Waits(), list[float](), list[float]()
    for _ in range(_ROUNDS):
        since = time.perf_counter()
        settle(_DRAG_S)
        quiet.append(training.rate(since))
        since = time.perf_counter()
        found = previews.drag(_DRAG_S)
        dragged.append(training.rate(since))
        waits.first_ms += found.first_ms
        waits.last_ms += found.last_ms
    yield _lag("while it trains", waits)
    yield _lag("of a new drawing while it trains", previews.draw_anew())
    cost = 100 * (1 - sum(dragged) / sum(quiet))
    alone, beside = sum(quiet) / _ROUNDS, sum(dragged) / _ROUNDS
    note = f"{alone:.2f} steps a second, {beside:.2f} beside {1 / _ASK_EVERY_S:.0f} previews a second"
    yield budget_row("window: cost of live pictures to the job, %", COST_PERCENT, cost, note)


# --- cancelling


def _cancel(project: ProjectModel, training: Training) -> Iterator[Row]:
    since = time.perf_counter()
    settle(_DRAG_S)
    step_ms = 1000 / training.rate(since)
    acknowledged, ended = list[float](), list[float]()
    project.queue.job_progressed.connect(
        lambda view: acknowledged.append(time.perf_counter()) if view.is_cancelling else None
    )
    project.queue.event_received.connect(
        lambda _, event: ended.append(time.perf_counter()) if isinstance(event, Finished) else None
    )
    asked = time.perf_counter()
    project.queue.cancel(training.job_id)
    settle(_PATIENCE_S, until=lambda: bool(ended))
    yield budget_row("window: cancelling is shown, ms", ACKNOWLEDGED_MS, 1000 * (acknowledged[0] - asked))
    yield budget_row("window: cancelled within a step, ms", step_ms, 1000 * (ended[0] - asked))


if __name__ == "__main__":
    print_rows(measure_training())
