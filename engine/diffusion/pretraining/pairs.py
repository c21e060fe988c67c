"""Pairs of siblings, which batches are made of: only the captions tell what to draw."""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from engine.diffusion.backbone.schedule import Schedule
from engine.diffusion.pretraining.captions import Caption, vary_caption
from engine.diffusion.pretraining.latents import PAIRS, Latents
from engine.diffusion.pretraining.shards import SIBLINGS

_SMALL_WINDOW = 20
_PAIR_SHARES = (0.25, 0.25, 0.5)
_CONTRADICTED_SHARE, _CONTRADICTED_FROM = 0.5, 0.45
"""Of the pairs of two defects from this noise on: each is shown in the other's noisy latents, and told in full."""


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
        return self.z0, self.shown, self.blanked, self.mask, self.box


def draw_pair(latents: Latents, rng: np.random.Generator, is_small: bool, noise_share: float) -> list[Row]:
    """Two siblings in the same window.

    Args:
        is_small: windows of 20 latents around the box instead of the whole picture.
        noise_share: the timestep as a share of all, 0 to 1.
    """
    group, pair = int(rng.integers(len(latents))), int(rng.choice(len(PAIRS), p=_PAIR_SHARES))
    siblings, told = PAIRS[pair], latents.captions[SIBLINGS * group : SIBLINGS * (group + 1)]
    is_contradicted = (
        noise_share >= _CONTRADICTED_FROM
        and _are_told_apart(*(told[sibling] for sibling in siblings))
        and rng.random() < _CONTRADICTED_SHARE
    )
    box, blanked = latents.boxes[group, pair], latents.blanked[group, pair]
    window = _window(box[0].numpy(), _SMALL_WINDOW, rng) if is_small else (slice(None), slice(None))
    place = (slice(None), *window)
    return [
        Row(
            latents.z0[group, sibling][place],
            latents.z0[group, other if is_contradicted else sibling][place],
            blanked[place],
            latents.masks[group, sibling][place],
            box[place],
            str(told[sibling]) if is_contradicted else vary_caption(told[sibling], rng),
        )
        for sibling, other in (siblings, reversed(siblings))
    ]


def _are_told_apart(first: Caption, second: Caption) -> bool:
    return bool(first.kind and second.kind) and first.defect != second.defect


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
