"""What the window and its canvas look like. `--write-snapshots` keeps what they look like now: look at it first.

Where a picture is not as it was, the message says what to look for in it, and where the new one lies.
"""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image, ImageFilter
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.app import App, build
from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.mask_canvas import MaskCanvas
from anogen_gui.ui.canvas.overlays import Overlay
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.targets import CanvasBox
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.heat_pane import HeatFiles, HeatPane
from anogen_gui.ui.inspect.photo_bar import PhotoFacts
from anogen_gui.ui.theme import ThemeModel
from anogen_gui.viewer import build_viewer
from engine.geometry import Box, Size, box_window
from engine.reporting.facts import Bands
from tests.anogen_gui import snapshots
from tests.anogen_gui.drawn_product import (
    BOX,
    HEIGHT,
    WIDTH,
    draw_mask,
    draw_product,
    write_inspected,
    write_project,
)
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.anogen_gui.ui.canvas.hand import Hand
from tests.anogen_gui.ui.inspect.map_files import write_map

COLOR = "#e69f00"
LEVEL = Box(center_x=92, center_y=118, width=50, height=36)
Check = Callable[..., None]


@pytest.fixture
def check(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Fails unless a widget looks as it did in the snapshot of this name; `sources` work in the background for it."""
    writes = request.config.getoption("--write-snapshots", default=False)

    def check(widget: QWidget, name: str, look_for: str, *sources: QObject) -> None:
        actual = snapshots.pixels_of(snapshots.settled(widget, sources))
        if writes:
            snapshots.write(actual, snapshots.FOLDER / f"{name}.png")
            return
        expected = snapshots.read(name)
        told = "there is none" if expected is None else snapshots.difference(expected, actual)
        if told:
            file = tmp_path_factory.mktemp("snapshots") / f"{name}.png"
            snapshots.write(actual, file)
            pytest.fail(f"Snapshot {name}: {told}.\nLook for: {look_for}\nIt looks now as in {file}")

    return check


# --- the canvas


@pytest.fixture
def show(qtbot: QtBot, pictures: Pictures, tmp_path: Path) -> Callable[[PhotoView], None]:
    """Shows the product in a view, twice as large as it is."""

    def show_in(view: PhotoView) -> None:
        file = tmp_path / "product.png"
        draw_product(3).save(file)
        qtbot.addWidget(view)
        view.resize(2 * WIDTH + 32, 2 * HEIGHT + 32)
        view.show()
        with qtbot.waitSignal(view.photo_shown):
            view.show_photo(file)
        view.setFocus()

    return show_in


@pytest.fixture
def canvas(theme_model: ThemeModel, pictures: Pictures, show: Callable[[PhotoView], None]) -> BoxCanvas:
    canvas = BoxCanvas(theme_model, pictures)
    show(canvas)
    canvas.set_boxes(
        [CanvasBox(1, LEVEL, COLOR, "crack", "1"), CanvasBox(2, BOX, "#0072b2", "hole", "2", is_locked=True)]
    )
    return canvas


def test_boxes_that_nobody_works_on(canvas: BoxCanvas, check: Check) -> None:
    check(
        canvas,
        "canvas-idle",
        "two frames in the colours of their classes, each with digit and name; the turned one has a lock, "
        "none has handles",
    )


def test_a_selected_box(canvas: BoxCanvas, check: Check) -> None:
    canvas.set_selection([1])
    check(
        canvas,
        "canvas-selected",
        "eight square handles on the orange frame, and a round one above it on a stem",
    )


def test_a_turned_box(canvas: BoxCanvas, check: Check) -> None:
    turned = msgspec.structs.replace(LEVEL, angle_deg=-35)
    canvas.set_boxes([CanvasBox(1, turned, COLOR, "crack", "1")])
    canvas.set_selection([1])
    check(
        canvas,
        "canvas-turned",
        "frame, handles and stem turned together, a third of a right angle to the left",
    )


def test_a_live_picture_in_its_box(canvas: BoxCanvas, check: Check) -> None:
    window = box_window(BOX, Size(WIDTH, HEIGHT))
    generated = QImage(window.width, window.height, QImage.Format.Format_RGB32)
    generated.fill("#a02040")
    place = (window.left, window.top, window.width, window.height)
    canvas.show_overlay("live", Overlay(generated, place, BOX))
    check(canvas, "canvas-live", "red fills the turned box up to its frame, and nothing outside of it")


def test_a_mask_and_a_polygon(
    theme_model: ThemeModel, pictures: Pictures, show: Callable[[PhotoView], None], check: Check
) -> None:
    canvas = MaskCanvas(theme_model, pictures)
    show(canvas)
    canvas.set_color(COLOR)
    canvas.set_mask_array(np.asarray(draw_mask(3)) > 0)
    canvas.set_tool("polygon")
    hand = Hand(canvas)
    for corner in ((60, 40), (110, 34), (126, 80), (70, 96)):
        hand.click(*corner)
    check(
        canvas,
        "canvas-mask",
        "the mask in see-through orange with a dark outline, and an open polygon of four corners",
    )


# --- a heatmap


@pytest.fixture
def heat_files(tmp_path: Path) -> HeatFiles:
    """A cracked part and a map that finds the crack, and something else."""
    draw_product(3, is_cracked=True).save(tmp_path / "part.png")
    draw_mask(3).save(tmp_path / "mask.png")
    mask = Image.open(tmp_path / "mask.png").convert("L").resize((64, 64)).filter(ImageFilter.GaussianBlur(3))
    y, x = np.mgrid[0:64, 0:64]
    other = 0.45 * np.exp(-((x - 20) ** 2 + (y - 40) ** 2) / 30)
    levels = np.asarray(mask) / max(1, np.asarray(mask).max()) * 0.93 + other
    heat = write_map(tmp_path / "map.png", levels.clip(0, 1))
    return HeatFiles(tmp_path / "part.png", heat, tmp_path / "mask.png")


def test_a_heatmap(
    theme_model: ThemeModel, pictures: Pictures, heat_files: HeatFiles, check: Check, qtbot: QtBot
) -> None:
    maps, outlines = AnomalyMaps(), MaskOutlines()
    pane = HeatPane(theme_model, Icons(theme_model), pictures, maps, outlines)
    qtbot.addWidget(pane)
    pane.resize(1000, 640)
    pane.show_bands(Bands(0.35, 0.6))
    pane.bar.map_outline.setChecked(True)
    pane.bar.truth_outline.setChecked(True)
    pane.show_photo(heat_files, PhotoFacts("part.png", 0.873, "ng", True, "crack", None, "1 of 12"))
    pane.show()
    for theme in ("light", "dark"):
        theme_model.choice = theme  # type: ignore[assignment]
        check(
            pane,
            f"heatmap-{theme}",
            "red along the crack with a white line around it, a dashed one around the true mask, green at the lower "
            "left; the bands beside the scale, the score marked; Rejected, score, truth and three buttons below",
            pictures,
            maps,
            outlines,
        )
    maps.close()
    outlines.close()


def test_viewer_mode(qtbot: QtBot, qapp: QApplication, tmp_path: Path, check: Check) -> None:
    write_inspected(tmp_path / "Drawn product")
    viewer = build_viewer(qapp, ScriptedClient("off"), tmp_path / "Drawn product", tmp_path / "cache")
    page = viewer.window.page
    viewer.window.resize(1040, 640)
    viewer.window.show()
    viewer.window.refresh()
    qtbot.waitUntil(lambda: page.pane.view.is_map_shown, timeout=10_000)
    for theme in ("light", "dark"):
        viewer.theme_model.choice = theme  # type: ignore[assignment]
        check(
            viewer.window,
            f"viewer-{theme}",
            "no rail and no menus; four large buttons count 6, 2, 1 and 3 photos; the most anomalous one is chosen and "
            "rejected; no buttons for an opinion",
            viewer.thumbnails,
            viewer.pictures,
        )
    viewer.close()
    qapp.setStyleSheet("")


# --- the pages


class Window:
    """The whole window on the drawn product, in each theme."""

    def __init__(self, app: App, folder: Path, check: Check) -> None:
        self._app, self._folder, self._check = app, folder, check

    def open(self, key: str, write: Callable[[Path], object] = write_project) -> Any:
        """A page of the project that `write` makes."""
        write(self._folder)
        assert self._app.window.open_project(self._folder)
        self._app.window.stack.show_page(key)
        page = self._app.window.stack.page(key)
        assert page is not None
        return page

    def check(self, name: str, look_for: str, *sources: QObject) -> None:
        for theme in ("light", "dark"):
            self._app.settings.change(theme=theme)
            sources = (*sources, self._app.thumbnails, self._app.pictures)
            self._check(self._app.window, f"{name}-{theme}", look_for, *sources)


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: Check
) -> Iterator[Window]:
    """The engine is off, and nothing says when it was made."""
    monkeypatch.setattr("anogen_gui.ui.curate.facts.local_time", lambda created: "today")
    monkeypatch.setattr("anogen_gui.ui.learn.embedding_list.day_words", lambda created: "today")
    monkeypatch.setattr("anogen_gui.ui.train.run_columns.day_words", lambda created: "today")
    handlers = list(logging.getLogger().handlers)
    app = build(qapp, ScriptedClient("off"))
    app.window.resize(1000, 640)
    app.window.show()
    yield Window(app, tmp_path / "Drawn product", check)
    app.close()
    logging.getLogger().handlers = handlers
    qapp.setStyleSheet("")


def test_start(window: Window) -> None:
    window.check(
        "start", "logo, name and two buttons, above a card that offers the demo; no rail at the left"
    )


def test_photos(window: Window, qtbot: QtBot) -> None:
    window.open("photos")
    window.check(
        "photos",
        "a grid of parts, the cracked ones with their masks; roles in words and icons below; the classes at the right",
    )


def test_learn(window: Window, qtbot: QtBot) -> None:
    window.open("learn")
    window.check(
        "learn",
        "three support photos with ticks above the settings; the falling loss, and a strip of samples over the steps",
    )


def test_place(window: Window, qtbot: QtBot) -> None:
    page = window.open("place")
    qtbot.waitUntil(page.canvas.can_be_edited)
    page.model.select([page.model.boxes()[0].id])
    window.check(
        "place",
        "the turned box on the part with its handles, and its numbers at the right; digit and name above it",
    )


def test_curate(window: Window, qtbot: QtBot) -> None:
    page = window.open("curate")
    page.close_up(True)
    window.check(
        "curate",
        "close-ups of cracks with verdicts in words and icons; the bar says 3 of 8 judged",
        page.outlines,
    )


def test_loupe(window: Window, qtbot: QtBot) -> None:
    page = window.open("curate")
    page.grid.selection.select([page.model.visible[0]])
    page.show_loupe(True)
    window.check(
        "loupe",
        "one sample, large, with a frame around its crack; verdict, stars and facts at the right",
        page.outlines,
    )


def test_train(window: Window, qtbot: QtBot) -> None:
    page = window.open("train")
    window.check(
        "train",
        "the form at the left; a falling loss with a ring at its end, heatmaps below it; the table with two trainings, "
        "of which one is measured",
    )
    page.table.selectAll()
    window.check(
        "train-compared",
        "It helped, in words; five figures with bars at the right of a dashed line, each with a green Helped",
    )


def test_inspect(window: Window, qtbot: QtBot) -> None:
    page = window.open("inspect", write_inspected)
    page.grid.selection.select_only(page.model.visible[2])
    window.check(
        "inspect",
        "six photos by score with verdicts in words and icons; at the right green bars upwards and hatched ones "
        "downwards between two lines, a dashed and a solid one; a table of 1, 1, 2 bad and 2, 0, 0 good photos",
    )


def test_inspected_photo(window: Window, qtbot: QtBot) -> None:
    page = window.open("inspect", write_inspected)
    page.model.go_to(page.model.visible[2])
    page.show_loupe(True)
    qtbot.waitUntil(lambda: page.loupe.view.is_map_shown, timeout=10_000)
    window.check(
        "inspected",
        "one part, large, with its map in colours over it; below it Look again, 0.470, Bad: crack, and three opinions",
    )
