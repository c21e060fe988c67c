"""The losses of stage 1."""

import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone
from engine.diffusion.views import Batch


def denoise(
    backbone: Backbone, batch: Batch, timesteps: Tensor, noise: Tensor, context: Tensor
) -> tuple[Tensor, Tensor]:
    """Noise z0 to `timesteps` and let the U-Net predict.

    Args:
        timesteps: t, (B,) long.   noise: ε, (B, c, h, w).   context: τ(y, v), (1 or B, L, C).
    Returns:
        The U-Net's output and what it should have been (ε or v, as the backbone predicts), both (B, c, h, w).
    """
    noisy = backbone.schedule.add_noise(batch.z0, noise, timesteps)
    context = context.expand(len(noisy), -1, -1)
    output = backbone.predict(noisy, timesteps, context, box_mask=batch.box, blanked=batch.blanked)
    return output, backbone.schedule.target(batch.z0, noise, timesteps)


def masked_loss(output: Tensor, target: Tensor, mask: Tensor, over_all_pixels: bool = False) -> Tensor:
    """‖(ε − ε_θ) ⊙ M_a‖², averaged over the masked latents (or over all of them, as the paper's code does).

    Averaged over all, a small defect gets a small gradient: the learning rate would depend on its size.

    Args:
        output, target: (B, c, h, w).   mask: M_a, (B, 1, h, w), 0 or 1.
    """
    squared = (output.float() - target.float()) ** 2 * mask
    if over_all_pixels:
        return squared.mean()
    return squared.sum() / (mask.sum().clamp(min=1) * squared.shape[1])


def weighted_loss(output: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Mean squared error with a weight per latent, (B, 1, h, w), whose own mean does not matter."""
    squared = (output.float() - target.float()) ** 2
    return (squared * weight).sum() / (weight.sum() * squared.shape[1])


def stratified_timesteps(count: int, total: int, generator: torch.Generator, above: int = 0) -> Tensor:
    """`count` timesteps in [above, total), one in each of `count` equal strata, in random order."""
    offsets = torch.rand(count, generator=generator)
    strata = torch.randperm(count, generator=generator)
    return (above + (strata + offsets) / count * (total - above)).long().clamp(max=total - 1)
