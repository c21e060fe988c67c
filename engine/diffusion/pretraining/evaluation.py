"""How good the embedded backbone is, on renders that it was never trained on."""

from collections.abc import Callable, Sequence
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


def caption_gaps(
    networks: Networks,
    tokenizer: PreTrainedTokenizerFast,
    held_out: Latents,
    schedule: Schedule,
    scale: float,
) -> list[CaptionGap]:
    """Does the U-Net listen? The masked error of ẑ₀ with the right caption, the partner's and none."""
    device = next(networks.parameters()).device
    names = held_out.captions
    groups = [g for g in range(len(held_out)) if _phrase(names[3 * g + 1]) != _phrase(names[3 * g + 2])]
    rows = [(group, sibling) for group in groups for sibling in _DEFECTS]
    right = [names[3 * group + sibling] for group, sibling in rows]
    partner = [names[3 * group + 3 - sibling] for group, sibling in rows]
    z0 = torch.stack([held_out.z0[row] for row in rows]).to(device).float() * scale
    mask = torch.stack([held_out.masks[row] for row in rows]).to(device).float()
    blanked = torch.stack([held_out.blanked[group, k - 1] for group, k in rows]).to(device).float() * scale
    box = torch.stack([held_out.boxes[group, k - 1] for group, k in rows]).to(device).float()
    noise = torch.randn(z0.shape, generator=torch.Generator().manual_seed(5)).to(device)
    schedule = schedule.to(device)

    def error(captions: list[str], t: int) -> float:
        ids = tokenize(tokenizer, captions).to(device)
        noisy = schedule.add_noise(z0, noise, t)
        inputs = torch.cat([noisy, box, blanked], 1)
        output = _in_batches(
            lambda i, c: networks(i, torch.full((len(i),), t, device=device), c), inputs, ids
        )
        squared = (schedule.to_x0(output, noisy, t) - z0) ** 2 * mask
        return float(squared.sum() / (mask.sum() * z0.shape[1]))

    gaps = []
    for t in TIMESTEPS:
        errors = [error(captions, t) for captions in (right, partner, [""] * len(rows))]
        gaps.append(CaptionGap(t, errors[0], errors[1] / errors[0] - 1, errors[2] / errors[0] - 1))
    return gaps


def _phrase(caption: str) -> str:
    return caption.partition(" on ")[0]


@torch.no_grad()
def _in_batches(function: Callable[[Tensor, Tensor], Tensor], inputs: Tensor, ids: Tensor) -> Tensor:
    parts = zip(inputs.split(_BATCH), ids.split(_BATCH), strict=True)
    return torch.cat([function(rows, tokens) for rows, tokens in parts])
