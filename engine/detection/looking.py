"""What a detector sees on photos of which it is known what is on them."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import Tensor

from engine.data.images import read_mask, read_photo
from engine.detection.ahead import work_ahead
from engine.detection.maps import write_map
from engine.detection.metrics import PhotoSummary, ground_truth, summarise
from engine.detection.photos import to_input, to_tensor
from engine.detection.trained import Network
from engine.errors import EngineError
from engine.geometry import Size
from engine.protocol import Event, FileRefused, InspectedPhoto, Progress


@dataclass(frozen=True)
class Seen:
    """A photo, and what a detector's map of it is, at the detector's size, beside the ground truth."""

    photo: InspectedPhoto
    summary: PhotoSummary


@dataclass(frozen=True)
class _Read:
    """A photo, (3, S, S) uint8, and where its anomaly is, (S, S) bool, at the detector's size."""

    pixels: Tensor
    truth: np.ndarray | None


def check_measurable(photos: Sequence[InspectedPhoto]) -> None:
    """Raises EngineError where the photos are all normal, or all anomalous: there is nothing to tell apart."""
    if all(photo.is_anomalous for photo in photos):
        raise EngineError(
            "There are no test photos of good parts to measure a detector on.",
            "Import some, as test photos, that are not among those it is trained on.",
        )
    if not any(photo.is_anomalous for photo in photos):
        raise EngineError(
            "There are no test photos with an anomaly to measure a detector on.",
            "Import some with their masks, as test photos; supports do not count, and no photos samples were made for.",
        )


def look(
    network: Network,
    project: Path,
    photos: Sequence[InspectedPhoto],
    before: int = 0,
    total: int = 0,
    run: str = "",
) -> Generator[Event, None, list[Seen]]:
    """Look at photos; those that cannot be read are told and left out. `before` of `total` came earlier.

    Yields: FileRefused, Progress; PhotoInspected where maps are kept, in the folder of `run`.
    Raises:
        EngineError: none of them can be read: the reason of the last.
    """
    seen: list[Seen] = []
    refusal: EngineError | None = None

    def read(photo: InspectedPhoto) -> _Read | EngineError:
        try:
            return _read(project, photo, network.side)
        except EngineError as error:
            return error

    with closing(work_ahead(read, photos)) as results:
        for place, (photo, result) in enumerate(zip(photos, results, strict=True)):
            if isinstance(result, EngineError):
                refusal = result
                yield FileRefused(path=photo.photo, reason=str(result))
            else:
                found, anomaly_map = _look_at(network, photo, result)
                seen.append(found)
                if run:
                    yield write_map(project, run, photo.photo, anomaly_map, found.summary.score)
            yield Progress(step=before + place + 1, total=total or len(photos), stage="measuring")
    if refusal is not None and not seen:
        raise refusal
    return seen


def _read(project: Path, photo: InspectedPhoto, side: int) -> _Read:
    """Raises EngineError for a photo or a mask that cannot be used."""
    path = project / photo.photo
    pixels = read_photo(path)
    truth = None
    if photo.mask:
        mask = read_mask(project / photo.mask, Size(pixels.shape[1], pixels.shape[0]), path)
        truth = ground_truth(mask, side, side)
    return _Read(to_tensor(pixels, side), truth)


def _look_at(network: Network, photo: InspectedPhoto, read: _Read) -> tuple[Seen, np.ndarray]:
    maps, scores = network.infer(to_input(read.pixels)[None])
    summary = summarise(photo.photo, photo.is_anomalous, float(scores[0]), maps[0].numpy(), read.truth)
    return Seen(photo, summary), maps[0].numpy()
