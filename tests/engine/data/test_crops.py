import numpy as np
import pytest

from engine.data.crops import cut, paste_back
from engine.geometry import Window


def ramp(height: int, width: int) -> np.ndarray:
    """Smooth in both directions, another one in each channel: (height, width, 3) uint8."""
    y, x = np.mgrid[:height, :width]
    return np.stack([60 + x, 60 + y, 100 + x // 2 + y // 2], axis=-1).astype(np.uint8)


def test_a_window_at_the_network_s_size_is_cut_exactly() -> None:
    photo = ramp(60, 80)
    crop = cut(photo, Window(10, 20, 32, 32), 32)
    np.testing.assert_array_equal(crop, photo[20:52, 10:42])
    crop[:] = 0
    assert photo[20:52, 10:42].any()


def test_a_window_that_is_not_square_is_padded_by_reflection() -> None:
    photo = ramp(20, 64)
    crop = cut(photo, Window(0, 0, 64, 20), 64)
    assert crop.shape == (64, 64, 3)
    np.testing.assert_array_equal(crop[:20], photo)
    np.testing.assert_array_equal(crop[20:40], photo[::-1])


def test_shrinking_averages() -> None:
    board = (np.indices((64, 64)).sum(axis=0) % 2 * 200).astype(np.uint8)
    np.testing.assert_array_equal(cut(board, Window(0, 0, 64, 64), 32), np.full((32, 32), 100))


@pytest.mark.parametrize("channels", [(), (3,)])
def test_growing_keeps_what_is_smooth(channels: tuple[int, ...]) -> None:
    photo = np.full((16, 16, *channels), 90, np.uint8)
    grown = cut(photo, Window(0, 0, 16, 16), 48)
    assert grown.shape == (48, 48, *channels)
    assert (grown == 90).all()


@pytest.mark.parametrize(
    "window", [Window(8, 4, 32, 32), Window(0, 0, 100, 40), Window(3, 5, 20, 20), Window(0, 0, 100, 70)]
)
def test_paste_back_undoes_cut(window: Window) -> None:
    photo = ramp(70, 100)
    small = cut(photo, window, 32).astype(np.float32)
    back = paste_back(small, window)
    assert back.shape == (window.height, window.width, 3)
    original = photo[window.slices()].astype(np.float32)
    inner = slice(4, -4)
    assert np.abs(back - original)[inner, inner].max() <= 2.5
