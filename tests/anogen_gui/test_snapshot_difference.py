"""What of two pictures of a window counts as a difference."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.anogen_gui import snapshots


def drawn(button: tuple[int, int] = (300, 200), panel: str = "#eceef4", text: int = 0) -> np.ndarray:
    """A small window: a panel at the right, a button with an outline, and lines of text."""
    image = Image.new("RGB", (640, 400), "#f5f6fa")
    draw = ImageDraw.Draw(image)
    draw.rectangle((480, 0, 640, 400), fill=panel)
    x, y = button
    draw.rounded_rectangle((x, y, x + 96, y + 32), 6, fill="#ffffff", outline="#8a90a0")
    draw.text((x + 20, y + 10), "Learn again", fill="#1c2028")
    for line in range(12):
        draw.text(
            (24 + text, 20 + 14 * line + text), "Place boxes where the anomaly could occur.", fill="#1c2028"
        )
    return np.asarray(image)


def test_the_same_picture_is_alike() -> None:
    assert snapshots.difference(drawn(), drawn()) == ""


def test_text_that_moved_by_a_pixel_is_alike() -> None:
    assert snapshots.difference(drawn(), drawn(text=1)) == ""


def test_softer_edges_are_alike() -> None:
    softer = Image.fromarray(drawn()).filter(ImageFilter.GaussianBlur(0.6))
    assert snapshots.difference(drawn(), np.asarray(softer)) == ""


@pytest.mark.parametrize(
    "changed",
    [
        drawn(button=(316, 200)),
        drawn(button=(300, 240)),
        drawn(panel="#ffffff"),
        drawn(panel="#e4e7f0"),
        drawn()[:, ::-1],
        drawn()[:-1],
    ],
    ids=["button aside", "button below", "panel white", "panel darker", "mirrored", "smaller"],
)
def test_what_moved_or_has_another_color_is_told(changed: np.ndarray) -> None:
    assert snapshots.difference(drawn(), changed)


def test_a_snapshot_tells_the_panels_of_another_theme_color() -> None:
    expected = snapshots.read("photos-light")
    assert expected is not None
    is_panel = (expected == 255).all(axis=2, keepdims=True)
    assert is_panel.mean() > 0.2
    assert snapshots.difference(expected, np.where(is_panel, np.uint8(246), expected))


def test_a_snapshot_tells_a_button_that_moved() -> None:
    expected = snapshots.read("start-light")
    assert expected is not None
    moved = expected.copy()
    moved[306:344, 466:620] = expected[306:344, 450:604]  # “Open project…”
    moved[306:344, 450:466] = expected[300, 450]
    assert snapshots.difference(expected, moved)
