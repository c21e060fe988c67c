"""The lines on a heatmap: around what is above a level of its map, and around what is anomalous in truth."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from anogen_gui.ui.canvas.ink import LIGHT, halo_pen, line_pen
from anogen_gui.ui.canvas.still_layer import StillLayer
from anogen_gui.ui.canvas.viewport import Viewport
from anogen_gui.ui.inspect.anomaly_map import AnomalyMap

_TRUTH_COLOR = QColor("#7df9ff")  # on no place of the scale beside which it could not be told apart
_WIDTH, _HALO_WIDTH = 1.75, 4.0


class HeatLines:
    """Those of one photo; of its map they are only looked for where they are to be seen."""

    def __init__(self) -> None:
        self._layer = StillLayer(is_opaque=False)
        self._map: AnomalyMap | None = None
        self._level: float | None = None
        self._outline: Sequence[QPolygonF] = ()
        self._truth: Sequence[QPolygonF] = ()
        self._shows_map, self._shows_truth = False, False
        self._changes = 0

    @property
    def shows_truth(self) -> bool:
        return self._shows_truth

    def show(self, of_map: bool, of_truth: bool) -> None:
        """Which of them are drawn."""
        self._shows_map, self._shows_truth = of_map, of_truth
        self._find_outline()

    def set_map(self, found: AnomalyMap | None) -> None:
        """None, and one that cannot be read, has no outline."""
        self._map = found
        self._find_outline()

    def set_level(self, level: float | None) -> None:
        """The value above which the map is outlined; None: there is no such value."""
        if level != self._level:
            self._level = level
            self._find_outline()

    def set_truth(self, lines: Sequence[QPolygonF]) -> None:
        """Lines in the photo's pixels."""
        self._truth = lines
        self._changes += 1

    def draw(self, painter: QPainter, viewport: Viewport, size: QSize, exposed: QRect) -> None:
        """Draw those that are wanted on a widget of this size."""
        if self._shows_map or self._shows_truth:
            key = (viewport, self._changes)
            self._layer.draw(
                painter, key, size, viewport.ratio, exposed, lambda on: self._paint(on, viewport)
            )

    def _find_outline(self) -> None:
        self._outline = ()
        if self._shows_map and self._level is not None and self._map is not None and not self._map.is_null:
            self._outline = self._map.outline(self._level)
        self._changes += 1

    def _paint(self, painter: QPainter, viewport: Viewport) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._shows_truth:
            _paint_lines(painter, viewport, self._truth, (1.0, 1.0), is_truth=True)
        if self._outline and self._map is not None:
            width, height = self._map.size
            scale = viewport.photo.width / width, viewport.photo.height / height
            _paint_lines(painter, viewport, self._outline, scale, is_truth=False)


def _paint_lines(
    painter: QPainter,
    viewport: Viewport,
    lines: Sequence[QPolygonF],
    scale: tuple[float, float],
    is_truth: bool,
) -> None:
    """Lines whose unit is `scale` photo pixels, the true ones dashed."""
    painter.save()
    painter.translate(*viewport.to_view(0, 0))
    painter.scale(viewport.scale * scale[0], viewport.scale * scale[1])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    style = Qt.PenStyle.DashLine if is_truth else Qt.PenStyle.SolidLine
    color = _TRUTH_COLOR if is_truth else LIGHT
    for pen in (halo_pen(_HALO_WIDTH), line_pen(color, _WIDTH, style)):
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for line in lines:
            painter.drawPolyline(line)
    painter.restore()
