"""Pictures that lie over parts of the photo: what was generated in its boxes."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPolygonF

from anogen_gui.ui.canvas.picture import draw_image
from anogen_gui.ui.canvas.viewport import Viewport
from engine.geometry import Box


@dataclass(frozen=True)
class Overlay:
    """A picture over the photo.

    Attributes:
        place: left, top, width, height in photo pixels, which the picture covers whatever its own size.
        box: what lies outside of it is not drawn; None: all is.
        opacity: 0 … 1.
    """

    image: QImage
    place: tuple[float, float, float, float]
    box: Box | None = None
    opacity: float = 1.0
    is_visible: bool = True


class Overlays:
    """Overlays by any name, drawn in the order in which they came."""

    def __init__(self) -> None:
        self._by_name: dict[Hashable, Overlay] = {}
        self._changes = 0
        self.are_visible = True

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: Hashable) -> bool:
        return name in self._by_name

    @property
    def state(self) -> Hashable:
        """Stays equal as long as the same is drawn."""
        return self._changes, self.are_visible

    def put(self, name: Hashable, overlay: Overlay) -> None:
        """Show a picture, in place of the one that has this name."""
        self._by_name[name] = overlay
        self._changes += 1

    def set_visible(self, name: Hashable, is_visible: bool) -> None:
        if name in self._by_name:
            self.put(name, replace(self._by_name[name], is_visible=is_visible))

    def remove(self, name: Hashable) -> None:
        self._changes += self._by_name.pop(name, None) is not None

    def clear(self) -> None:
        self._by_name.clear()
        self._changes += 1

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        for overlay in self._by_name.values():
            if self.are_visible and overlay.is_visible and overlay.opacity > 0:
                _draw(painter, viewport, overlay)


def _draw(painter: QPainter, viewport: Viewport, overlay: Overlay) -> None:
    painter.save()
    if overlay.box is not None:
        corners = [QPointF(*viewport.to_view(x, y)) for x, y in overlay.box.corners()]
        path = QPainterPath()
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
        painter.setClipPath(path)
    painter.setOpacity(overlay.opacity)
    draw_image(painter, overlay.image, QRectF(*overlay.place), viewport)
    painter.restore()
