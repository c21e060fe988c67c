"""The model that a sampler calls: U-Net, guidance and noise schedule in one function (z_t, t) → ẑ₀.

Bytes that do not depend on the company. The rounding of matrix products depends on how many rows there are: the
same crop, alone or among others, would differ in the last bits, and now and then in a byte of the sample. So the
batches that enter a network are filled up (the last crop again): on a CPU to a multiple of 4 rows, where one block of
rows is computed like any other; on an accelerator, where the size chooses the kernel, to the whole batch size.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone
from engine.diffusion.sampling import guide

_ROWS_ON_CPU = 4
RESCALE_ZERO_SNR = 0.7  # φ where the schedule ends in pure noise: guidance saturates there without


@dataclass(frozen=True)
class Guidance:
    """How strongly the embedding is followed.

    `weight` 1 follows it as it is, 0 ignores it: neither needs a second pass. `rescale` is φ of `guide`. Below timestep
    `above` there is no guidance: it would only sharpen grain there (Kynkäänniemi et al. 2024), at twice the price.
    """

    weight: float
    rescale: float = 0.0
    above: int = 0

    def is_needed(self, timestep: int) -> bool:
        return self.weight not in (0.0, 1.0) and timestep >= self.above


@dataclass(frozen=True)
class Denoiser:
    """(z_t, t) → ẑ₀ of a batch of crops.

    `context` is (B, L, C), `null_context` (1, L, C), `box_mask` (B, 1, h, w), `blanked` (B, c, h, w), on the device.
    """

    backbone: Backbone
    context: Tensor
    null_context: Tensor
    box_mask: Tensor
    blanked: Tensor
    guidance: Guidance
    batch_size: int = 1

    @torch.no_grad()
    def __call__(self, latents: Tensor, timestep: int) -> Tensor:
        if not self.guidance.is_needed(timestep):
            context = self.context if self.guidance.weight else self.null_context.expand_as(self.context)
            output = self._predict(latents, timestep, context, copies=1)
        else:
            context = torch.cat([self.null_context.expand_as(self.context), self.context])
            unconditional, conditional = self._predict(latents, timestep, context, copies=2).chunk(2)
            output = guide(unconditional, conditional, self.guidance.weight, self.guidance.rescale, self.box_mask)
        return self.backbone.schedule.to_x0(output, latents, timestep)

    def with_context(self, context: Tensor) -> "Denoiser":
        """The same for other embeddings, (B, L, C)."""
        return replace(self, context=context)

    def _predict(self, latents: Tensor, timestep: int, context: Tensor, copies: int) -> Tensor:
        """The U-Net's output for each crop `copies` times, (copies · B, c, h, w); `context` is (copies · B, L, C)."""
        count, block = len(latents), self._block(copies)
        crops = [fill_block(part, block).repeat(copies, 1, 1, 1) for part in (latents, self.box_mask, self.blanked)]
        contexts = torch.cat([fill_block(part, block) for part in context.chunk(copies)])
        timesteps = torch.full((len(contexts),), timestep, dtype=torch.long, device=latents.device)
        output = self.backbone.predict(crops[0], timesteps, contexts, box_mask=crops[1], blanked=crops[2])
        return torch.cat([part[:count] for part in output.chunk(copies)])

    def _block(self, copies: int) -> int:
        """Crops that a batch is filled up to a multiple of."""
        return _ROWS_ON_CPU // copies if self.backbone.device.type == "cpu" else self.batch_size


def fill_block(rows: Tensor, block: int) -> Tensor:
    """Repeat the last row until there is a multiple of `block` of them."""
    missing = -len(rows) % block
    return torch.cat([rows, rows[-1:].expand(missing, *rows.shape[1:])]) if missing else rows
