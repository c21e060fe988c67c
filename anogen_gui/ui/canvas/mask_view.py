"""A mask over a photo."""

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.canvas.mask_painter import draw_mask, to_view
from anogen_gui.ui.canvas.mask_pixels import MaskChange, MaskPixels
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.viewport import Viewport
from anogen_gui.ui.theme import ThemeModel

_SEAM = 3.0  # logical pixels around what changed
_OPACITY = 0.45


class MaskView(PhotoView):
    """Shows the mask of the photo, tinted and outlined; every photo begins with an empty one."""

    def __init__(self, theme_model: ThemeModel, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(theme_model, pictures, parent)
        self.pixels: MaskPixels | None = None
        self._color = ""
        self.opacity = _OPACITY

    def mask_array(self) -> np.ndarray | None:
        """A copy: (H, W) bool, true on the anomaly; None while no photo is shown."""
        return self.pixels.array() if self.pixels is not None else None

    def set_mask_array(self, mask: np.ndarray | None) -> None:
        """Show a mask, (H, W) bool at the photo's size, or an empty one; tells nobody.

        Raises:
            ValueError: no photo is shown, or it has another size.
        """
        if self.pixels is None:
            raise ValueError("There is no photo yet.")
        self.pixels.clear() if mask is None else self.pixels.set_array(mask)
        self.update()

    def apply(self, change: MaskChange) -> None:
        """Make a change, again."""
        self._put(change.rect, change.pixels_after())

    def revert(self, change: MaskChange) -> None:
        """Take a change back."""
        self._put(change.rect, change.pixels_before())

    def set_color(self, color: str) -> None:
        """The colour of the anomaly class, `#rrggbb`."""
        self._color = color
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """How much of the photo the tint hides, 0 … 1; the outline stays."""
        self.opacity = opacity
        self.update()

    @property
    def color(self) -> QColor:
        return QColor(self._color or self.theme.accent)

    def paint_above(self, painter: QPainter, viewport: Viewport, exposed: QRect) -> None:
        if self.pixels is not None:
            draw_mask(painter, self.pixels, self.color, self.opacity, viewport, exposed)

    def show_changed(self, rect: QRect) -> None:
        """Paint the part of the view in which these pixels of the mask are seen."""
        self.update(to_view(rect, self.viewport, _SEAM))

    def _put(self, rect: QRect, pixels: np.ndarray) -> None:
        if self.pixels is not None:
            self.show_changed(self.pixels.put(rect, pixels))

    def begin_photo(self) -> None:
        self.pixels = MaskPixels(self.photo_size) if self.photo_size is not None else None
