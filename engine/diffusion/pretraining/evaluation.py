"""How good the embedded backbone is, on renders that it was never trained on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.diffusion.backbone.schedule import Schedule
from engine.diffusion.pretraining.denoising import Networks, tokenize
from engine.diffusion.pretraining.latents import Latents

TIMESTEPS = (500, 700, 900)
_BATCH = 16
_DEFECTS = (1, 2)  # the siblings with a defect; pair k − 1 has the box of sibling k


@dataclass(frozen=True)
class CaptionGap:
    """The error of ẑ₀ on the defect at timestep `t`, and how much larger it is with another caption.

    `partner` is the caption of the sibling with the other defect, `none` the empty one; 0.2 means 20 % worse.
    """

    t: int
    error: float
    partner: float
    none: float

    def __str__(self) -> str:
        return f"t={self.t}: {self.error:.3f}, partner {self.partner:+.0%}, none {self.none:+.0%}"


@torch.no_grad()
def reconstruction_psnr(autoencoder: AutoencoderKL, images: Sequence[np.ndarray]) -> float:
    """Mean peak signal-to-noise ratio in dB of photos (H, W, 3) uint8, each through the autoencoder and back."""
    device = next(autoencoder.parameters()).device
    values = []
    for image in images:
        pixels = (
            torch.from_numpy(np.ascontiguousarray(image)).to(device).movedim(-1, 0)[None].float() / 127.5 - 1
        )
        decoded = autoencoder.decode(autoencoder.encode(pixels).latent_dist.mean).sample.clamp(-1, 1)
        values.append(10 * torch.log10(4 / ((decoded - pixels) ** 2).mean().clamp(min=1e-10)))
    return float(torch.stack(values).mean())


@dataclass(frozen=True)
class Defects:
    """N defects that fill their boxes, in the units that the U-Net works in.

    `z0` and `blanked` (N, c, h, w); `mask` and `box` (N, 1, h, w), exactly 0 or 1; N `captions`, and N of other
    defects on the same surfaces, the `partners`.
    """

    z0: Tensor
    blanked: Tensor
    mask: Tensor
    box: Tensor
    captions: list[str]
    partners: list[str]

    def noise(self) -> Tensor:
        """The same ε, (N, c, h, w), for whatever is measured."""
        return torch.randn(self.z0.shape, generator=torch.Generator().manual_seed(5)).to(self.z0)


Predict = Callable[[Tensor, int, Tensor, Tensor, list[str]], Tensor]
"""(z_t, t, box, blanked, captions) → the U-Net's output, (B, c, h, w)."""


def caption_gaps(
    networks: Networks,
    tokenizer: PreTrainedTokenizerFast,
    held_out: Latents,
    schedule: Schedule,
    scale: float,
) -> list[CaptionGap]:
    """Does the U-Net in training listen? See `measure_gaps`."""
    device = next(networks.parameters()).device

    def predict(noisy: Tensor, t: int, box: Tensor, blanked: Tensor, captions: list[str]) -> Tensor:
        ids = tokenize(tokenizer, captions).to(device)
        timesteps = torch.full((len(noisy),), t, device=device)
        return networks(torch.cat([noisy, box, blanked], 1), timesteps, ids)

    defects = _defects_of(held_out, scale, device)
    return list(measure_gaps(predict, defects, schedule.to(device)))


def measure_gaps(predict: Predict, defects: Defects, schedule: Schedule) -> Iterator[CaptionGap]:
    """Does a U-Net listen? The error of ẑ₀ on the defects with the right caption, the partner's and none."""
    noise = defects.noise()
    nothing = [""] * len(defects.captions)
    for t in TIMESTEPS:
        noisy = schedule.add_noise(defects.z0, noise, t)
        errors = []
        for captions in (defects.captions, defects.partners, nothing):
            x0 = schedule.to_x0(predict_all(predict, defects, noisy, t, captions), noisy, t)
            errors.append(mean_square(x0 - defects.z0, defects.mask))
        yield CaptionGap(t, errors[0], errors[1] / errors[0] - 1, errors[2] / errors[0] - 1)


@torch.no_grad()
def predict_all(predict: Predict, defects: Defects, noisy: Tensor, t: int, captions: list[str]) -> Tensor:
    """The U-Net's output for all defects, (N, c, h, w), a few at a time."""
    parts = []
    for start in range(0, len(noisy), _BATCH):
        rows = slice(start, start + _BATCH)
        parts.append(predict(noisy[rows], t, defects.box[rows], defects.blanked[rows], captions[rows]))
    return torch.cat(parts)


def mean_square(difference: Tensor, where: Tensor) -> float:
    """Of (N, c, h, w), over the latents where (N, 1, h, w) is 1."""
    return float((difference**2 * where).sum() / (where.sum() * difference.shape[1]))


def _defects_of(held_out: Latents, scale: float, device: torch.device) -> Defects:
    """Both defects of every surface where the captions tell them apart."""
    told = held_out.captions
    groups = [g for g in range(len(held_out)) if told[3 * g + 1].defect != told[3 * g + 2].defect]
    rows = [(group, sibling) for group in groups for sibling in _DEFECTS]

    def stacked(tensors: Iterable[Tensor]) -> Tensor:
        return torch.stack(list(tensors)).to(device).float()

    return Defects(
        stacked(held_out.z0[row] for row in rows) * scale,
        stacked(held_out.blanked[group, k - 1] for group, k in rows) * scale,
        stacked(held_out.masks[row] for row in rows),
        stacked(held_out.boxes[group, k - 1] for group, k in rows),
        [str(told[3 * group + sibling]) for group, sibling in rows],
        [str(told[3 * group + 3 - sibling]) for group, sibling in rows],
    )
