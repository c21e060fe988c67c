"""Maps in their colours: the ones that the engine's heatmaps have."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from anogen_gui.ui.inspect.heat_view import USUAL_OPACITY
from anogen_gui.ui.inspect.map_colours import colour_of, opaque, translucent
from engine.colour_scale import colours, overlay
from tests.anogen_gui.snapshots import pixels_of

LEVELS = np.linspace(0, 65535, 240).astype(np.uint16).reshape(12, 20)
VALUES = LEVELS / 65535


def test_a_map_alone_has_the_colours_of_the_engine() -> None:
    np.testing.assert_array_equal(pixels_of(opaque(LEVELS)), colours(VALUES))


def test_a_map_over_a_photo_looks_as_the_engine_draws_it() -> None:
    ground = QImage(20, 12, QImage.Format.Format_RGB32)
    ground.fill("#6080a0")
    photo = pixels_of(ground)
    painter = QPainter(ground)
    painter.setOpacity(USUAL_OPACITY)
    painter.drawImage(0, 0, translucent(LEVELS))
    painter.end()
    np.testing.assert_allclose(pixels_of(ground).astype(int), overlay(photo, VALUES).astype(int), atol=2)


@pytest.mark.parametrize(("value", "inside"), [(-3.0, 0.0), (0.5, 0.5), (7.0, 1.0)])
def test_a_value_beyond_the_scale_has_the_colour_of_its_end(value: float, inside: float) -> None:
    expected = colours(np.array([[inside]]))[0, 0].tolist()
    assert list(colour_of(value).getRgb())[:3] == expected
