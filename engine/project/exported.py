"""A sample on its way out of the project."""

import shutil
from pathlib import Path

import msgspec

from engine.data.images import photo_size, read_mask
from engine.errors import EngineError
from engine.geometry import Size
from engine.project.instances import Instance, split_instances
from engine.project.rows import SampleRow
from engine.protocol import Warned

EXPORTING = "Exporting"


class ExportedSample(msgspec.Struct, frozen=True):
    """A sample whose files are there; `name` is unique in the export and has no suffix."""

    name: str
    row: SampleRow
    image: Path
    mask: Path

    @property
    def size(self) -> Size:
        return photo_size(self.image)

    def instances(self) -> list[Instance]:
        """The separate anomalies of the sample.

        Raises EngineError when the mask is empty or of another size.
        """
        return split_instances(read_mask(self.mask, self.size, self.image), self.row.boxes)


def category_names(samples: list[ExportedSample]) -> list[str]:
    """The anomaly classes in an export, sorted: their places are the class numbers."""
    return sorted({sample.row.anomaly for sample in samples})


def copy_into(source: Path, target: Path) -> None:
    """Copy a file byte for byte into a folder that is made for it. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def left_out(error: EngineError) -> Warned:
    """What is told of a sample that cannot be exported."""
    return Warned(message=f"{error.message} The sample is left out.")
