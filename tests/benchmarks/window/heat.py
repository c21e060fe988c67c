"""An anomaly map over a photo of 12 megapixels: its opacity slider, and the next photo of those inspected."""

import gc
import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtWidgets import QApplication

from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.heat_pane import HeatFiles, HeatPane
from anogen_gui.ui.inspect.photo_bar import PhotoFacts
from anogen_gui.ui.theme import ThemeModel
from engine.reporting.facts import Bands
from tests.anogen_gui.ui.inspect.map_files import write_map
from tests.benchmarks.report import Row
from tests.benchmarks.window.desk import budget_row, print_rows
from tests.benchmarks.window.frames import Frames, percentile, settle
from tests.benchmarks.window.project import write_large_photos

SLIDER_MS, NEXT_MS = 16.0, 100.0
_SIZES = ((1280, 800), (2560, 1440))
_PHOTOS, _ROUNDS, _MOVES = 4, 3, 120
_SIDE = 256  # of a map
_PATIENCE_S = 30


def measure_heat() -> Iterator[Row]:
    """By the slider itself, with both outlines shown; and there and back among photos decoded beforehand."""
    with TemporaryDirectory() as temporary:
        files = _files(Path(temporary))
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        theme_model = ThemeModel(application, "light")
        pictures, maps, outlines = Pictures(), AnomalyMaps(), MaskOutlines()
        pane = HeatPane(theme_model, Icons(theme_model), pictures, maps, outlines)
        pane.show_bands(Bands(0.4, 0.6))
        pane.bar.map_outline.setChecked(True)
        pane.show()
        _show(pane, files[0])
        gc.freeze()  # as the window does
        yield _slider_row([_slide(pane, size) for size in _SIZES])
        frames = _next(pane, files, pictures, maps)
        yield budget_row(
            "window: next inspected photo, p95 ms", NEXT_MS, percentile(frames.wall_ms, 95), frames.note
        )
        pane.close()
        for source in (pictures, maps, outlines):
            source.close()


def _slider_row(measured: list[Frames]) -> Row:
    small, large = measured
    note = f"{small.note}; at 2560×1440 p95 {percentile(large.wall_ms, 95):.1f}, {large.note}"
    return budget_row("window: opacity of a map, p95 ms", SLIDER_MS, percentile(small.wall_ms, 95), note)


def _slide(pane: HeatPane, size: tuple[int, int]) -> Frames:
    pane.resize(*size)
    settle(0.2)
    frames = Frames()
    for move in range(_MOVES):
        percent = round(50 + 50 * math.sin(move / 7))
        frames.take(lambda percent=percent: pane.bar.opacity.setValue(percent))  # type: ignore[misc]
    return frames


def _next(pane: HeatPane, files: list[HeatFiles], pictures: Pictures, maps: AnomalyMaps) -> Frames:
    pane.resize(*_SIZES[0])
    pane.prefetch(files)
    settle(_PATIENCE_S, until=lambda: all(_is_there(each, pictures, maps) for each in files))
    frames = Frames()
    for each in (files[1:] + files[:-1][::-1]) * _ROUNDS:
        frames.take(lambda each=each: _show(pane, each), is_single=True)  # type: ignore[misc]
    return frames


def _is_there(files: HeatFiles, pictures: Pictures, maps: AnomalyMaps) -> bool:
    assert files.heat is not None
    return pictures.get(files.photo) is not None and maps.get(files.heat) is not None


def _show(pane: HeatPane, files: HeatFiles) -> None:
    """Returns when photo and map are there."""
    pane.show_photo(files, PhotoFacts(files.photo.name, 0.7, "ng"))
    view = pane.view
    settle(_PATIENCE_S, until=lambda: view.photo_size is not None and view.is_map_shown)


def _files(folder: Path) -> list[HeatFiles]:
    """Large photos, each with a map on which there are some spots and noise."""
    chance = np.random.default_rng(0)
    y, x = np.mgrid[0:_SIDE, 0:_SIDE]
    result = []
    for number, photo in enumerate(write_large_photos(folder, _PHOTOS)):
        values = chance.random((_SIDE, _SIDE)) * 0.1
        for _ in range(12):
            (left, top), width = chance.integers(0, _SIDE, 2).tolist(), chance.uniform(20, 400)
            values += np.exp(-((x - left) ** 2 + (y - top) ** 2) / width)
        result.append(HeatFiles(photo, write_map(folder / f"map{number}.png", values.clip(0, 1))))
    return result


if __name__ == "__main__":
    print_rows(measure_heat())
