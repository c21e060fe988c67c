"""Stage 1: masked textual inversion on a frozen backbone.

    v* = argmin_v E_{z0,ε,t} ‖(ε − ε_θ(z_t, t, τ(y, v))) ⊙ M_a‖²           (AnoGen, ECCV 2024)

Only `vectors × token_dim` numbers are learned.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.data.checkpoint import load_optimizer_tensors, optimizer_tensors, step_generator
from engine.diffusion.backbone import Backbone
from engine.diffusion.objective import denoise, masked_loss, stratified_timesteps
from engine.diffusion.views import Batch, Views

_EVALUATION_BATCH = 8
_EASY = 0.1  # of the timesteps, the first ones: hardly any noise, nothing to be seen of the anomaly's shape
_FLAT_WINDOW = 200
_FLAT_RATIO = 0.15
_STILL_FALLING = 0.05  # of the whole range, from one half of the window to the other


@dataclass(frozen=True)
class InversionConfig:
    """How the vectors are optimised.

    `anchor` is the weight of ‖v − v₀‖². `is_paper` draws timesteps and averages the loss as the paper's code does:
    each timestep for itself, and over all pixels. Otherwise those of a batch lie in equal strata, which changes
    the gradient's variance and not its expectation.
    """

    templates: tuple[str, ...]
    learning_rate: float
    batch_size: int = 4
    weight_decay: float = 0.01
    anchor: float = 0.0
    is_paper: bool = False
    seed: int = 0


class Inversion:
    """The state of one inversion: vectors v (K, D), optimiser and step."""

    def __init__(self, backbone: Backbone, views: Views, start: Tensor, config: InversionConfig) -> None:
        backbone.freeze()
        self.backbone = backbone
        self.config = config
        self.step = 0
        self.vectors = start.detach().clone().float().requires_grad_(True)
        self._start = start.detach().clone().float()
        self._views = views
        self._optimizer = torch.optim.AdamW(
            [self.vectors], lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self._evaluation = EvaluationBatch(backbone, views, config.seed)

    def advance(self) -> float:
        """One optimiser step; returns its loss. The random choices depend on seed and step alone."""
        generator = step_generator(self.config.seed, self.step)
        indices = torch.randint(len(self._views), (self.config.batch_size,), generator=generator)
        batch = self._views.draw(indices, generator)
        timesteps = self._draw_timesteps(len(indices), generator).to(batch.z0.device)
        noise = torch.randn(batch.z0.shape, generator=generator).to(batch.z0)
        chosen = torch.randint(len(self.config.templates), (1,), generator=generator)
        context = self.backbone.context(self.config.templates[int(chosen)], self.vectors)

        output, target = denoise(self.backbone, batch, timesteps, noise, context)
        loss = masked_loss(output, target, batch.mask, over_all_pixels=self.config.is_paper)
        if self.config.anchor:
            loss = loss + self.config.anchor * ((self.vectors - self._start) ** 2).mean()
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()
        self.step += 1
        return float(loss.detach())

    def evaluate(self) -> float:
        """The loss on fixed crops, timesteps and noise."""
        return self._evaluation.loss(self.config.templates[0], self.vectors)

    def state(self) -> dict[str, Tensor]:
        """Everything that `load_state` needs to go on as if nothing had happened."""
        return {"vectors": self.vectors.detach(), **optimizer_tensors(self._optimizer)}

    def load_state(self, tensors: dict[str, Tensor], step: int) -> None:
        with torch.no_grad():
            self.vectors.copy_(tensors["vectors"])
        load_optimizer_tensors(self._optimizer, tensors)
        self.step = step

    def _draw_timesteps(self, count: int, generator: torch.Generator) -> Tensor:
        total = self.backbone.schedule.num_timesteps
        if self.config.is_paper:
            return torch.randint(total, (count,), generator=generator)
        return stratified_timesteps(count, total, generator)


class EvaluationBatch:
    """Fixed crops, timesteps and noise: the only loss of a diffusion model whose course says anything."""

    def __init__(self, backbone: Backbone, views: Views, seed: int) -> None:
        generator = torch.Generator().manual_seed(seed + 1)
        indices = torch.linspace(0, len(views) - 1, _EVALUATION_BATCH).long()
        total = backbone.schedule.num_timesteps
        self._backbone = backbone
        self._batch: Batch = views.draw(indices, generator)
        timesteps = stratified_timesteps(len(indices), total, generator, above=int(_EASY * total))
        self._timesteps = timesteps.to(views.mean.device)
        self._noise = torch.randn(self._batch.z0.shape, generator=generator).to(self._batch.z0)

    @torch.no_grad()
    def loss(self, template: str, vectors: Tensor) -> float:
        context = self._backbone.context(template, vectors)
        output, target = denoise(self._backbone, self._batch, self._timesteps, self._noise, context)
        return float(masked_loss(output, target, self._batch.mask))


def is_flat(losses: list[float], every: int) -> bool:
    """Has the evaluation loss flattened?  Var(last 200 steps) / Var(all) < 0.15   (DVAR, NeurIPS 2023).

    That alone holds for a straight line, too, once it is long: so within the window it must not fall any more.

    Args:
        losses: evaluation losses, one each `every` steps.
    """
    window = max(2, _FLAT_WINDOW // every)
    if len(losses) < 2 * window:
        return False
    values = torch.tensor(losses, dtype=torch.float64)
    last, middle = values[-window:], window // 2
    falls = last[:middle].mean() - last[middle:].mean() > _STILL_FALLING * (values.max() - values.min())
    return not falls and bool(last.var() <= _FLAT_RATIO * values.var())
