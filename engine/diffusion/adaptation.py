"""Adaptation to the product: the U-Net learns good photos and, in the box, the anomaly, with the embedding.

Of a small U-Net every weight is trained, of a large one an adapter: its backbone's manifest decides.

A small backbone that has never seen the product cannot draw it, whatever the embedding says. Half of every batch
are crops of the supports (the embedding's caption), half crops of good photos with boxes of the same sizes (the
empty caption): the embedding is left to say what makes the anomaly, and guidance points away from the good part.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.data.checkpoint import load_optimizer_tensors, optimizer_tensors, step_generator
from engine.diffusion.backbone import Backbone
from engine.diffusion.backbone.trained_part import trained_part
from engine.diffusion.inversion import EvaluationBatch
from engine.diffusion.objective import denoise, stratified_timesteps, weighted_loss
from engine.diffusion.prompts import NULL_PROMPT
from engine.diffusion.views import Batch, Views

_OUTSIDE, _IN_BOX, _ON_ANOMALY = 0.15, 2.0, 3.0  # weights of the loss
_WEIGHT_DECAY = 0.01
_LARGEST_GRADIENT = 1.0
_HIGH_NOISE = 0.4  # of the timesteps; above, the shape of an anomaly is decided
_WARM_UP_STEPS = 20
_LAST_RATE = 0.05
_UNET = "unet."


@dataclass(frozen=True)
class AdaptationConfig:
    """How U-Net and vectors are optimised together.

    `batch_size` is the number of anomalous crops, there are as many normal ones; `high_noise_share` of the
    timesteps lie where the shape of an anomaly is decided, the others anywhere.
    """

    template: str
    steps: int
    unet_learning_rate: float = 2e-4
    vector_learning_rate: float = 1e-3
    batch_size: int = 4
    high_noise_share: float = 0.5
    seed: int = 0


class Adaptation:
    """The state of one adaptation: vectors v, the trained part of the backbone's U-Net (in place), optimiser, step."""

    def __init__(
        self, backbone: Backbone, anomalous: Views, normal: Views, start: Tensor, config: AdaptationConfig
    ) -> None:
        backbone.freeze()
        self.trained = trained_part(backbone.unet, backbone.manifest.adapter_rank, config.seed)
        self._weights = [weight.requires_grad_(True) for weight in self.trained.parameters()]
        self.backbone = backbone
        self.config = config
        self.step = 0
        self.vectors = start.detach().clone().float().requires_grad_(True)
        self._anomalous, self._normal = anomalous, normal
        self._optimizer = torch.optim.AdamW(
            [
                {"params": self._weights, "base_rate": config.unet_learning_rate},
                {"params": [self.vectors], "base_rate": config.vector_learning_rate},
            ],
            lr=config.unet_learning_rate,
            weight_decay=_WEIGHT_DECAY,
            fused=backbone.device.type in ("cpu", "cuda"),
        )
        with torch.no_grad():
            self._null = backbone.context(NULL_PROMPT)
        self._evaluation = EvaluationBatch(backbone, anomalous, config.seed)

    def advance(self) -> float:
        """One optimiser step; returns its loss. The random choices depend on seed and step alone."""
        generator = step_generator(self.config.seed, self.step)
        batch = self._draw(generator)
        timesteps = self._draw_timesteps(len(batch.z0), generator).to(batch.z0.device)
        noise = torch.randn(batch.z0.shape, generator=generator).to(batch.z0)
        anomaly = self.backbone.context(self.config.template, self.vectors)
        count = self.config.batch_size
        context = torch.cat([anomaly.expand(count, -1, -1), self._null.expand(count, -1, -1)])
        output, target = denoise(self.backbone, batch, timesteps, noise, context)
        loss = weighted_loss(output, target, _OUTSIDE + _IN_BOX * batch.box + _ON_ANOMALY * batch.mask)
        self._update(loss)
        return float(loss.detach())

    def evaluate(self) -> float:
        """The masked loss on fixed crops of the supports, timesteps and noise."""
        return self._evaluation.loss(self.config.template, self.vectors)

    def state(self) -> dict[str, Tensor]:
        """Everything that `load_state` needs to go on as if nothing had happened."""
        unet = {f"{_UNET}{name}": tensor for name, tensor in self.trained.tensors().items()}
        return {"vectors": self.vectors.detach(), **unet, **optimizer_tensors(self._optimizer)}

    def load_state(self, tensors: dict[str, Tensor], step: int) -> None:
        unet = {name.removeprefix(_UNET): t for name, t in tensors.items() if name.startswith(_UNET)}
        self.trained.load(unet)
        with torch.no_grad():
            self.vectors.copy_(tensors["vectors"])
        load_optimizer_tensors(self._optimizer, tensors)
        self.step = step

    def _draw(self, generator: torch.Generator) -> Batch:
        """Anomalous and as many normal crops in one batch; the anomalous ones come first."""
        count = self.config.batch_size
        drawn = [
            views.draw(torch.randint(len(views), (count,), generator=generator), generator)
            for views in (self._anomalous, self._normal)
        ]
        pairs = [
            torch.cat([getattr(part, name) for part in drawn]) for name in ("z0", "blanked", "mask", "box")
        ]
        return Batch(*pairs)

    def _draw_timesteps(self, count: int, generator: torch.Generator) -> Tensor:
        total = self.backbone.schedule.num_timesteps
        anywhere = stratified_timesteps(count, total, generator)
        high = stratified_timesteps(count, total, generator, above=int(_HIGH_NOISE * total))
        is_high = torch.rand(count, generator=generator) < self.config.high_noise_share
        return torch.where(is_high, high, anywhere)

    def _update(self, loss: Tensor) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = group["base_rate"] * rate_factor(self.step, self.config.steps)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._weights, _LARGEST_GRADIENT)
        self._optimizer.step()
        self.step += 1


def rate_factor(step: int, steps: int) -> float:
    """Warm-up, then half a cosine down to a twentieth: the learning rate's factor at `step` of `steps`."""
    warm = min(1.0, (step + 1) / _WARM_UP_STEPS)
    progress = min(1.0, step / max(1, steps))
    return warm * (_LAST_RATE + (1 - _LAST_RATE) * 0.5 * (1 + math.cos(math.pi * progress)))
