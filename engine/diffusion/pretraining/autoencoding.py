"""Training of the embedded backbone's autoencoder."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from torch import Tensor, nn

from engine.data.checkpoint import load_optimizer_tensors, optimizer_tensors, step_generator
from engine.data.images import to_unit
from engine.diffusion.pretraining.averaging import Average, below
from engine.diffusion.pretraining.networks import build_autoencoder

_BATCH, _CROP = 16, 64
_RATE, _LAST_RATE, _WARM_UP_STEPS = 1e-3, 0.02, 50
_GRADIENT, _POOLED, _SQUARED, _KL = 0.3, 1.0, 2.0, 1e-4  # weights of the loss beside L1
_POOL = 4


class AutoencoderTraining:
    """The state of a training: network, its average, optimiser and step.

    Args:
        images: (N, 128, 128, 3) uint8.
    """

    def __init__(self, images: np.ndarray, seed: int, device: torch.device) -> None:
        torch.manual_seed(seed)
        self.network: AutoencoderKL = build_autoencoder().to(device, memory_format=torch.channels_last)
        self.average = Average(self.network, decay=0.995)
        self.step = 0
        self._images, self._seed, self._device = images, seed, device
        self._optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=_RATE, betas=(0.9, 0.98), weight_decay=0.01, fused=True
        )

    def advance(self, progress: float) -> float:
        """One optimiser step; `progress` is how much of the training is over, 0 to 1. Returns the loss."""
        for group in self._optimizer.param_groups:
            group["lr"] = _RATE * self._rate_factor(progress)
        images, noise = self._draw()
        loss = self._loss(images, noise)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimizer.step()
        self.step += 1
        self.average.follow(self.step)
        return float(loss.detach())

    def start_from(self, autoencoder: nn.Module) -> None:
        """Begin with the weights of another autoencoder."""
        self.network.load_state_dict(autoencoder.state_dict())
        self.average.restart()

    def state(self) -> dict[str, Tensor]:
        """Everything that `load_state` needs to go on."""
        network = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        average = {f"average.{name}": tensor for name, tensor in self.average.state().items()}
        return {**network, **average, **optimizer_tensors(self._optimizer)}

    def load_state(self, tensors: dict[str, Tensor], step: int) -> None:
        self.network.load_state_dict(below(tensors, "network."))
        self.average.load_state(below(tensors, "average."))
        load_optimizer_tensors(self._optimizer, tensors)
        self.step = step

    def _rate_factor(self, progress: float) -> float:
        warm = min(1.0, (self.step + 1) / _WARM_UP_STEPS)
        return warm * (_LAST_RATE + (1 - _LAST_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))

    def _draw(self) -> tuple[Tensor, Tensor]:
        """Crops x, (B, 3, 64, 64) in [−1, 1], and noise for their latents."""
        generator = step_generator(self._seed, self.step)
        rng = np.random.default_rng(generator.initial_seed())
        size = self._images.shape[1]
        crops = []
        for index in rng.integers(0, len(self._images), _BATCH):
            top, left = rng.integers(0, size - _CROP + 1, 2)
            crops.append(
                to_unit(np.ascontiguousarray(self._images[index, top : top + _CROP, left : left + _CROP]))
            )
        images = torch.from_numpy(np.stack(crops)).to(self._device)
        side = _CROP // 4
        return images, torch.randn(_BATCH, 4, side, side, generator=generator).to(self._device)

    def _loss(self, images: Tensor, noise: Tensor) -> Tensor:
        posterior = self.network.encode(images).latent_dist
        decoded = self.network.decode(posterior.mean + posterior.std * noise).sample
        return reconstruction_loss(decoded, images) + _KL * posterior.kl().mean() / posterior.mean[0].numel()


def reconstruction_loss(decoded: Tensor, images: Tensor) -> Tensor:
    """L1 on pixels, on differences of neighbours and on 4 × 4 averages, and a squared error."""
    error = decoded - images
    gradients = (error[..., 1:] - error[..., :-1]).abs().mean() + (
        error[..., 1:, :] - error[..., :-1, :]
    ).abs().mean()
    pooled = F.avg_pool2d(error, _POOL).abs().mean()
    return error.abs().mean() + _GRADIENT * gradients + _POOLED * pooled + _SQUARED * (error**2).mean()
