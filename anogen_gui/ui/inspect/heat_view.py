"""A photo with its anomaly map over it."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QCursor, QPainter
from PySide6.QtWidgets import QWidget

from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.ui.canvas.ink import draw_plate
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.picture import draw_image
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.pointer import Pointer
from anogen_gui.ui.canvas.viewport import Viewport
from anogen_gui.ui.inspect.anomaly_map import AnomalyMap
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.contour import joined
from anogen_gui.ui.inspect.heat_lines import HeatLines
from anogen_gui.ui.theme import ThemeModel, space

HeatMode = Literal["both", "photo", "map", "blink"]

USUAL_OPACITY = 0.6  # as in the heatmaps that the engine writes
NO_MAP = "This photo has no anomaly map yet: let the detector look at it."
LOST_MAP = "The anomaly map of this photo is missing or damaged: let the detector look at it again."


class HeatView(PhotoView):
    """Shows photo and map as the mode says; the left button pans.

    Modes: "both", the map over the photo; "photo" and "map", one of them alone; "blink", photo and both in turn.

    Signals:
        value_pointed(value): the map's under the pointer, 0 … 1; None where there is none.
        dismissed(): a double click.
    """

    value_pointed = Signal(object)
    dismissed = Signal()

    def __init__(
        self,
        theme_model: ThemeModel,
        pictures: Pictures,
        maps: AnomalyMaps,
        outlines: MaskOutlines,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme_model, pictures, parent)
        self._maps, self._mask_outlines = maps, outlines
        self._map_file: Path | None = None
        self._map: AnomalyMap | None = None
        self._mask_file: Path | None = None
        self._mode: HeatMode = "both"
        self._opacity = USUAL_OPACITY
        self._lines = HeatLines()
        self._dragged: Pointer | None = None
        maps.found.connect(self._take_map)
        outlines.found.connect(self._take_mask)
        self.setAccessibleName("Heatmap")

    # --- what is shown

    def show_photo(
        self, file: Path | None, map_file: Path | None = None, mask_file: Path | None = None
    ) -> None:
        """Show a photo with its map; `mask_file` tells where it is anomalous in truth."""
        super().show_photo(file)
        self._map_file, self._mask_file = map_file, mask_file
        self._lines.set_truth(())
        self.refresh()

    def refresh(self) -> None:
        """Look at map and mask again: their files may be others now, or there at last."""
        self._take_map(self._map_file)
        self._take_mask(self._mask_file)

    def prefetch(self, files: Sequence[Path], map_files: Sequence[Path] = ()) -> None:
        """Decode the photos and maps that will probably be shown next."""
        super().prefetch(files)
        for file in map_files:
            self._maps.get(file)

    @property
    def mode(self) -> HeatMode:
        return self._mode

    def set_mode(self, mode: HeatMode) -> None:
        self._mode = mode
        self.set_blinking(mode == "blink")

    @property
    def opacity(self) -> float:
        return self._opacity

    def set_opacity(self, opacity: float) -> None:
        """How opaque the map is where it is 1: 0 … 1."""
        self._opacity = opacity
        self.update()

    def set_reject_above(self, level: float | None) -> None:
        """The value above which the map is outlined; None: there is no such value."""
        self._lines.set_level(level)
        self.update()

    def set_outlines(self, of_map: bool, of_truth: bool) -> None:
        """Outline what is above the reject level, and where the photo is anomalous in truth."""
        self._lines.show(of_map, of_truth)
        self._take_mask(self._mask_file)

    @property
    def message(self) -> str:
        """Why there is no map to see; '' where there is one, or it is being decoded."""
        if self.photo_size is None:
            return ""
        if self._map_file is None:
            return NO_MAP
        return LOST_MAP if self._map is not None and self._map.is_null else ""

    @property
    def is_map_shown(self) -> bool:
        """Is it drawn at this moment? Blinking, it is from time to time."""
        if self._map is None or self._map.is_null or self._mode == "photo":
            return False
        return self._overlays.are_visible

    # --- painting

    def paint_above(self, painter: QPainter, viewport: Viewport, exposed: QRect) -> None:
        if self.is_map_shown:
            self._paint_map(painter, viewport)
        if self._overlays.are_visible:
            self._lines.draw(painter, viewport, self.size(), exposed)
        if self.message:
            draw_plate(painter, QPointF(self.width() / 2, space(4)), self.message, self.theme)

    def _paint_map(self, painter: QPainter, viewport: Viewport) -> None:
        assert self._map is not None
        place = QRectF(0, 0, viewport.photo.width, viewport.photo.height)
        is_alone = self._mode == "map"
        painter.setOpacity(1.0 if is_alone else self._opacity)
        image = self._map.opaque if is_alone else self._map.translucent
        draw_image(painter, image, place, viewport, smooth_up_to=math.inf)
        painter.setOpacity(1.0)

    # --- what comes from the background

    def _take_map(self, file: Path | None) -> None:
        if file == self._map_file:
            self._map = None if file is None else self._maps.get(file)
            self._lines.set_map(self._map)
            self._tell_value(self.pointer)
            self.update()

    def _take_mask(self, file: Path | None) -> None:
        if file is not None and file == self._mask_file and self._lines.shows_truth:
            self._lines.set_truth(joined(self._mask_outlines.get(file) or ()))
        self.update()

    # --- mouse

    def hovered(self, pointer: Pointer | None) -> None:
        self._tell_value(pointer)

    def _tell_value(self, pointer: Pointer | None) -> None:
        size, value = self.photo_size, None
        if pointer is not None and size is not None and self._map is not None and not self._map.is_null:
            value = self._map.value_at(pointer.x / size.width, pointer.y / size.height)
        self.value_pointed.emit(value)

    def pressed(self, pointer: Pointer) -> None:
        self._dragged = pointer

    def dragged(self, pointer: Pointer) -> None:
        assert self._dragged is not None
        self.pan(pointer.view_x - self._dragged.view_x, pointer.view_y - self._dragged.view_y)
        self._dragged = pointer

    def released(self, pointer: Pointer) -> None:
        self._dragged = None

    def double_clicked(self, pointer: Pointer) -> None:
        self.pressed(pointer)
        self.dismissed.emit()

    def cursor_here(self) -> QCursor | Qt.CursorShape:
        return Qt.CursorShape.OpenHandCursor if self._dragged is None else Qt.CursorShape.ClosedHandCursor
