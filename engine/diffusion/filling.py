"""Filling boxes of a batch of crops: encode, draw candidates, keep the best of each, decode."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import torch
from torch import Tensor

from engine.data.images import to_unit
from engine.device import seeded_generator
from engine.diffusion.backbone import Backbone
from engine.diffusion.compositing import Fill
from engine.diffusion.denoiser import RESCALE_ZERO_SNR, Denoiser, Guidance, in_blocks
from engine.diffusion.quality import candidate_score
from engine.diffusion.sampling import (
    Levels,
    Sampled,
    ddim,
    dpm_solver_pp_2m,
    keep_outside_box,
    noise_levels,
)
from engine.diffusion.views import to_latent_mask

PRODUCT_STEPS = 12  # why so few, and a race so long: docs/adr/0006
PAPER_STEPS = 50
PAPER_GUIDANCE = 10.0
_RACE = 0.4  # of the steps, after which the best candidate is known and the others are dropped
_UNGUIDED = 0.25  # of the timesteps, the last ones
_PAIR = 2  # rows of the autoencoder's batches: always the same number, and little memory; see `denoiser`


@dataclass(frozen=True)
class Recipe:
    """How a batch is drawn: sampler, noise levels, guidance, and how many crops at once.

    `rows_on_cpu`: see `Denoiser`; blocks of 4 are as fast as larger ones (measured), and easily filled.
    """

    is_paper: bool
    levels: Levels
    guidance: Guidance
    batch_size: int
    rows_on_cpu: int | None = 4

    def steps_drawn(self, candidates: int) -> int:
        """Steps of the sampler for one batch."""
        return len(self.levels) + (candidates - 1) * self.race_steps(candidates)

    def race_steps(self, candidates: int) -> int:
        """Steps that every candidate goes; 0 where there is only one."""
        return 0 if candidates == 1 else min(max(1, round(_RACE * len(self.levels))), len(self.levels))


def product_recipe(backbone: Backbone, steps: int | None, guidance: float | None, batch_size: int) -> Recipe:
    """DPM-Solver++(2M), 12 steps; guidance as the backbone's manifest says."""
    schedule = backbone.schedule
    rescale = RESCALE_ZERO_SNR if schedule.zero_snr else 0.0
    weight = backbone.manifest.guidance if guidance is None else guidance
    levels = noise_levels(schedule, steps or PRODUCT_STEPS, "trailing")
    unguided = int(_UNGUIDED * schedule.num_timesteps)
    return Recipe(False, levels, Guidance(weight, rescale, unguided), batch_size)


def quick_recipe(backbone: Backbone, steps: int, guidance: float | None) -> Recipe:
    """The product recipe for a single crop that a person waits for."""
    return replace(product_recipe(backbone, steps, guidance, batch_size=1), rows_on_cpu=None)


def paper_recipe(backbone: Backbone, steps: int | None, guidance: float | None, batch_size: int) -> Recipe:
    """DDIM, 50 steps, guidance 10, to the letter; a schedule of zero terminal SNR has to start at its end."""
    schedule = backbone.schedule
    if schedule.zero_snr:
        levels = noise_levels(schedule, steps or PAPER_STEPS, "trailing")
    else:
        last = float(schedule.alphas_cumprod[0])
        levels = noise_levels(schedule, steps or PAPER_STEPS, "leading", last)
    weight = PAPER_GUIDANCE if guidance is None else guidance
    return Recipe(True, levels, Guidance(weight), batch_size)


@dataclass(frozen=True)
class Region:
    """A crop and the box to fill in it.

    `image` (s, s, 3) uint8; `mask` (s, s) bool, the box; `context` (1, L, C), the embedding's; `seeds`, one a
    candidate.
    """

    image: np.ndarray
    mask: np.ndarray
    context: Tensor
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class _Candidate:
    """A candidate of each region, where the sampler is with it, and the noise of its background."""

    state: Sampled
    noise: Tensor


class Filling:
    """A batch of regions on its way: made (and encoded), drawn step by step, decoded.

    What becomes of a region depends on the region alone, not on the others in the batch.
    """

    def __init__(
        self, backbone: Backbone, regions: Sequence[Region], null_context: Tensor, recipe: Recipe
    ) -> None:
        self.backbone = backbone
        self.recipe = recipe
        self._regions = regions
        self._generators: list[torch.Generator] = []
        self._drawn: Tensor | None = None
        self._encode()
        self._denoiser = Denoiser(
            backbone,
            torch.cat([region.context for region in regions]),
            null_context,
            self._box_mask,
            self._blanked,
            recipe.guidance,
            recipe.batch_size,
            recipe.rows_on_cpu,
        )

    @property
    def normal(self) -> Tensor:
        """z₀ of the crops as they were, (B, c, h, w)."""
        return self._normal

    def draw(self) -> Iterator[Tensor]:
        """All steps of the sampler; yields the predicted z₀ after each, (B, c, h, w)."""
        steps = self._draw_paper() if self.recipe.is_paper else self._draw_product()
        for state in steps:
            self._drawn = state.latents
            yield state.x0 if state.x0 is not None else state.latents

    @torch.no_grad()
    def generated(self, row: int) -> np.ndarray:
        """A crop as drawn: (s, s, 3) float32 levels."""
        return self._decode(self._latents_of(row))[0]

    @torch.no_grad()
    def fill(self, row: int) -> Fill:
        """A crop as drawn, with its unchanged twin after the same trip through the autoencoder."""
        pair = torch.cat([self._latents_of(row), self._normal[row : row + 1]])
        generated, reference = self._decode(pair)
        return Fill(generated, reference)

    def _latents_of(self, row: int) -> Tensor:
        if self._drawn is None:
            raise ValueError("draw() comes first")
        return self._drawn[row : row + 1]

    @torch.no_grad()
    def _encode(self) -> None:
        """z₀ of the photo, of the photo with the box blanked, and M."""
        device = self.backbone.device
        images = torch.stack([torch.from_numpy(to_unit(region.image)) for region in self._regions]).to(device)
        masks = torch.stack([torch.from_numpy(region.mask)[None] for region in self._regions]).to(device)
        rows = [images, images * (~masks)] if self.backbone.is_inpainting else [images]
        latents = in_blocks(lambda part: self.backbone.encode(part).mode, _PAIR, torch.cat(rows))
        self._normal = latents[: len(images)].float()
        self._blanked = latents[-len(images) :].float()
        self._box_mask = to_latent_mask(masks.float(), self.backbone.downscale)

    def _draw_product(self) -> Iterator[Sampled]:
        """The candidates race for the first steps; the best of each region goes on to the end."""
        candidates = len(self._regions[0].seeds)
        best: _Candidate | None = None
        for index in range(candidates):
            state, noise = self._start(index)
            for reached in islice(self._solve(state, noise), self.recipe.race_steps(candidates)):
                state = reached
                yield state
            rival = _Candidate(state, noise)
            best = rival if best is None else self._better(best, rival)
        assert best is not None
        yield from self._solve(best.state, best.noise)

    def _solve(self, start: Sampled, noise: Tensor) -> Iterator[Sampled]:
        return dpm_solver_pp_2m(self._denoiser, start, self.recipe.levels, self._blend(noise))

    def _start(self, candidate: int) -> tuple[Sampled, Tensor]:
        """z_T of a candidate of each region, and its noise, which the background keeps to the end."""
        self._generators = [seeded_generator(region.seeds[candidate]) for region in self._regions]
        noise = self._noise()
        return Sampled(self._blend(noise)(noise, 0)), noise

    def _better(self, first: _Candidate, second: _Candidate) -> _Candidate:
        """The better of two candidates, region by region."""
        scores = [self._score(candidate) for candidate in (first, second)]
        wins = (scores[1] > scores[0])[:, None, None, None]
        latents = torch.where(wins, second.state.latents, first.state.latents)
        x0 = None
        if first.state.x0 is not None and second.state.x0 is not None:
            x0 = torch.where(wins, second.state.x0, first.state.x0)
        return _Candidate(
            Sampled(latents, first.state.level, x0), torch.where(wins, second.noise, first.noise)
        )

    def _score(self, candidate: _Candidate) -> Tensor:
        x0 = candidate.state.latents if candidate.state.x0 is None else candidate.state.x0
        return candidate_score(x0, self._normal, self._box_mask)

    def _draw_paper(self) -> Iterator[Sampled]:
        """Fresh noise outside the box before every step, none after the last."""
        start, _ = self._start(0)
        return ddim(
            self._denoiser,
            start.latents,
            self.recipe.levels,
            lambda z, level: self._blend(self._noise())(z, level),
        )

    def _blend(self, noise: Tensor) -> Callable[[Tensor, int], Tensor]:
        def blend(latents: Tensor, level: int) -> Tensor:
            timestep = self.recipe.levels.timestep_at(level)
            return keep_outside_box(
                latents, self._normal, self._box_mask, noise, timestep, self.backbone.schedule
            )

        return blend

    def _noise(self) -> Tensor:
        """The next ε of each region's own generator, (B, c, h, w)."""
        shape = self._normal.shape[1:]
        return torch.stack([torch.randn(shape, generator=g) for g in self._generators]).to(self._normal)

    def _decode(self, latents: Tensor) -> list[np.ndarray]:
        pixels = in_blocks(self.backbone.decode, _PAIR, latents).float().cpu()
        return list(((pixels + 1) * 127.5).movedim(1, -1).contiguous().numpy())
