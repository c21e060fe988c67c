"""The model that a sampler calls: U-Net, guidance and noise schedule in one function (z_t, t) → ẑ₀.

Bytes that do not depend on the company. The rounding of matrix products depends on how many rows there are:
the same crop, alone or among others, would differ in the last bits, and now and then in a byte of the sample.
So the networks always get blocks of exactly the same number of rows, the last one filled up. (Multiples of a block
are not enough: with two threads, eight rows come out differently from twice four.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone
from engine.diffusion.sampling import guide

RESCALE_ZERO_SNR = 0.7  # φ where the schedule ends in pure noise: guidance saturates there without


@dataclass(frozen=True)
class Guidance:
    """How strongly the embedding is followed.

    `weight` 1 follows it as it is, 0 ignores it: neither needs a second pass. `rescale` is φ of `guide`.
    Below timestep `above` there is no guidance: it would only sharpen grain there (Kynkäänniemi et al. 2024),
    at twice the price.
    """

    weight: float
    rescale: float = 0.0
    above: int = 0

    def is_needed(self, timestep: int) -> bool:
        return self.weight not in (0.0, 1.0) and timestep >= self.above


@dataclass(frozen=True)
class Denoiser:
    """(z_t, t) → ẑ₀ of a batch of crops.

    `context` is (B, L, C), `null_context` (1, L, C), `box_mask` (B, 1, h, w), `blanked` (B, c, h, w), on the
    device. `rows_on_cpu` are the rows of a block there; an accelerator, which wants many, gets all that a batch of
    `batch_size` crops has. None: all rows at once, and a single crop is done in half the time.
    """

    backbone: Backbone
    context: Tensor
    null_context: Tensor
    box_mask: Tensor
    blanked: Tensor
    guidance: Guidance
    batch_size: int
    rows_on_cpu: int | None

    @torch.no_grad()
    def __call__(self, latents: Tensor, timestep: int) -> Tensor:
        null_context = self.null_context.expand_as(self.context)
        if self.guidance.is_needed(timestep):
            unconditional, conditional = self._predict(latents, timestep, [null_context, self.context])
            weight, rescale = self.guidance.weight, self.guidance.rescale
            output = guide(unconditional, conditional, weight, rescale, self.box_mask)
        else:
            context = self.context if self.guidance.weight else null_context
            (output,) = self._predict(latents, timestep, [context])
        return self.backbone.schedule.to_x0(output, latents, timestep)

    def _predict(self, latents: Tensor, timestep: int, contexts: list[Tensor]) -> list[Tensor]:
        """The U-Net's output for every crop with each of the contexts (B, L, C): as many (B, c, h, w)."""
        copies = len(contexts)
        parts = [part.repeat(copies, 1, 1, 1) for part in (latents, self.box_mask, self.blanked)]
        unet, rows = partial(self._unet, timestep), self._rows(copies)
        return list(in_blocks(unet, rows, *parts, torch.cat(contexts)).chunk(copies))

    def _unet(
        self, timestep: int, latents: Tensor, box_mask: Tensor, blanked: Tensor, context: Tensor
    ) -> Tensor:
        timesteps = torch.full((len(latents),), timestep, dtype=torch.long, device=latents.device)
        return self.backbone.predict(latents, timesteps, context, box_mask=box_mask, blanked=blanked)

    def _rows(self, copies: int) -> int | None:
        """Rows of a block."""
        is_free = self.rows_on_cpu is None or self.backbone.device.type == "cpu"
        return self.rows_on_cpu if is_free else copies * self.batch_size


def in_blocks(function: Callable[..., Tensor], rows: int | None, *inputs: Tensor) -> Tensor:
    """Apply a network to blocks of exactly `rows` rows, the last one filled up; None: to all rows at once.

    Args:
        inputs: tensors with the same number of rows.
    Returns:
        (rows of an input, …), contiguous.
    """
    count = len(inputs[0])
    block = rows or count
    blocks = zip(*(_filled(part, block).split(block) for part in inputs), strict=True)
    return torch.cat([function(*parts) for parts in blocks])[:count].contiguous()


def _filled(rows: Tensor, block: int) -> Tensor:
    """Repeat the last row until there is a multiple of `block` of them."""
    missing = -len(rows) % block
    return torch.cat([rows, rows[-1:].expand(missing, *rows.shape[1:])]) if missing else rows
