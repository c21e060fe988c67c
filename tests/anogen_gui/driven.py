"""The real window on a project, at work by itself: `python -m tests.anogen_gui.driven PROJECT SEED`.

Each decision is written to stdout as a JSON line as soon as the window has made it, and not before.
"""

import json
import os
import random
import sys
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from anogen_gui.app import App, build
from anogen_gui.engine_client import EngineClient
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.project_model import ProjectModel
from engine.geometry import Box
from engine.project import QueuedJob
from engine.project.planning import plan_generate
from engine.protocol import Event, GenerateSettings, SampleWritten
from engine.reporting.facts import Bands

QUICK_ENGINE = (sys.executable, "-m", "tests.anogen_gui.quick_engine")
_EVERY_MS = 4


def tell(**facts: Any) -> None:
    """One line, in one piece, at once."""
    os.write(1, json.dumps(facts).encode() + b"\n")


class Worker:
    """Draws boxes, judges samples, orders new ones, says what photos are and moves the threshold, at random."""

    def __init__(self, project: ProjectModel, seed: int) -> None:
        self._project, self._random = project, random.Random(seed)
        self._goods = project.photos.of_role("good")
        self._inspecting = Inspecting(project)
        project.queue.event_received.connect(self._take)
        project.queue.resume()

    def act(self) -> None:
        """Make one decision."""
        actions = (
            self._draw,
            self._draw,
            self._move,
            self._remove,
            self._judge,
            self._judge,
            self._star,
            self._order,
            self._speak,
            self._set_bands,
        )
        self._random.choice(actions)()

    def _draw(self) -> None:
        photo = self._random.choice(self._goods)
        box = Box(center_x=self._random.uniform(10, 50), center_y=30, width=12, height=9)
        for box_id in self._project.boxes.add(photo.id, "scratch", [box]):
            tell(box=box_id, x=box.center_x)

    def _move(self) -> None:
        placed = self._any_box()
        if placed is not None:
            moved = placed.box.moved(self._random.uniform(-3, 3), 0)
            if self._project.boxes.change({placed.id: moved}):
                tell(box=placed.id, x=moved.center_x)

    def _remove(self) -> None:
        placed = self._any_box()
        if placed is not None and self._project.boxes.remove([placed.id]):
            tell(box=placed.id, x=None)

    def _judge(self) -> None:
        samples = self._project.samples.all()
        if samples:
            sample, verdict = self._random.choice(samples), self._random.choice(("accepted", "rejected"))
            if self._project.samples.set_verdict([sample.id], verdict):
                tell(sample=sample.path, verdict=verdict)

    def _star(self) -> None:
        samples = self._project.samples.all()
        if samples:
            sample, stars = self._random.choice(samples), self._random.randint(0, 5)
            if self._project.samples.set_stars([sample.id], stars):
                tell(sample=sample.path, stars=stars)

    def _order(self) -> None:
        if sum(job.state in ("queued", "running") for job in self._project.queue.jobs()) < 3:
            settings = GenerateSettings(count=4, seed=self._random.randrange(10**6))
            job = self._project.queue.enqueue(
                plan_generate(self._project.project, "scratch", settings=settings)
            )
            tell(job=job)

    def _speak(self) -> None:
        photo = self._random.choice(self._inspecting.visible)
        opinion = self._random.choice((True, False, None))
        if self._inspecting.set_opinion([photo], opinion):
            tell(photo=photo, opinion=opinion)

    def _set_bands(self) -> None:
        again, reject = sorted((self._random.random(), self._random.random()))
        if self._inspecting.set_bands(Bands(again, reject)):
            tell(bands=[again, reject])

    def _take(self, row: QueuedJob, event: Event) -> None:
        if isinstance(event, SampleWritten):
            tell(written=event.image, by=row.id)

    def _any_box(self) -> Any:
        placed = [box for photo in self._goods for box in self._project.boxes.on(photo.path)]
        return self._random.choice(placed) if placed else None


def run(app: App, folder: str, seed: int) -> Worker:
    """Open the project and work on it for ever, as long as the worker is held."""
    app.window.show()
    assert app.window.open_project(folder)  # type: ignore[arg-type]
    assert app.studio.project is not None
    app.window.stack.show_page("curate")
    worker = Worker(app.studio.project, seed)
    timer = QTimer(app.window, interval=_EVERY_MS)
    timer.timeout.connect(worker.act)
    app.studio.engine.engine_described.connect(lambda *_: tell(engine=True))
    timer.start()
    tell(ready=True)
    return worker


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    built = build(application, EngineClient(QUICK_ENGINE))
    held = run(built, sys.argv[1], int(sys.argv[2]))
    application.exec()
