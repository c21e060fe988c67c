import cv2
import numpy as np
import pytest

from engine.data.crops import cut
from engine.diffusion.compositing import Fill, box_at_side, paste
from engine.diffusion.details import with_details
from engine.geometry import Box, Window

SIDE, SCALE = 64, 4
PHOTO_SIDE = SIDE * SCALE
WINDOW = Window(0, 0, PHOTO_SIDE, PHOTO_SIDE)
BOX = Box.from_bounds(100, 100, 160, 160)
INNER = slice(112, 148), slice(112, 148)


def grainy(seed: int = 0, level: float = 120.0) -> np.ndarray:
    """(256, 256, 3) uint8: grain of single pixels around one level."""
    grain = np.random.default_rng(seed).normal(0, 25, (PHOTO_SIDE, PHOTO_SIDE, 1))
    return np.clip(level + grain, 0, 255).repeat(3, axis=2).astype(np.uint8)


def returned(photo: np.ndarray) -> np.ndarray:
    """What a backbone of 64 pixels makes of the photo."""
    return cut(photo, WINDOW, SIDE).astype(np.float32)


def grain_of(picture: np.ndarray) -> float:
    """The deviation of what is finer than four pixels."""
    levels = picture[INNER].astype(np.float32)
    return float((levels - cv2.blur(levels, (5, 5))).std())


def shifted(photo: np.ndarray, change: float) -> Fill:
    reference = returned(photo)
    return Fill(reference + np.float32(change), reference)


def test_what_was_drawn_gets_the_grain_of_the_photo_around_it() -> None:
    photo = grainy()
    flat = returned(photo)
    flat[box_at_side(BOX, WINDOW, SIDE)] = 120  # nothing of the photo's own pixels in the box is left
    soft = Fill(flat, returned(photo))
    fine = with_details(soft, photo, BOX, WINDOW)
    assert fine.generated.shape == (PHOTO_SIDE, PHOTO_SIDE, 3)
    assert fine.scale == SCALE
    assert grain_of(cv2.resize(soft.generated, (PHOTO_SIDE, PHOTO_SIDE))) < 2
    assert grain_of(fine.generated) == pytest.approx(grain_of(photo), rel=0.35)


def test_details_are_no_part_of_the_change() -> None:
    photo = grainy()
    fill = shifted(photo, 60.0)
    change = with_details(fill, photo, BOX, WINDOW).change[INNER]
    np.testing.assert_allclose(change, 60.0, atol=12)  # no grain of ± 25: only colours that are alike


def test_what_is_like_nothing_around_keeps_its_colour() -> None:
    """A bright anomaly on a dark part is not taken back."""
    photo = grainy(level=60.0)
    fine = with_details(shifted(photo, 150.0), photo, BOX, WINDOW)
    assert fine.generated[INNER].mean() == pytest.approx(210, abs=8)


def test_what_is_nearly_like_something_around_becomes_that() -> None:
    """A fill that is two levels too bright for the part gets the part's own level."""
    rng = np.random.default_rng(3)
    coarse = cv2.resize(rng.normal(120, 20, (16, 16, 1)), (PHOTO_SIDE, PHOTO_SIDE))[..., None].repeat(3, 2)
    photo = coarse.clip(0, 255).astype(np.uint8)
    fine = with_details(shifted(photo, 2.0), photo, BOX, WINDOW)
    known = photo[:96].reshape(-1, 3)
    assert known.min() - 3 <= fine.generated[INNER].min() <= fine.generated[INNER].max() <= known.max() + 3


def test_nothing_of_the_box_itself_or_of_other_boxes_is_an_example() -> None:
    """What the photo shows in the boxes now does not matter to what is drawn."""
    photo, other = grainy(), Box.from_bounds(20, 20, 60, 60)
    fill = shifted(photo, 40.0)
    marked = photo.copy()
    marked[100:160, 100:160] = marked[20:60, 20:60] = (255, 0, 255)
    expected = with_details(fill, photo, BOX, WINDOW, [other])
    np.testing.assert_array_equal(
        with_details(fill, marked, BOX, WINDOW, [other]).generated[INNER], expected.generated[INNER]
    )
    assert (with_details(fill, marked, BOX, WINDOW).generated[INNER] != expected.generated[INNER]).any()


def test_a_box_that_leaves_nothing_of_the_photo_keeps_its_fill() -> None:
    photo = grainy()
    fill = shifted(photo, 40.0)
    assert with_details(fill, photo, Box.from_bounds(0, 0, PHOTO_SIDE, PHOTO_SIDE), WINDOW) is fill


def test_a_photo_as_coarse_as_the_backbone_keeps_its_size() -> None:
    photo = cv2.resize(grainy(), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    window = Window(0, 0, SIDE, SIDE)
    reference = photo.astype(np.float32)
    fine = with_details(Fill(reference, reference), photo, Box.from_bounds(24, 24, 40, 40), window)
    assert (fine.scale, fine.generated.shape) == (1, (SIDE, SIDE, 3))


def test_a_huge_crop_is_made_no_finer_than_eight_times() -> None:
    photo = np.zeros((20 * SIDE, 20 * SIDE, 3), np.uint8)
    window = Window(0, 0, 20 * SIDE, 20 * SIDE)
    reference = np.zeros((SIDE, SIDE, 3), np.float32)
    fine = with_details(Fill(reference + 50, reference), photo, Box.from_bounds(500, 500, 700, 700), window)
    assert (fine.scale, fine.generated.shape) == (8, (8 * SIDE, 8 * SIDE, 3))


def test_pixels_outside_the_box_stay_the_photos_own() -> None:
    photo = grainy()
    image = photo.copy()
    fine = with_details(shifted(photo, 90.0), photo, BOX, WINDOW)
    touched = paste(image, BOX, WINDOW, fine, 0.15, is_grey=True)
    outside = np.ones(photo.shape[:2], bool)
    outside[100:160, 100:160] = ~touched
    np.testing.assert_array_equal(image[outside], photo[outside])
    assert (image[INNER] != photo[INNER]).mean() > 0.9
