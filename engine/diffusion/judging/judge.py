"""The job *judge*: generated anomalies beside real ones that nothing was learned from, and beside their rivals."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec
import numpy as np

from engine.data.images import photo_size, read_mask, read_photo, read_png_record
from engine.diffusion.backbone import load_backbone
from engine.diffusion.crops import Support
from engine.diffusion.judging.close_ups import CloseUp, anomaly_close_up, close_up, variants
from engine.diffusion.judging.distances import kernel_distance, nearest_distances
from engine.diffusion.judging.features import Features, encoder_features, resnet_features
from engine.diffusion.judging.rivals import Rival, draw_in_boxes, draw_on_parts, draw_patch, draw_perlin
from engine.diffusion.judging.telling_apart import tell_apart
from engine.diffusion.samples import SampleRecord
from engine.diffusion.sheet import MOST_SAMPLES, write_close_ups
from engine.errors import EngineError
from engine.protocol import Event, FileWritten, JudgeJob, MaskedPhoto, Measured, Progress, Started

_SUPPORTS, _REAL = "support photos", "real, held out"
_BEFORE, _AFTER = "samples before adaptation", "samples"
_RIVALS = {"Perlin texture": draw_perlin, "CutPaste": draw_patch}
_FEWEST = 3


def judge(job: JudgeJob) -> Iterator[Event]:
    """Compare the samples of a job with real anomalies, and write the sheet.

    Yields: Started, Progress, Measured for every figure, FileWritten for the sheet.
    Raises:
        EngineError: a file, the backbone or the features cannot be used; fewer than three real anomalies or samples.
    """
    if min(len(job.held_out), len(job.after)) < _FEWEST:
        raise EngineError(
            f"There are {len(job.held_out)} held-out photos of “{job.anomaly}” and {len(job.after)} samples.",
            f"At least {_FEWEST} of each are needed; support photos do not count.",
        )
    project = Path(job.project)
    features = _features(job)
    yield Started(title=f"Judging {len(job.after)} samples of “{job.anomaly}” by {features.name}")
    shown: dict[str, list[CloseUp]] = {}
    vectors: dict[str, np.ndarray] = {}
    rows = _rows(job, project)
    for step, (name, draw) in enumerate(rows.items(), start=1):
        shown[name] = list(draw())
        if shown[name]:
            vectors[name] = features.of(shown[name])
        yield Progress(step=step, total=len(rows), stage="looking")
    yield from _measure(vectors)
    yield from _measure_nearness(vectors, _support_variants(job, project, features))
    write_close_ups(project / job.sheet, _pictures(shown), job.anomaly)
    yield FileWritten(path=job.sheet, what="sheet")


def _features(job: JudgeJob) -> Features:
    if job.features:
        return resnet_features(Path(job.features))
    return encoder_features(load_backbone(job.backbone, Path(job.project)))


def _rows(job: JudgeJob, project: Path) -> dict[str, Callable[[], Iterable[CloseUp]]]:
    """The rows of the sheet, each made when it is asked for.

    Rivals are drawn anywhere on the part, as their authors do, and in the samples' own boxes: there they have the
    advantage of the same place and size.
    """
    return {
        _SUPPORTS: lambda: map(anomaly_close_up, _read_all(project, job.supports)),
        _BEFORE: lambda: (_sample_close_up(project, sample) for sample in job.before),
        _AFTER: lambda: (_sample_close_up(project, sample) for sample in job.after),
        _REAL: lambda: map(anomaly_close_up, _read_all(project, job.held_out)),
        **{name: partial(_on_parts, job, project, rival) for name, rival in _RIVALS.items()},
        **{
            f"{name} in their boxes": partial(_in_boxes, job, project, rival)
            for name, rival in _RIVALS.items()
        },
    }


def _on_parts(job: JudgeJob, project: Path, rival: Rival) -> Iterator[CloseUp]:
    return draw_on_parts([project / path for path in job.goods], rival, len(job.after), job.seed)


def _in_boxes(job: JudgeJob, project: Path, rival: Rival) -> Iterator[CloseUp]:
    records = [_record_of(project / sample.photo) for sample in job.after]
    placements = [(project / record.photo, record.boxes[0]) for record in records if record is not None]
    return draw_in_boxes(placements, rival, job.seed)


def _read_all(project: Path, photos: Sequence[MaskedPhoto]) -> Iterator[Support]:
    for each in photos:
        path = project / each.photo
        yield Support(read_photo(path), read_mask(project / each.mask, photo_size(path), path))


def _sample_close_up(project: Path, sample: MaskedPhoto) -> CloseUp:
    """Around the first box that the sample was generated in; around its mask where it does not tell its boxes."""
    path = project / sample.photo
    record = _record_of(path)
    if record is None:
        return anomaly_close_up(next(_read_all(project, [sample])))
    return close_up(read_photo(path), record.boxes[0])


def _record_of(path: Path) -> SampleRecord | None:
    """What a sample says of how it was made; None where it does not."""
    try:
        return msgspec.convert(read_png_record(path), SampleRecord)
    except (msgspec.ValidationError, EngineError):
        return None


def _support_variants(job: JudgeJob, project: Path, features: Features) -> np.ndarray:
    return features.of([each for support in _read_all(project, job.supports) for each in variants(support)])


def _measure(vectors: dict[str, np.ndarray]) -> Iterator[Event]:
    """How far each row is from the held-out real anomalies, and how easily it is told from them."""
    real = vectors[_REAL]
    judged = {name: drawn for name, drawn in vectors.items() if name not in (_SUPPORTS, _REAL)}
    for name, drawn in judged.items():
        distance = kernel_distance(drawn, real)
        yield Measured(
            name=f"kernel distance to real: {name}", value=distance.value, deviation=distance.deviation
        )
    for name, drawn in judged.items():
        yield Measured(name=f"told from real (0.5: guessed): {name}", value=tell_apart(real, drawn))


def _measure_nearness(vectors: dict[str, np.ndarray], supports: np.ndarray) -> Iterator[Event]:
    """How near to a support, mirrored or shifted: samples that are much nearer than real ones are copies."""
    for name in (_AFTER, _REAL):
        nearest = nearest_distances(vectors[name], supports)
        yield Measured(name=f"nearest support, mean: {name}", value=float(nearest.mean()))
        yield Measured(name=f"nearest support, smallest: {name}", value=float(nearest.min()))


def _pictures(shown: dict[str, list[CloseUp]]) -> list[tuple[str, list[np.ndarray]]]:
    return [(name, [each.image for each in row[:MOST_SAMPLES]]) for name, row in shown.items() if row]
