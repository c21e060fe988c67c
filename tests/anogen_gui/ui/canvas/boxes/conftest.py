"""Fixtures of the tests of this folder."""

from collections.abc import Callable
from typing import Any

import pytest

from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.theme import ThemeModel
from tests.anogen_gui.ui.canvas.boxes.three_boxes import (
    BOXES,
)
from tests.anogen_gui.ui.canvas.hand import Hand


@pytest.fixture
def canvas(theme_model: ThemeModel, pictures: Pictures, show: Callable[[PhotoView], None]) -> BoxCanvas:
    canvas = BoxCanvas(theme_model, pictures)
    show(canvas)
    canvas.set_boxes(BOXES)
    return canvas


@pytest.fixture
def hand(canvas: BoxCanvas) -> Hand:
    return Hand(canvas)


@pytest.fixture
def told(canvas: BoxCanvas) -> list[tuple[Any, ...]]:
    """What the canvas has told, without what happens during a drag: (signal, values …)."""
    told: list[tuple[Any, ...]] = []
    for name in (
        "box_drawn",
        "boxes_moved",
        "boxes_removed",
        "boxes_copied",
        "boxes_cut",
        "boxes_duplicated",
        "paste_requested",
        "lock_requested",
        "selection_changed",
        "refused",
    ):
        getattr(canvas, name).connect(lambda *values, name=name: told.append((name, *values)))
    return told
