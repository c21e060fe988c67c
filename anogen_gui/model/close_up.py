"""The close-up of a sample: the surroundings of its boxes."""

from collections.abc import Sequence

from engine.geometry import Box, Size, Window, crop_window

_CONTEXT = 2.0  # sides of the close-up for each long side of the boxes
_LEAST_PX = 64


def close_up(boxes: Sequence[Box], photo: Size) -> Window | None:
    """What of a photo of this size shows all the boxes and as much again around them; None where there is no box."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*(box.bounds() for box in boxes), strict=True)
    around = Box.from_bounds(min(lefts), min(tops), max(rights), max(bottoms))
    return crop_window(around, photo, _LEAST_PX, _CONTEXT)
