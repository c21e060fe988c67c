"""Ten thousand inspected photos: opening the page Inspect, dragging a line, and more of them that stream in."""

import math
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt

from anogen_gui.app import App
from anogen_gui.ui.inspect.page import InspectPage
from engine.data.images import PhotoFacts, save_png
from engine.geometry import Size
from engine.project import Project
from engine.project.detecting import plan_train
from engine.project.inspections import put_inspection
from engine.project.photos import insert_photo
from engine.protocol import PhotoInspected, TrainSettings
from tests.benchmarks.report import Row
from tests.benchmarks.window.desk import budget_row, open_app, print_rows
from tests.benchmarks.window.frames import Frames, percentile, settle
from tests.benchmarks.window.gestures import press
from tests.engine.reporting.inspected import RUN, record_detector, write_map

OPEN_MS, DRAG_MS, STALL_MS = 300.0, 16.0, 50.0
PHOTOS, _STREAMED = 10_000, 600
_MOVES, _OPENINGS = 120, 3
_BEAT = 5  # results that come at once
_SIDE = 128
_MAP = f"runs/{RUN}/maps/all.png"
_LEFT = Qt.MouseButton.LeftButton


def measure_inspecting() -> Iterator[Row]:
    """One after the other in one window."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "project"
        _make_project(folder)
        with open_app() as app:
            app.window.stack.show_page("photos")
            app.window.open_project(folder)
            settle(0.5)
            yield _opening(app)
            page = app.window.stack.page("inspect")
            assert isinstance(page, InspectPage)
            settle(1.0)
            yield _dragging(page)
            yield _streaming(app, page)


def _opening(app: App) -> Row:
    taken = Frames()
    for _ in range(_OPENINGS):
        taken.take(lambda: app.window.stack.show_page("inspect"), is_single=True)
        app.window.stack.show_page("photos")
    app.window.stack.show_page("inspect")
    computed = f"{taken.cpu_ms[0]:.0f} computed"
    note = f"the first time, with what it loads, {computed}; later {taken.wall_ms[-1]:.0f}"
    return budget_row(f"window: open page Inspect, {PHOTOS} results, ms", OPEN_MS, taken.wall_ms[0], note)


def _dragging(page: InspectPage) -> Row:
    """The line of the reject level is dragged to and fro over all scores: with counts, as a person sees it."""
    plot, frames = page.threshold.plot, Frames()
    grip = plot.place_of("reject")
    press(plot, grip, QEvent.Type.MouseButtonPress, _LEFT)
    for move in range(_MOVES):
        at = QPointF(plot.width() * (0.5 + 0.4 * math.sin(move / 9)), grip.y())
        frames.take(lambda at=at: press(plot, at, QEvent.Type.MouseMove, _LEFT))  # type: ignore[misc]
    released = Frames()
    released.take(lambda: press(plot, grip, QEvent.Type.MouseButtonRelease, _LEFT), is_single=True)
    note = f"{frames.note}; letting go {released.wall_ms[0]:.0f}"
    return budget_row("window: drag the threshold, p95 ms", DRAG_MS, percentile(frames.wall_ms, 95), note)


def _streaming(app: App, page: InspectPage) -> Row:
    """Results that come from the engine, a few at a time, as the queue tells them."""
    project, model, frames = app.studio.project, page.model, Frames()
    assert project is not None
    assert model is not None
    for first in range(0, _STREAMED, _BEAT):
        for number in range(first, first + _BEAT):
            photo = f"/new/{number:05}.png"
            project.project.record(PhotoInspected(run=RUN, photo=photo, score=0.5, map=_MAP))
            model.looking.inspected.emit(RUN, photo)
        frames.take(lambda: None)
    settle(0.5)
    assert len(model.photos()) == PHOTOS + _STREAMED
    computed = f"the longest computed {max(frames.cpu_ms):.0f}"
    note = f"{_STREAMED} results beside {PHOTOS}, {computed}; {frames.note}"
    return budget_row(
        "window: longest stall while results stream in, ms", STALL_MS, max(frames.wall_ms), note
    )


# --- the project


def _make_project(folder: Path) -> None:
    """Test photos, a fifth of them of an anomaly class, which are all the same picture on the disk."""
    chance = np.random.default_rng(0)
    with Project.create(folder) as project:
        project.add_anomaly("scratch")
        job = plan_train(project, TrainSettings(recipe="baseline", side=64, seed=7))
        record_detector(project, job)
        write_map(folder / _MAP, 0.7)
        picture = folder / "photos" / "picture.png"
        save_png(picture, chance.integers(0, 255, (_SIDE, _SIDE, 3), np.uint8))
        with project.catalogue.transaction():
            for number in range(PHOTOS):
                _add(project, picture, number, float(chance.beta(2, 6) + 0.4 * (number % 5 == 0)))
        picture.unlink()
        project.set_bands(project.runs()[0].id, 0.4, 0.6)


def _add(project: Project, picture: Path, number: int, score: float) -> None:
    """A test photo and what the detector says of it."""
    path = f"photos/test/{number:05}.png"
    place = project.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    os.link(picture, place)
    anomaly = project.anomaly("scratch").id if number % 5 == 0 else None
    facts = PhotoFacts(Size(_SIDE, _SIDE), 0)
    insert_photo(
        project.catalogue,
        path=path,
        role="test",
        anomaly_id=anomaly,
        facts=facts,
        sha256=f"{number:064x}",
        mask="",
    )
    put_inspection(project.catalogue, run=RUN, photo=path, score=min(score, 1.0), map_path=_MAP)


if __name__ == "__main__":
    print_rows(measure_inspecting())
