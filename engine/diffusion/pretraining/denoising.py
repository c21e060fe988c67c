"""Training of the embedded backbone's U-Net and text encoder, on pairs that only their captions tell apart."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from engine.data.checkpoint import load_optimizer_tensors, optimizer_tensors, step_generator
from engine.device import fast_arithmetic
from engine.diffusion.backbone.schedule import Schedule
from engine.diffusion.objective import weighted_loss
from engine.diffusion.pretraining.averaging import Average, below
from engine.diffusion.pretraining.latents import Latents
from engine.diffusion.pretraining.networks import build_text_encoder, build_unet
from engine.diffusion.pretraining.pairs import draw_pair, target_in
from engine.diffusion.pretraining.tokenizer import carry_words

_RATE, _LAST_RATE, _WARM_UP_STEPS = 1e-3, 0.02, 100
_TEXT_RATE = 0.4  # of the U-Net's
_FALL_FROM = 0.2  # of the training: the learning rate is constant before
_BATCH = 16
_OUTSIDE, _IN_BOX, _ON_DEFECT = 0.05, 2.0, 4.0  # weights of the loss
_HIGH_NOISE_SHARE, _HIGH_NOISE = 0.7, 0.4
_ON_CUDA = 8  # times as many in a batch
_AVERAGE_EVERY = 4


class Networks(nn.Module):
    """The two networks that are trained together."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        super().__init__()
        self.unet = build_unet()
        self.text_encoder = build_text_encoder(tokenizer)

    def forward(self, latents: Tensor, timesteps: Tensor, ids: Tensor) -> Tensor:
        """(B, 9, h, w), (B,), (B, L) → v, (B, 4, h, w)."""
        context = self.text_encoder(ids).last_hidden_state
        return self.unet(latents, timesteps, context).sample


class DenoiserTraining:
    """The state of a training: networks, their average, optimiser and step.

    Args:
        scale: what latents are multiplied by, so that their standard deviation is 1.
    """

    def __init__(
        self,
        latents: Latents,
        tokenizer: PreTrainedTokenizerFast,
        schedule: Schedule,
        scale: float,
        seed: int,
        device: torch.device,
    ) -> None:
        torch.manual_seed(seed)
        self.networks = Networks(tokenizer).to(device)
        self.networks.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._forward = torch.compile(self.networks) if device.type == "cuda" else self.networks
        self.average = Average(self.networks, decay=0.996)
        self.step = 0
        self._latents, self._tokenizer, self._schedule, self._scale = (
            latents,
            tokenizer,
            schedule.to(device),
            scale,
        )
        self._seed, self._device = seed, device
        groups = [
            {"params": list(self.networks.unet.parameters()), "base_rate": _RATE},
            {"params": list(self.networks.text_encoder.parameters()), "base_rate": _RATE * _TEXT_RATE},
        ]
        self._optimizer = torch.optim.AdamW(
            groups, lr=_RATE, betas=(0.9, 0.99), weight_decay=0.01, fused=True
        )

    def advance(self, progress: float) -> float:
        """One optimiser step; `progress` is how much of the training is over, 0 to 1. Returns the loss."""
        for group in self._optimizer.param_groups:
            group["lr"] = group["base_rate"] * self._rate_factor(progress)
        loss = self._loss()
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.networks.parameters(), 1.0)
        self._optimizer.step()
        self.step += 1
        if self.step % _AVERAGE_EVERY == 0:
            self.average.follow(self.step // _AVERAGE_EVERY)
        return float(loss.detach())

    def start_from(
        self, unet: nn.Module, text_encoder: nn.Module, tokenizer: PreTrainedTokenizerFast
    ) -> None:
        """Begin with the weights of other networks of the same shape; words that they do not know start afresh."""
        self.networks.unet.load_state_dict(unet.state_dict())
        carry_words(text_encoder, tokenizer, self.networks.text_encoder, self._tokenizer)
        self.average.restart()

    def state(self) -> dict[str, Tensor]:
        """Everything that `load_state` needs to go on."""
        networks = {f"networks.{name}": tensor for name, tensor in self.networks.state_dict().items()}
        average = {f"average.{name}": tensor for name, tensor in self.average.state().items()}
        return {**networks, **average, **optimizer_tensors(self._optimizer)}

    def load_state(self, tensors: dict[str, Tensor], step: int) -> None:
        self.networks.load_state_dict(below(tensors, "networks."))
        self.average.load_state(below(tensors, "average."))
        load_optimizer_tensors(self._optimizer, tensors)
        self.step = step

    def _rate_factor(self, progress: float) -> float:
        warm = min(1.0, (self.step + 1) / _WARM_UP_STEPS)
        fallen = min(1.0, max(0.0, progress - _FALL_FROM) / (1 - _FALL_FROM))
        return warm * (_LAST_RATE + (1 - _LAST_RATE) * 0.5 * (1 + math.cos(math.pi * fallen)))

    def _loss(self) -> Tensor:
        generator = step_generator(self._seed, self.step)
        rng = np.random.default_rng(generator.initial_seed())
        pairs = _BATCH // 2
        if self._device.type == "cuda":
            pairs *= _ON_CUDA
        timesteps = self._timesteps(pairs, generator)
        shares = (timesteps / self._schedule.num_timesteps).tolist()
        rows = [row for share in shares for row in draw_pair(self._latents, rng, share)]
        z0, shown, blanked, mask, box = (
            self._stacked(tensors) for tensors in zip(*(row.tensors() for row in rows), strict=True)
        )
        z0, shown, blanked = z0 * self._scale, shown * self._scale, blanked * self._scale
        ids = self._tokenize([row.caption for row in rows])
        timesteps = timesteps.repeat_interleave(2).to(self._device)
        noise = torch.randn(pairs, *z0.shape[1:], generator=generator).repeat_interleave(2, 0).to(z0)
        noisy = self._schedule.add_noise(shown, noise, timesteps)
        with fast_arithmetic(self._device):
            output = self._forward(torch.cat([noisy, box, blanked], 1), timesteps, ids)
        target = target_in(noisy, z0, timesteps, self._schedule)
        return weighted_loss(output, target, _OUTSIDE + _IN_BOX * box + _ON_DEFECT * mask)

    def _stacked(self, tensors: Sequence[Tensor]) -> Tensor:
        return torch.stack(list(tensors)).to(self._device).float()

    def _tokenize(self, captions: list[str]) -> Tensor:
        return tokenize(self._tokenizer, captions).to(self._device)

    def _timesteps(self, count: int, generator: torch.Generator) -> Tensor:
        total = self._schedule.num_timesteps
        low = torch.where(torch.rand(count, generator=generator) < _HIGH_NOISE_SHARE, _HIGH_NOISE, 0.0)
        share = low + (1 - low) * torch.rand(count, generator=generator)
        return (share * total).long().clamp(max=total - 1)


def tokenize(tokenizer: PreTrainedTokenizerFast, captions: list[str]) -> Tensor:
    """(B, L) long."""
    return tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt").input_ids
