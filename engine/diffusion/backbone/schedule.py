"""The noise schedule of a backbone, and what follows from it in closed form.

z_t = √ᾱ_t z₀ + √(1 − ᾱ_t) ε                    (DDPM, Ho et al. 2020, eq. 4)
v_t = √ᾱ_t ε − √(1 − ᾱ_t) z₀                     (Salimans & Ho 2022, appendix D)
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
from torch import Tensor

from engine.errors import EngineError

PredictionType = Literal["epsilon", "v_prediction"]
_SMALLEST_SIGNAL = 2.0**-12  # stands for √ᾱ_T = 0 where it would have to be divided by
_LARGEST_BETA = 0.999


@dataclass(frozen=True)
class Schedule:
    """ᾱ_t of T timesteps, and what the U-Net predicts.

    `alphas_cumprod` is (T,) float32, falling; its last value is exactly 0 where the schedule ends in pure
    noise (`zero_snr`).

    Timesteps `t` are (B,) long tensors, or one int for the whole batch; latents are (B, c, h, w).
    """

    alphas_cumprod: Tensor
    prediction_type: PredictionType = "epsilon"

    @property
    def num_timesteps(self) -> int:
        return len(self.alphas_cumprod)

    @property
    def zero_snr(self) -> bool:
        return float(self.alphas_cumprod[-1]) == 0.0

    def to(self, device: torch.device) -> "Schedule":
        return replace(self, alphas_cumprod=self.alphas_cumprod.to(device))

    def scales(self, t: Tensor | int, like: Tensor) -> tuple[Tensor, Tensor]:
        """√ᾱ_t and √(1 − ᾱ_t) as (B, 1, 1, 1), or of one element, on the device and of the type of `like`."""
        index = torch.as_tensor(t, device=self.alphas_cumprod.device).reshape(-1, 1, 1, 1)
        alpha = self.alphas_cumprod[index]
        return alpha.sqrt().to(like), (1 - alpha).sqrt().to(like)

    def add_noise(self, z0: Tensor, noise: Tensor, t: Tensor | int) -> Tensor:
        """z_t = √ᾱ_t z₀ + √(1 − ᾱ_t) ε."""
        signal, sigma = self.scales(t, z0)
        return signal * z0 + sigma * noise

    def velocity(self, z0: Tensor, noise: Tensor, t: Tensor | int) -> Tensor:
        """v_t = √ᾱ_t ε − √(1 − ᾱ_t) z₀."""
        signal, sigma = self.scales(t, z0)
        return signal * noise - sigma * z0

    def target(self, z0: Tensor, noise: Tensor, t: Tensor | int) -> Tensor:
        """What the U-Net should say of z_t: ε or v_t, as it was trained."""
        return noise if self.prediction_type == "epsilon" else self.velocity(z0, noise, t)

    def to_x0(self, output: Tensor, z_t: Tensor, t: Tensor | int) -> Tensor:
        """ẑ₀ from the U-Net's output:  (z_t − √(1 − ᾱ_t) ε̂) / √ᾱ_t   or   √ᾱ_t z_t − √(1 − ᾱ_t) v̂.

        An ε-prediction says nothing of z₀ where ᾱ_t = 0; the result is finite there, and no more.
        """
        signal, sigma = self.scales(t, z_t)
        if self.prediction_type == "epsilon":
            return (z_t - sigma * output) / signal.clamp(min=_SMALLEST_SIGNAL)
        return signal * z_t - sigma * output

    def to_noise(self, output: Tensor, z_t: Tensor, t: Tensor | int) -> Tensor:
        """ε̂ from the U-Net's output:  itself   or   √(1 − ᾱ_t) z_t + √ᾱ_t v̂."""
        if self.prediction_type == "epsilon":
            return output
        signal, sigma = self.scales(t, z_t)
        return sigma * z_t + signal * output


def schedule_from_config(config: Mapping[str, Any], where: str = "scheduler_config.json") -> Schedule:
    """The schedule that a diffusers `scheduler_config.json` describes.

    Raises:
        EngineError: a kind of schedule or prediction that is not known here, or no numbers; `where` names
            the file.
    """
    prediction = config.get("prediction_type", "epsilon")
    if prediction not in ("epsilon", "v_prediction"):
        raise EngineError(
            f"{where}: the prediction type “{prediction}” is not supported.",
            "Use a backbone that predicts the noise (epsilon) or v (v_prediction).",
        )
    try:
        alphas = torch.cumprod(1 - _betas(config, where), 0)
        if not len(alphas):
            raise ValueError("no timesteps")
    except (TypeError, ValueError, RuntimeError) as error:
        raise EngineError(
            f"{where}: the numbers of the noise schedule cannot be read.", "Download the backbone again."
        ) from error
    if config.get("rescale_betas_zero_snr"):
        alphas = _rescale_to_zero_snr(alphas)
    return Schedule(alphas.float(), prediction)


def _betas(config: Mapping[str, Any], where: str) -> Tensor:
    """β_t, (T,) float64."""
    trained = config.get("trained_betas")
    if trained is not None:
        return torch.tensor(trained, dtype=torch.float64)
    kind = config.get("beta_schedule", "linear")
    steps = int(config.get("num_train_timesteps", 1000))
    first, last = float(config.get("beta_start", 0.0001)), float(config.get("beta_end", 0.02))
    if kind == "linear":
        return torch.linspace(first, last, steps, dtype=torch.float64)
    if kind == "scaled_linear":
        return torch.linspace(math.sqrt(first), math.sqrt(last), steps, dtype=torch.float64) ** 2
    if kind == "squaredcos_cap_v2":
        return _cosine_betas(steps)
    raise EngineError(
        f"{where}: the noise schedule “{kind}” is not supported.",
        "Use a backbone with a linear, scaled_linear or squaredcos_cap_v2 schedule.",
    )


def _cosine_betas(steps: int) -> Tensor:
    """β_t of ᾱ(s) = cos²((s + 0.008) / 1.008 · π/2), capped   (Nichol & Dhariwal 2021, eq. 17)."""
    s = torch.linspace(0, 1, steps + 1, dtype=torch.float64)
    alphas = torch.cos((s + 0.008) / 1.008 * math.pi / 2) ** 2
    return (1 - alphas[1:] / alphas[:-1]).clamp(max=_LARGEST_BETA)


def _rescale_to_zero_snr(alphas: Tensor) -> Tensor:
    """Shift and stretch √ᾱ so that the first stays and the last is exactly 0  (Lin et al. 2024, alg. 1)."""
    signal = alphas.sqrt()
    first, last = signal[0].clone(), signal[-1].clone()
    return ((signal - last) * first / (first - last)) ** 2
