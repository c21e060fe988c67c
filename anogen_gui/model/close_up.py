"""The close-up of a sample: the surroundings of its boxes."""

from collections.abc import Sequence

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Wanted
from engine.geometry import Box, Size, Window, crop_window
from engine.project import SampleRow

_CONTEXT = 2.0  # sides of the close-up for each long side of the boxes
_LEAST_PX = 64


def close_up(boxes: Sequence[Box], photo: Size) -> Window | None:
    """What of a photo of this size shows all the boxes and as much again around them; None where there is no box."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*(box.bounds() for box in boxes), strict=True)
    around = Box.from_bounds(min(lefts), min(tops), max(rights), max(bottoms))
    return crop_window(around, photo, _LEAST_PX, _CONTEXT)


def close_up_of(project: ProjectModel, sample: SampleRow) -> Window | None:
    """The close-up of a sample; None where it has no box, or its photo is gone."""
    photo = project.photos.get(sample.photo)
    return close_up(sample.boxes, photo.size) if photo is not None else None


def close_up_thumbnail(project: ProjectModel, sample: SampleRow, side: int) -> Wanted:
    """The thumbnail of a sample's close-up; of all of it where there is none. `side` is in device pixels."""
    window = close_up_of(project, sample)
    crop = (window.left, window.top, window.width, window.height) if window is not None else None
    return Wanted(project.file(sample.path), side, crop)
