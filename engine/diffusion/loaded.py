"""An anomaly embedding and its backbone, loaded and ready to generate."""

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from engine.data.files import sha256_of
from engine.device import seeded_generator
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.embedding import AnomalyEmbedding
from engine.diffusion.prompts import BARE_TEMPLATES, NULL_PROMPT

_VARIATIONS = 8  # perturbed contexts a run: diversity, without running the text encoder for every sample


@dataclass
class LoadedEmbedding:
    """What a job generates with; contexts are encoded once each."""

    embedding: AnomalyEmbedding
    sha256: str
    backbone: Backbone
    null_context: Tensor
    _contexts: dict[tuple[float, int], Tensor] = field(default_factory=dict)

    def context(self, perturbation: float, seed: int) -> Tensor:
        """τ(v + perturbation · std(v) · ε), (1, L, C); `seed` chooses one of 8 ε (MAGIC: more diversity)."""
        key = (perturbation, seed % _VARIATIONS if perturbation else 0)
        if key not in self._contexts:
            self._contexts[key] = self._encode(*key)
        return self._contexts[key]

    @torch.no_grad()
    def _encode(self, perturbation: float, variation: int) -> Tensor:
        vectors = self.embedding.vectors
        noise = torch.randn(vectors.shape, generator=seeded_generator(variation))
        perturbed = vectors + perturbation * vectors.std(correction=0) * noise
        return self.backbone.context(BARE_TEMPLATES[0], perturbed.to(self.backbone.device))


def load_embedding(path: Path, project: Path) -> LoadedEmbedding:
    """Load an embedding and the backbone that it names.

    Raises:
        EngineError: one of them is not there or damaged, or they do not belong together.
    """
    embedding = AnomalyEmbedding.load(path)
    backbone = load_backbone(embedding.backbone, project)
    embedding.require_backbone(backbone)
    with torch.no_grad():
        null_context = backbone.context(NULL_PROMPT)
    return LoadedEmbedding(embedding, sha256_of(path), backbone, null_context)
