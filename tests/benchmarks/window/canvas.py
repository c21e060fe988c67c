"""Frames of panning and zooming on a photo of 12 megapixels with 200 boxes."""

import gc
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication

from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.targets import CanvasBox
from anogen_gui.ui.theme import ThemeModel
from engine.geometry import Box
from tests.benchmarks.report import Row
from tests.benchmarks.window.desk import budget_row, print_rows
from tests.benchmarks.window.frames import Frames, percentile, settle
from tests.benchmarks.window.gestures import press, turn_wheel
from tests.benchmarks.window.project import write_large_photos

BUDGET_MS = 10.0
_SIZES = ((1280, 800), (2560, 1440))
_BOXES, _FRAMES = 200, 120
_COLORS = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7")


def measure_canvas() -> Iterator[Row]:
    """By mouse events, as a person would: the middle button pans at three zooms, the wheel zooms in and out."""
    with TemporaryDirectory() as temporary:
        (photo,) = write_large_photos(Path(temporary))
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        pictures = Pictures()
        canvas = _shown(application, pictures, photo)
        gc.freeze()  # as the window does
        for what, moved in (("pan", _pan), ("zoom", _zoom)):
            yield _row(what, [_at_size(canvas, size, moved) for size in _SIZES])
        canvas.close()
        pictures.close()


def _row(what: str, measured: list[Frames]) -> Row:
    small, large = measured
    note = f"{small.note}; at 2560×1440 p95 {percentile(large.wall_ms, 95):.1f}, {large.note}"
    return budget_row(
        f"window: {what} 12 MP with 200 boxes, p95 ms", BUDGET_MS, percentile(small.wall_ms, 95), note
    )


def _shown(application: QApplication, pictures: Pictures, photo: Path) -> BoxCanvas:
    canvas = BoxCanvas(ThemeModel(application, "light"), pictures)
    canvas.show()
    canvas.show_photo(photo)
    settle(30, until=lambda: canvas.photo_size is not None)
    canvas.set_boxes(_boxes())
    return canvas


def _boxes() -> list[CanvasBox]:
    chance = random.Random(0)
    return [
        CanvasBox(
            number,
            Box(
                center_x=chance.uniform(100, 3900), center_y=chance.uniform(100, 2900),
                width=chance.uniform(40, 300), height=chance.uniform(40, 300),
                angle_deg=chance.choice((0.0, chance.uniform(-90, 90))),
            ),
            _COLORS[number % len(_COLORS)],
            "scratch",
            str(1 + number % len(_COLORS)),
        )
        for number in range(_BOXES)
    ]  # fmt: skip


def _at_size(canvas: BoxCanvas, size: tuple[int, int], moved: Callable[[BoxCanvas], Frames]) -> Frames:
    canvas.resize(*size)
    canvas.fit()
    settle(0.1)
    return moved(canvas)


def _pan(canvas: BoxCanvas) -> Frames:
    """Circles of the mouse at the zoom that fits the photo, at 100 % and at 250 %."""
    frames = Frames()
    for zoom in (None, 1.0, 2.5):
        canvas.fit() if zoom is None else canvas.zoom_to(zoom)
        settle()
        center = QPointF(canvas.width() / 2, canvas.height() / 2)
        press(canvas, center, QEvent.Type.MouseButtonPress)
        for step in range(_FRAMES):
            angle = 2 * math.pi * step / 40
            at = center + QPointF(160 * math.sin(angle), 120 * math.sin(2 * angle))
            frames.take(lambda at=at: press(canvas, at, QEvent.Type.MouseMove))  # type: ignore[misc]
        press(canvas, center, QEvent.Type.MouseButtonRelease)
    return frames


def _zoom(canvas: BoxCanvas) -> Frames:
    """The wheel, some notches in and as many out again, in quarters as touchpads send them."""
    frames = Frames()
    for step in range(2 * _FRAMES):
        delta = 30 if step % _FRAMES < _FRAMES / 2 else -30
        frames.take(lambda delta=delta: turn_wheel(canvas, delta))  # type: ignore[misc]
    return frames


if __name__ == "__main__":
    print_rows(measure_canvas())
