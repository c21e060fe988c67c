"""Export in the layout of MVTec AD."""

from collections.abc import Iterator
from pathlib import Path

from engine.data.files import safe_name
from engine.project.exported import EXPORTING, ExportedSample, copy_into
from engine.project.project import Project
from engine.project.rows import Photo
from engine.protocol import Event, Progress


def write(project: Project, samples: list[ExportedSample], out: Path) -> Iterator[Event]:
    """Copy good photos, normal test photos and samples into `out`."""
    copies = _photo_copies(project, project.photos("good"), Path("train", "good"))
    copies += _photo_copies(project, project.photos("test", anomaly=""), Path("test", "good"))
    for sample in samples:
        anomaly = safe_name(sample.row.anomaly)
        copies.append((sample.image, Path("test", anomaly, f"{sample.name}.png")))
        copies.append((sample.mask, Path("ground_truth", anomaly, f"{sample.name}_mask.png")))
    for step, (source, target) in enumerate(copies, start=1):
        copy_into(source, out / target)
        yield Progress(step=step, total=len(copies), stage=EXPORTING)


def _photo_copies(project: Project, photos: list[Photo], folder: Path) -> list[tuple[Path, Path]]:
    sources = [project.folder / photo.path for photo in photos]
    return [(source, folder / source.name) for source in sources if source.is_file()]
