"""Pairs of siblings, which batches are made of: only the captions tell what to draw."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.diffusion.backbone.schedule import Schedule
from engine.diffusion.pretraining.attributes import BRIGHT, DARK
from engine.diffusion.pretraining.captions import vary_caption
from engine.diffusion.pretraining.latents import PAIRS, Latents
from engine.diffusion.pretraining.shards import SIBLINGS

_WINDOW = 20
_PAIR_SHARES = (0.3, 0.3, 0.4)
_MISSHOWN_FROM = 0.6
"""From this noise on, the noisy latents of some defects show another tone or strength than is told."""
_MIRRORED_SHARE = 0.25  # of the dark and the bright
_MISMEASURED_SHARE, _MISMEASURED = (
    0.2,
    (0.35, 0.5, 2.0, 2.5),
)  # of all, and how many times as strong they seem


@dataclass(frozen=True)
class Row:
    """One of a batch: z₀, which is to be drawn, what the noisy latents show, and what else the U-Net is given."""

    z0: Tensor
    shown: Tensor
    blanked: Tensor
    mask: Tensor
    box: Tensor
    caption: str

    def tensors(self) -> tuple[Tensor, ...]:
        """All but the caption, in this order."""
        return self.z0, self.shown, self.blanked, self.mask, self.box


def draw_pair(latents: Latents, rng: np.random.Generator, noise_share: float) -> list[Row]:
    """Two siblings in the same window of 20 latents around the box; `noise_share` is t / T."""
    group, pair = int(rng.integers(len(latents))), int(rng.choice(len(PAIRS), p=_PAIR_SHARES))
    window = _window(latents.boxes[group, pair, 0].numpy(), _WINDOW, rng)
    return [_draw_row(latents, (group, pair, sibling), window, rng, noise_share) for sibling in PAIRS[pair]]


def _draw_row(
    latents: Latents,
    place: tuple[int, int, int],
    window: tuple[slice, slice],
    rng: np.random.Generator,
    noise_share: float,
) -> Row:
    group, pair, sibling = place
    here = (slice(None), *window)
    caption = latents.captions[SIBLINGS * group + sibling]
    z0 = latents.z0[group, sibling][here]
    strength = _shown_strength(caption.tone, rng) if caption.kind and noise_share >= _MISSHOWN_FROM else 1.0
    return Row(
        z0,
        misshown(z0, latents.z0[group, 0][here], strength) if strength != 1 else z0,
        latents.blanked[group, pair][here],
        latents.masks[group, sibling][here],
        latents.boxes[group, pair][here],
        str(caption) if strength != 1 else vary_caption(caption, rng),
    )


def _shown_strength(tone: str, rng: np.random.Generator) -> float:
    """How strong a defect is in the noise, 1 as it is; below 0 it is bright where it is dark."""
    if tone in (DARK, BRIGHT) and rng.random() < _MIRRORED_SHARE:
        return -1.0
    return float(rng.choice(_MISMEASURED)) if rng.random() < _MISMEASURED_SHARE else 1.0


def misshown(z0: Tensor, normal: Tensor, strength: float) -> Tensor:
    """A defect in the same place, fainter, starker or, at -1, bright where this one is dark.

    Told of the defect and shown this in the noise, the U-Net learns to take the caption's word for it.
    """
    return torch.lerp(normal.float(), z0.float(), strength).to(z0)


def target_in(noisy: Tensor, z0: Tensor, timesteps: Tensor, schedule: Schedule) -> Tensor:
    """What the U-Net should say of z_t where it is to see z₀ in it, whatever z_t was made from.

    ε = (z_t − √ᾱ_t z₀) / √(1 − ᾱ_t): the noise it was made with, where it was made from z₀.
    """
    signal, sigma = schedule.scales(timesteps, z0)
    return schedule.target(z0, (noisy - signal * z0) / sigma, timesteps)


def _window(box: np.ndarray, side: int, rng: np.random.Generator) -> tuple[slice, slice]:
    """A square window on (S, S) that holds as much of the box as it can, at random otherwise."""
    edges = []
    for axis in (1, 0):
        inside = np.flatnonzero(box.any(axis))
        low, high = inside[-1] + 1 - side, inside[0]
        first, last = sorted((int(low), int(high)))
        start = int(np.clip(rng.integers(first, last + 1), 0, box.shape[0] - side))
        edges.append(slice(start, start + side))
    return edges[0], edges[1]
