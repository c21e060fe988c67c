"""Batches to train a detector on: clean photos, pasted anomalies, samples of a backbone."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.data.pasting import OPACITY
from engine.data.perlin import perlin_mask
from engine.data.textures import TextureSource
from engine.detection.detector import Batch
from engine.detection.photos import to_input
from engine.detection.turning import turn
from engine.protocol import Recipe

_CLEAN, _NULL, _PASTED, _GENERATED = range(4)
SHARES: dict[Recipe, tuple[float, float, float]] = {"baseline": (0.5, 0.5, 0.0), "anogen": (0.5, 0.25, 0.25)}
"""Of clean photos, pasted anomalies and samples (AnoGen, stage 3)."""

NULL_SHARE = 0.5
"""Of the clean photos: as many null edits as samples, so that the autoencoder's texture says nothing."""

_TURNED_SHARE, _LARGEST_TURN_DEG = 0.3, 90.0  # DRAEM's
_TEXTURES = 256
_TRIES = 16
_NO_PHOTOS = torch.zeros(0, 3, 1, 1, dtype=torch.uint8)


@dataclass(frozen=True)
class Material:
    """What batches are made of, all of one size S.

    Attributes:
        goods: (N, 3, S, S) uint8, N ≥ 1.
        samples, photos: (M, 3, S, S) uint8, samples and the photos that they were made of.
        boxes: (M, 1, S, S) bool, where the anomalies of the samples are.
        edits, edited: (K, 3, S, S) uint8, null edits and the photos that they were made of.
    """

    goods: Tensor
    samples: Tensor
    photos: Tensor
    boxes: Tensor
    edits: Tensor = _NO_PHOTOS
    edited: Tensor = _NO_PHOTOS


class TrainingData:
    """Batches by step: what a batch holds depends on the seed and its step alone.

    Args:
        recipe: the shares of what is in a batch; no samples in the material: pasted anomalies take their place.
    """

    def __init__(
        self, material: Material, textures: TextureSource, recipe: Recipe, batch_size: int, seed: int
    ) -> None:
        self._material = material
        self._textures = _TexturePool(textures, material.goods.shape[-1], seed)
        self._is_grey = bool((material.goods[:, :1] == material.goods[:, 1:]).all())
        clean, pasted, generated = SHARES[recipe]
        if not len(material.samples):
            pasted, generated = pasted + generated, 0.0
        null = NULL_SHARE * clean if len(material.edits) else 0.0
        self._bounds = np.array([clean - null, clean, clean + pasted])
        self._batch_size = batch_size
        self._seed = seed

    def batch(self, step: int) -> Batch:
        """The batch of a step, on the CPU: turned at random, textures pasted where the photo is."""
        rng = np.random.default_rng((self._seed, step))
        kinds = self._draw_kinds(rng)
        images, clean, boxes = self._gather(rng, kinds)
        images, clean, boxes, valid = turn(images, clean, boxes, _draw_angles(rng, len(kinds)))
        is_pasted = torch.from_numpy(kinds == _PASTED)
        mask = torch.zeros_like(boxes)
        if is_pasted.any():
            images[is_pasted], mask[is_pasted] = self._pasted(rng, images[is_pasted], valid[is_pasted])
        return Batch(images, clean, mask, boxes, torch.from_numpy(kinds == _GENERATED), valid)

    def _draw_kinds(self, rng: np.random.Generator) -> np.ndarray:
        """What each of the batch is: as many of a kind as its share says, up to one, in random order."""
        places = (np.arange(self._batch_size) + rng.random()) / self._batch_size
        return rng.permutation(np.searchsorted(self._bounds, places, side="right"))

    def _gather(self, rng: np.random.Generator, kinds: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        """Images and clean photos, (B, 3, S, S) in [0, 1], and boxes, (B, 1, S, S), before anything is pasted."""
        material = self._material
        clean = material.goods[torch.from_numpy(rng.integers(len(material.goods), size=len(kinds)))]
        images, boxes = clean.clone(), torch.zeros_like(clean[:, :1], dtype=torch.bool)
        null = torch.from_numpy(np.flatnonzero(kinds == _NULL))
        if len(null):
            chosen = torch.from_numpy(rng.integers(len(material.edits), size=len(null)))
            images[null], clean[null] = material.edits[chosen], material.edited[chosen]
        generated = torch.from_numpy(np.flatnonzero(kinds == _GENERATED))
        if len(generated):
            chosen = torch.from_numpy(rng.integers(len(material.samples), size=len(generated)))
            images[generated], clean[generated] = material.samples[chosen], material.photos[chosen]
            boxes[generated] = material.boxes[chosen]
        return to_input(images), to_input(clean), boxes.float()

    def _pasted(self, rng: np.random.Generator, images: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """Textures blended into the images where noise says, and the mask of it (see `perlin_anomaly`)."""
        count, side = len(images), images.shape[-1]
        mask = torch.from_numpy(np.stack([_draw_mask(rng, side) for _ in range(count)])).float()[:, None]
        mask = mask * valid
        textures = self._textures.draw(rng, count)
        if self._is_grey:
            textures = textures.mean(1, keepdim=True).expand(-1, 3, -1, -1)
        opacity = torch.from_numpy(rng.uniform(*OPACITY, (count, 1, 1, 1))).float() * mask
        return (1 - opacity) * images + opacity * textures, mask


class _TexturePool:
    """Textures of a source, drawn when they are first used; rolled, mirrored and tinted anew for each batch."""

    def __init__(self, source: TextureSource, side: int, seed: int) -> None:
        self._source = source
        self._side = side
        self._seed = seed
        self._drawn: dict[int, Tensor] = {}

    def draw(self, rng: np.random.Generator, count: int) -> Tensor:
        """(count, 3, side, side) in [0, 1]."""
        textures = to_input(torch.stack([self._texture(rng) for _ in range(count)]))
        gains = torch.from_numpy(rng.uniform(0.8, 1.2, (count, 3, 1, 1))).float()
        return (textures * gains).clamp(0, 1)

    def _texture(self, rng: np.random.Generator) -> Tensor:
        number = int(rng.integers(_TEXTURES))
        if number not in self._drawn:
            texture = self._source.draw(np.random.default_rng((self._seed, number)), self._side)
            self._drawn[number] = torch.from_numpy(texture.transpose(2, 0, 1).copy())
        down, right = (int(shift) for shift in rng.integers(self._side, size=2))
        rolled = self._drawn[number].roll((down, right), (1, 2))
        return rolled.flip(2) if rng.random() < 0.5 else rolled


def _draw_angles(rng: np.random.Generator, count: int) -> Tensor:
    """(count,) radians, most of them 0."""
    degrees = rng.uniform(-_LARGEST_TURN_DEG, _LARGEST_TURN_DEG, count)
    degrees[rng.random(count) >= _TURNED_SHARE] = 0
    return torch.from_numpy(np.deg2rad(degrees)).float()


def _draw_mask(rng: np.random.Generator, side: int) -> np.ndarray:
    """A Perlin mask, (side, side) bool, drawn again while it is empty."""
    for _ in range(_TRIES):
        mask = perlin_mask((side, side), rng)
        if mask.any():
            break
    return mask
