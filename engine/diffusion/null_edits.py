"""Null edits: good photos that go through a backbone's autoencoder inside random boxes, otherwise unchanged.

A sample has an anomaly in its box, and the autoencoder's texture. A detector that has seen the texture only there would
take it for the anomaly (a shortcut); null edits have the texture alone, and are normal.
"""

import hashlib
from collections.abc import Generator
from pathlib import Path

import msgspec
import numpy as np
import torch

from engine.data.crops import cut
from engine.data.files import safe_name, sha256_of
from engine.data.images import read_photo, save_png, to_unit
from engine.data.null_edit import NullEdit
from engine.diffusion.backbone import Backbone
from engine.diffusion.backbone.adapted import lineage
from engine.diffusion.backbone.layout import inspect
from engine.diffusion.backbone.loading import load_folder
from engine.diffusion.backbone.places import find_backbone
from engine.diffusion.compositing import Fill, is_grey, paste
from engine.diffusion.denoiser import in_blocks
from engine.diffusion.details import with_details
from engine.diffusion.foreground import size_of
from engine.diffusion.placement import place_boxes
from engine.errors import EngineError
from engine.geometry import Box, crop_window
from engine.protocol import Event, Progress, TrainJob
from engine.version import software

COUNT = 64
STAGE = "null edits"
_VERSION = 2
_BOXES = 2  # a photo
_FEATHER = 0.15
_CROPS = 2  # encoded at once: always the same number, so that the bytes stay the same


def null_edits(job: TrainJob) -> Generator[Event, None, tuple[NullEdit, ...]]:
    """The null edits of a training: 64, of its good photos in turn; those that are there already are kept.

    They depend on autoencoder and photos alone: the autoencoder is that of the backbone which an adapted one goes back
    to, so that trainings on the samples of several anomaly classes share them.

    Yields: Progress.
    Raises:
        EngineError: the backbone is not there, or not whole; the disk is full.
    """
    project = Path(job.project)
    root, _ = lineage(job.autoencoder, project)
    folder = find_backbone(root, project)
    photos = [path for path in job.goods[:COUNT] if (project / path).is_file()]
    edits = _planned(project, photos, inspect(folder).hash())
    missing = [index for index, edit in enumerate(edits) if not (project / edit.image).is_file()]
    if not missing:
        return edits
    backbone = load_folder(folder, root)
    for place, index in enumerate(missing):
        _make(project, edits[index], index, backbone)
        yield Progress(step=place + 1, total=len(missing), stage=STAGE)
    return tuple(edit for edit in edits if (project / edit.image).is_file())


def edited(photo: np.ndarray, boxes: tuple[Box, ...], backbone: Backbone) -> np.ndarray:
    """The photo, (H, W, 3) uint8, with what the autoencoder makes of it inside the boxes, at their edges softly.

    Every pixel outside the boxes stays bit-identical.
    """
    side, is_without_colour = backbone.size_px, is_grey(photo)
    windows = [crop_window(box, size_of(photo), side) for box in boxes]
    returned = _through_autoencoder([cut(photo, window, side) for window in windows], backbone)
    edit = photo.copy()
    for box, window, crop in zip(boxes, windows, returned, strict=True):
        fill = with_details(Fill(crop, crop), photo, box, window)
        paste(edit, box, window, fill, _FEATHER, is_without_colour, replaces_all=True)
    return edit


@torch.no_grad()
def _through_autoencoder(crops: list[np.ndarray], backbone: Backbone) -> np.ndarray:
    """(B, s, s, 3) float32 levels, encoded and decoded, of crops (s, s, 3) uint8."""
    images = torch.stack([torch.from_numpy(to_unit(crop)) for crop in crops]).to(backbone.device)
    pixels = in_blocks(lambda part: backbone.decode(backbone.encode(part).mode), _CROPS, images)
    return ((pixels.float().cpu() + 1) * 127.5).movedim(1, -1).contiguous().numpy()


def _make(project: Path, edit: NullEdit, index: int, backbone: Backbone) -> None:
    """Write a null edit; none of a photo that cannot be read, which the training tells of."""
    try:
        photo = read_photo(project / edit.photo)
    except EngineError:
        return
    boxes = place_boxes(photo, _BOXES, None, np.random.default_rng(index))
    facts = {"photo": edit.photo, "boxes": boxes, "backbone": backbone.reference, "index": index}
    text = {"anogen": msgspec.json.encode(facts).decode(), "Software": software()}
    save_png(project / edit.image, edited(photo, boxes, backbone), text)


def _planned(project: Path, photos: list[str], backbone_hash: str) -> tuple[NullEdit, ...]:
    """Where each lies, and of which photo it is; another backbone or other photos: another folder."""
    hashes = [sha256_of(project / path) for path in photos]
    decides = msgspec.json.encode([_VERSION, backbone_hash, hashes])
    folder = f"null-edits/{hashlib.sha256(decides).hexdigest()[:12]}"
    in_turn = [photos[index % len(photos)] for index in range(COUNT)] if photos else []
    return tuple(
        NullEdit(f"{folder}/{index:05d}-{safe_name(Path(photo).stem)}.png", photo)
        for index, photo in enumerate(in_turn)
    )
