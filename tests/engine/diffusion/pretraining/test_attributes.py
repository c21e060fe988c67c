"""How defects look, on pictures whose every change is worked out by hand."""

import numpy as np
import pytest

from engine.diffusion.pretraining.attributes import (
    BRIGHT,
    DARK,
    SHADED,
    Attributes,
    measure_attributes,
)

MASK = np.zeros((8, 8), np.uint8)
MASK[2:6, 2:6] = 1
GREY = (128, 128, 128)


def plain(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((8, 8, 3), colour, np.uint8)


def look(seen: tuple[int, int, int], ground: tuple[int, int, int] = GREY) -> Attributes:
    """Of an even defect on an even surface."""
    image = plain(ground)
    image[MASK == 1] = seen
    return measure_attributes(image, plain(ground), MASK)


@pytest.mark.parametrize(
    ("levels", "strength"),
    # 0.10, 0.16 and 0.26 of 255 are 25.5, 40.8 and 66.3 levels
    [(25, "faint"), (26, "clear"), (40, "clear"), (41, "strong"), (66, "strong"), (67, "stark")],
)
def test_the_strength_is_how_much_changed(levels: int, strength: str) -> None:
    darker = tuple(level - levels for level in GREY)
    brighter = tuple(level + levels for level in GREY)
    assert look(darker) == Attributes(strength, DARK, "")
    assert look(brighter) == Attributes(strength, BRIGHT, "")


@pytest.mark.parametrize(("rows", "tone"), [(1, DARK), (2, SHADED), (3, BRIGHT)])
def test_light_and_dark_that_nearly_cancel_are_shaded(rows: int, tone: str) -> None:
    """By 50 levels everywhere: 1 row of 4 brighter leans by half of the change, 2 rows by nothing."""
    image = plain(GREY)
    image[2:6, 2:6] = 128 - 50
    image[2 : 2 + rows, 2:6] = 128 + 50
    assert measure_attributes(image, plain(GREY), MASK) == Attributes("strong", tone, "")


@pytest.mark.parametrize(
    ("seen", "cast"),
    [
        ((190, 100, 100), "reddish"),  # hue 0°
        ((190, 150, 100), "brownish"),  # 33°
        ((170, 170, 90), "yellowish"),  # 60°
        ((90, 170, 90), "greenish"),  # 120°
        ((90, 170, 170), "greenish"),  # 180°
        ((90, 90, 190), "bluish"),  # 240°
        ((170, 90, 170), "purplish"),  # 300°
        ((190, 100, 115), "reddish"),  # 350°
        ((120, 130, 125), ""),
    ],
)
def test_a_cast_is_told_by_its_hue(seen: tuple[int, int, int], cast: str) -> None:
    assert look(seen).cast == cast


def test_a_shadow_on_a_coloured_surface_is_no_cast() -> None:
    """A black crack in red plastic is not greenish, though less red."""
    assert look((40, 10, 10), (200, 50, 50)) == Attributes("stark", DARK, "")


def test_whatever_bleaches_a_coloured_surface_casts_the_opposite() -> None:
    assert look((200, 200, 200), (200, 50, 50)).cast == "greenish"


def test_what_lies_outside_the_mask_does_not_count() -> None:
    image = plain(GREY)
    image[MASK == 1] = 100
    image[MASK == 0] = 255
    assert measure_attributes(image, plain(GREY), MASK) == Attributes("clear", DARK, "")


def test_nothing_is_said_of_an_empty_mask() -> None:
    with pytest.raises(ValueError, match="without a mask"):
        measure_attributes(plain(GREY), plain(GREY), np.zeros((8, 8), np.uint8))
