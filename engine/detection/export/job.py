"""The job *export detector*: a trained detector as a file for other programs, which is run before it is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
import torch

from engine.data.images import read_photo
from engine.detection.detector import Detector
from engine.detection.export.formats import Run, require
from engine.detection.export.network import PhotoDetector
from engine.detection.photos import to_input, to_tensor
from engine.detection.trained import Network, load_network
from engine.errors import EngineError
from engine.protocol import Event, ExportDetectorJob, FileWritten, Measured, Started
from engine.version import software

TOLERANCE = 0.01
"""How far maps and scores, 0 to 1, may be from those of the detector itself.

Most differ by a millionth; a level of a pixel that is rounded the other way shows in the third decimal."""


def export(job: ExportDetectorJob) -> Iterator[Event]:
    """Write a detector with the preparation of photos inside: a photo of any size in, map and score out.

    Yields: Started; Measured, the largest differences on a photo from the detector itself; FileWritten.
    Raises:
        EngineError: the run has no detector; a library is missing; the file's name does not end as the format's do; the
            photo cannot be read; the disk is full; what was written works otherwise than the detector. No file is left.
    """
    chosen, out = require(job.format), Path(job.out)
    if out.suffix.lower() != chosen.suffix:
        raise EngineError(f"A file of the format {job.format} has to end in {chosen.suffix}, not {out.name}.")
    network = load_network(Path(job.project), job.run, breathes=False)
    photo = read_photo(Path(job.project) / job.photo)
    yield Started(title=f"Exporting {job.run} to {out.name}")
    exported = PhotoDetector(network.detector.cpu(), network.side).eval()
    with chosen.writing(exported, out, describe(job, network)) as run:
        of_map, of_score = _differences(network, run, photo)
        if not max(of_map, of_score) <= TOLERANCE:  # a NaN is no agreement
            raise EngineError(
                f"The exported detector works otherwise than {job.run} (by {max(of_map, of_score):.3g} of 1 at most), "
                "and was not kept."
            )
    yield Measured(name="largest difference of the anomaly map", value=of_map)
    yield Measured(name="largest difference of the image score", value=of_score)
    yield FileWritten(path=job.out, what=f"detector of the run {job.run}, {job.format}")


def describe(job: ExportDetectorJob, network: Network) -> dict[str, str]:
    """What the file says of itself; what a person has not decided is left out."""
    settings = network.trained.settings
    facts = {
        "run": job.run,
        "detector": settings.detector,
        "recipe": settings.recipe,
        "preset": settings.preset,
        "side": network.side,
        "steps": network.trained.steps,
        "look_again_above": job.look_again_above,
        "reject_above": job.reject_above,
        "software": software(),
    }
    return {name: _plain(value) for name, value in facts.items() if value is not None}


def _differences(network: Network, run: Run, photo: np.ndarray) -> tuple[float, float]:
    """The largest of map and score, on the photo and on a part of it, turned, which has another shape."""
    height, width = photo.shape[:2]
    part = np.ascontiguousarray(photo[: max(1, 3 * height // 4), : max(1, 2 * width // 3)].transpose(1, 0, 2))
    pairs = [(_inferred(network, each), run(each)) for each in (photo, part)]
    of_maps = [float(np.abs(wanted[0] - found[0]).max()) for wanted, found in pairs]
    of_scores = [abs(wanted[1] - found[1]) for wanted, found in pairs]
    return float(np.max(of_maps)), float(np.max(of_scores))


@torch.no_grad()
def _inferred(network: Network, photo: np.ndarray) -> tuple[np.ndarray, float]:
    """What the detector itself finds, computed on the CPU in full precision."""
    pixels = to_input(to_tensor(photo, network.side))[None]
    maps, scores = cast(Detector, network.detector).infer(pixels)
    return maps[0].numpy(), float(scores[0])


def _plain(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
