"""Samplers: functions of a model that predicts z₀, of z_T, and of the noise levels to visit.

They are generators that yield after every step, so that a job can be cancelled between two of them. No mode
of torch is held across a yield: gradients are switched off inside the model.

Notation (code → paper):
    latents → z_t      x0 → ẑ₀      noise → ε      signal → √ᾱ_t      sigma → √(1 − ᾱ_t)      box_mask → M
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from engine.diffusion.backbone.schedule import Schedule

PredictX0 = Callable[[Tensor, int], Tensor]
"""(z_t (B, c, h, w), timestep) → ẑ₀ (B, c, h, w)."""

Blend = Callable[[Tensor, int], Tensor]
"""(z at a noise level, index of that level) → the same with the photo put back outside the box."""

Spacing = Literal["leading", "trailing"]
_SMALLEST_SIGNAL = 2.0**-12  # stands for √ᾱ_T = 0, whose log-SNR would be −∞


@dataclass(frozen=True)
class Levels:
    """The noise levels of a sampler with n steps: `timesteps` (n), √ᾱ and √(1 − ᾱ) of n + 1 levels.

    Step i goes from level i to level i + 1; the last level is where it ends.
    """

    timesteps: tuple[int, ...]
    signal: tuple[float, ...]
    sigma: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.timesteps)

    def timestep_at(self, level: int) -> int | None:
        """The timestep of a level; None for the last one, which has none."""
        return self.timesteps[level] if level < len(self.timesteps) else None


@dataclass(frozen=True)
class Sampled:
    """Where a sampler is: `latents` at noise level `level`, and the ẑ₀ that led there (at first None)."""

    latents: Tensor
    level: int = 0
    x0: Tensor | None = None


def noise_levels(schedule: Schedule, steps: int, spacing: Spacing, last_alpha: float = 1.0) -> Levels:
    """Spread `steps` steps over the schedule.

    Args:
        spacing: `leading` is 1, 1 + T/steps, … as in DDIM's and LDM's code; `trailing` starts at T − 1, which
            a schedule of zero terminal SNR needs and few steps profit from (Lin et al. 2024, section 3.3).
        last_alpha: ᾱ where the last step ends.
    """
    total = schedule.num_timesteps
    steps = min(steps, total)
    if spacing == "trailing":
        timesteps = np.round(np.arange(steps, 0, -1) * total / steps).astype(int) - 1
    else:
        timesteps = np.minimum(np.arange(steps)[::-1] * (total // steps) + 1, total - 1)
    alphas = [float(schedule.alphas_cumprod[t]) for t in timesteps] + [last_alpha]
    signal = tuple(max(math.sqrt(alpha), _SMALLEST_SIGNAL) for alpha in alphas)
    sigma = tuple(math.sqrt(1 - alpha) for alpha in alphas)
    return Levels(tuple(int(t) for t in timesteps), signal, sigma)


def keep_outside_box(
    latents: Tensor, normal: Tensor, box_mask: Tensor, noise: Tensor, timestep: int | None, schedule: Schedule
) -> Tensor:
    """Put the normal photo, noised to `timestep`, back outside the box.

        z_t ← M ⊙ z_t + (1 − M) ⊙ (√ᾱ_t z₀ + √(1 − ᾱ_t) ε)      (AnoGen, stage 2)

    Args:
        latents: z_t, (B, C, h, w), scaled VAE latents.
        normal: z₀ of the normal photo, (B, C, h, w).
        box_mask: M, (B, 1, h, w), exactly 0 or 1; 1 where the anomaly is generated.
        noise: ε, (B, C, h, w); multistep solvers need the same at every step.
        timestep: t; None after the last step, where the photo goes back without noise.
    Raises:
        ValueError: `box_mask` does not match the size of `latents`.
    """
    if box_mask.shape[-2:] != latents.shape[-2:]:
        raise ValueError(f"box_mask is {tuple(box_mask.shape)}, latents are {tuple(latents.shape)}")
    background = normal if timestep is None else schedule.add_noise(normal, noise, timestep)
    return torch.where(box_mask > 0, latents, background)


def guide(
    unconditional: Tensor, conditional: Tensor, weight: float, rescale: float, region: Tensor
) -> Tensor:
    """Classifier-free guidance, with its growth in contrast taken back inside `region`.

        ε̂ = ε_u + w (ε_c − ε_u)                                   (Ho & Salimans 2022)
        ε̂ ← φ · ε̂ · std(ε_c) / std(ε̂) + (1 − φ) · ε̂               (Lin et al. 2024, eq. 14-16)

    Args:
        unconditional, conditional: outputs of the U-Net (or predictions of z₀), (B, C, h, w).
        weight: w; 1 is no guidance.   rescale: φ in [0, 1]; 0 leaves ε̂ as it is.
        region: (B, 1, h, w), 0 or 1: where the deviations are measured.
    """
    guided = unconditional + weight * (conditional - unconditional)
    if rescale == 0:
        return guided
    ratio = _deviation(conditional, region) / _deviation(guided, region).clamp(min=1e-6)
    return guided * (rescale * ratio + (1 - rescale))


def ddim(predict_x0: PredictX0, latents: Tensor, levels: Levels, blend: Blend) -> Iterator[Sampled]:
    """DDIM with η = 0 (Song et al. 2021, eq. 12), blending *before* each step, as AnoGen does.

        z_s = √ᾱ_s ẑ₀ + √(1 − ᾱ_s) ε̂,      ε̂ = (z_t − √ᾱ_t ẑ₀) / √(1 − ᾱ_t)

    Args:
        latents: z_T, (B, C, h, w).
    """
    for i, timestep in enumerate(levels.timesteps):
        latents = blend(latents, i)
        x0 = predict_x0(latents, timestep)
        noise = (latents - levels.signal[i] * x0) / levels.sigma[i]
        latents = levels.signal[i + 1] * x0 + levels.sigma[i + 1] * noise
        yield Sampled(latents, i + 1, x0)


def dpm_solver_pp_2m(
    predict_x0: PredictX0, start: Sampled, levels: Levels, blend: Blend
) -> Iterator[Sampled]:
    """DPM-Solver++(2M) (Lu et al. 2022, algorithm 2), blending after every step, the last included.

        z_t = σ_t/σ_s z_s − α_t (e^{−h} − 1) D,      D = ẑ₀ + (h/h₋₁)/2 · (ẑ₀ − ẑ₀₋₁),      h = λ_t − λ_s

    The first step, and the last one down to no noise, are of first order: D = ẑ₀.

    Args:
        start: z_T, or any state that this function yielded: it goes on from there.
    """
    latents, previous = start.latents, start.x0
    for i in range(start.level, len(levels)):
        x0 = predict_x0(latents, levels.timesteps[i])
        extrapolation = 0.0 if previous is None else _extrapolation(levels, i)
        direction = x0 if previous is None or not extrapolation else x0 + extrapolation * (x0 - previous)
        decay = levels.signal[i] * levels.sigma[i + 1] / (levels.sigma[i] * levels.signal[i + 1])  # e^{−h}
        latents = (
            levels.sigma[i + 1] / levels.sigma[i] * latents - levels.signal[i + 1] * (decay - 1) * direction
        )
        latents, previous = blend(latents, i + 1), x0
        yield Sampled(latents, i + 1, x0)


def _extrapolation(levels: Levels, i: int) -> float:
    """h / (2 h₋₁) of step i; 0 where the step ends without noise, since h is infinite there."""
    if i == 0 or levels.sigma[i + 1] == 0:
        return 0.0
    before, here, after = (math.log(levels.signal[j] / levels.sigma[j]) for j in (i - 1, i, i + 1))
    return (after - here) / (here - before) / 2


def _deviation(values: Tensor, region: Tensor) -> Tensor:
    """Standard deviation of (B, C, h, w) inside `region`, (B, 1, 1, 1)."""
    weight = region.expand_as(values)
    count = weight.sum((1, 2, 3), keepdim=True).clamp(min=1)
    mean = (values * weight).sum((1, 2, 3), keepdim=True) / count
    return (((values - mean) ** 2 * weight).sum((1, 2, 3), keepdim=True) / count).sqrt()
