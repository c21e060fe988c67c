"""Where a photo lies in a view, and how zooming and panning change that. Pure geometry."""

import math
from dataclasses import dataclass, replace

from engine.geometry import Size

MOST_ZOOM = 64.0
MARGIN = 16.0  # around a photo that is fitted, in logical pixels
_KEPT = 48.0  # of the photo in the view, in logical pixels, however far it is panned


@dataclass(frozen=True)
class Viewport:
    """A photo seen through a view.

    View coordinates are logical pixels from the view's upper left corner, photo coordinates are photo pixels.

    Attributes:
        photo, width, height: the sizes of photo (pixels) and view (logical pixels).
        scale: logical pixels a photo pixel.
        left, top: where in the view the photo's upper left corner lies.
        ratio: device pixels a logical pixel.
    """

    photo: Size
    width: float
    height: float
    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0
    ratio: float = 1.0

    @property
    def zoom(self) -> float:
        """Device pixels a photo pixel; 1 is what people call 100 %."""
        return self.scale * self.ratio

    @property
    def fitting_scale(self) -> float:
        """The scale at which the whole photo is seen."""
        room_x, room_y = max(1.0, self.width - 2 * MARGIN), max(1.0, self.height - 2 * MARGIN)
        return min(room_x / self.photo.width, room_y / self.photo.height, MOST_ZOOM / self.ratio)

    @property
    def least_zoom(self) -> float:
        return min(1.0, self.fitting_scale * self.ratio) / 2

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the view, in its own coordinates."""
        return self.width / 2, self.height / 2

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Where in the view a point of the photo is seen."""
        return self.left + x * self.scale, self.top + y * self.scale

    def to_photo(self, view_x: float, view_y: float) -> tuple[float, float]:
        """Which point of the photo is seen there; perhaps beside the photo."""
        return (view_x - self.left) / self.scale, (view_y - self.top) / self.scale

    def visible(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the whole photo pixels that are in the view; empty where none is."""
        left, top = self.to_photo(0, 0)
        right, bottom = self.to_photo(self.width, self.height)
        left, top = max(0, math.floor(left)), max(0, math.floor(top))
        right, bottom = min(self.photo.width, math.ceil(right)), min(self.photo.height, math.ceil(bottom))
        return left, top, max(left, right), max(top, bottom)

    def zoomed(self, zoom: float, view_x: float, view_y: float) -> "Viewport":
        """At another zoom, within its limits; the point of the photo under this point of the view stays there."""
        scale = min(max(zoom, self.least_zoom), MOST_ZOOM) / self.ratio
        x, y = self.to_photo(view_x, view_y)
        return replace(self, scale=scale, left=view_x - x * scale, top=view_y - y * scale)

    def fitted(self) -> "Viewport":
        """The whole photo in the middle of the view."""
        scale = self.fitting_scale
        left, top = (self.width - self.photo.width * scale) / 2, (self.height - self.photo.height * scale) / 2
        return replace(self, scale=scale, left=left, top=top)

    def panned(self, dx: float, dy: float) -> "Viewport":
        """Moved by logical pixels, but never out of sight."""
        return replace(
            self,
            left=_kept(self.left + dx, self.photo.width * self.scale, self.width),
            top=_kept(self.top + dy, self.photo.height * self.scale, self.height),
        )

    def resized(self, width: float, height: float, ratio: float) -> "Viewport":
        """In a view of another size, or on another screen: the middle of the view and the zoom stay."""
        x, y = self.to_photo(*self.center)
        scale = self.scale * self.ratio / ratio
        return Viewport(
            self.photo, width, height, scale, width / 2 - x * scale, height / 2 - y * scale, ratio
        )

    def revealing(self, left: float, top: float, right: float, bottom: float) -> "Viewport":
        """Panned as little as it takes to see this part of the photo, or as much of it as there is room for."""
        x0, y0 = self.to_view(left, top)
        x1, y1 = self.to_view(right, bottom)
        return replace(
            self,
            left=self.left + _shift(x0 - MARGIN, x1 + MARGIN, self.width),
            top=self.top + _shift(y0 - MARGIN, y1 + MARGIN, self.height),
        )

    def snapped(self) -> "Viewport":
        """With the photo's corner on a whole device pixel: at 100 % its pixels are the screen's, and sharp."""
        return replace(
            self,
            left=round(self.left * self.ratio) / self.ratio,
            top=round(self.top * self.ratio) / self.ratio,
        )


def next_zoom(zoom: float, steps: int) -> float:
    """The zoom that many rungs up or down a ladder with two rungs an octave, on which 100 % lies."""
    rung = 2 * math.log2(zoom)
    nearest = round(rung)
    if abs(rung - nearest) > 1e-6:
        nearest = math.floor(rung) if steps > 0 else math.ceil(rung)
    return float(2 ** ((nearest + steps) / 2))


def _kept(start: float, length: float, room: float) -> float:
    """`start` of something of this length, so that enough of it lies in the room from 0 on."""
    kept = min(_KEPT, length, room)
    return min(max(start, kept - length), room - kept)


def _shift(start: float, end: float, room: float) -> float:
    """By how much to move something so that it lies in the room from 0 on; its middle, where it is longer."""
    if end - start > room:
        return room / 2 - (start + end) / 2
    return max(0.0, -start) + min(0.0, room - end)
