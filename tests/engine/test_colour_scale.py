"""The colours of anomaly maps."""

import cv2
import numpy as np

from engine.colour_scale import COLOURS, colours, overlay


def test_the_scale_is_the_one_that_other_programs_call_turbo() -> None:
    levels = np.arange(256, dtype=np.uint8)[None]
    theirs = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_TURBO), cv2.COLOR_BGR2RGB)
    np.testing.assert_array_equal(COLOURS, theirs[0])


def test_a_colour_means_the_same_whatever_else_is_on_the_map() -> None:
    alone, beside = colours(np.full((1, 1), 0.25)), colours(np.array([[0.0, 0.25, 1.0]]))
    np.testing.assert_array_equal(alone[0, 0], beside[0, 1])
    np.testing.assert_array_equal(colours(np.array([[-1.0, 2.0]])), COLOURS[[[0, 255]]])


def test_nothing_lies_over_a_photo_where_the_map_is_zero() -> None:
    photo = np.full((2, 2, 3), 200, np.uint8)
    mixed = overlay(photo, np.array([[0.0, 1.0], [0.0, 0.25]]))
    assert (mixed[:, 0] == 200).all()
    np.testing.assert_array_equal(mixed[0, 1], np.rint(200 + 0.6 * (COLOURS[255].astype(float) - 200)))
    np.testing.assert_array_equal(mixed[1, 1], np.rint(200 + 0.3 * (COLOURS[64].astype(float) - 200)))
