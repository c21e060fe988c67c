"""The anomaly embedding: the few vectors that say what an anomaly looks like, and where they came from."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.data.tensors import save_tensors
from engine.diffusion.backbone import Backbone
from engine.errors import EngineError
from engine.geometry import BoxRange

VERSION = 1
_TENSOR = "vectors"
_METADATA = "anogen"
_MOST_LOSSES = 200


class SupportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A support photo as it was when the embedding was learned."""

    name: str
    sha256: str = ""
    mask_sha256: str = ""


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """How an embedding came about. `losses` are (step, evaluation loss); `created` is ISO 8601, UTC."""

    steps: int = 0
    losses: list[tuple[int, float]] = []
    supports: list[SupportRecord] = []
    settings: dict[str, Any] = {}
    created: str = ""
    box_range: BoxRange | None = None
    imported_from: str = ""


class _Metadata(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    anomaly: str
    name: str
    backbone: str
    backbone_hash: str
    provenance: Provenance


@dataclass(frozen=True, eq=False)
class AnomalyEmbedding:
    """K token vectors learned for one anomaly class on one backbone.

    `vectors` is (K, D) float32 on the CPU; `backbone` the reference it was learned with, `backbone_hash` what
    it belongs to, whatever that backbone is called elsewhere.
    """

    vectors: Tensor
    anomaly: str
    name: str
    backbone: str
    backbone_hash: str
    provenance: Provenance = field(default_factory=Provenance)

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or 0 in self.vectors.shape:
            raise ValueError(f"vectors must be (K, D), got {tuple(self.vectors.shape)}")
        object.__setattr__(self, "vectors", self.vectors.detach().float().cpu().contiguous())

    def save(self, path: Path) -> None:
        """Write one safetensors file, whole or not at all.

        Raises:
            EngineError: the disk is full, or the folder cannot be written to.
        """
        provenance = msgspec.structs.replace(self.provenance, losses=thinned(self.provenance.losses))
        metadata = _Metadata(
            version=VERSION,
            anomaly=self.anomaly,
            name=self.name,
            backbone=self.backbone,
            backbone_hash=self.backbone_hash,
            provenance=provenance,
        )
        save_tensors(path, {_TENSOR: self.vectors}, {_METADATA: msgspec.json.encode(metadata).decode()})

    @classmethod
    def load(cls, path: Path) -> "AnomalyEmbedding":
        """Read what `save` wrote.

        Raises:
            EngineError: there is no such file, or it is damaged, of another kind or of another shape.
        """
        vectors, text = _read(path)
        if vectors.ndim != 2 or 0 in vectors.shape or vectors.dtype != torch.float32:
            shape = " × ".join(map(str, vectors.shape)) or "a single number"
            raise EngineError(
                f"{path} does not hold vectors of an anomaly: its tensor is {shape}, "
                f"{str(vectors.dtype).removeprefix('torch.')}.",
                "Learn the anomaly again, or restore the file from a copy.",
            )
        if not bool(torch.isfinite(vectors).all()):
            raise EngineError(f"{path} holds numbers that are not finite.", "Learn the anomaly again.")
        try:
            metadata = msgspec.json.decode(text, type=_Metadata)
        except msgspec.MsgspecError as error:
            raise _not_an_embedding(path) from error
        if metadata.version > VERSION:
            raise EngineError(
                f"{path} was written by a newer version of AnoGen Studio.", "Update the program."
            )
        return cls(
            vectors,
            metadata.anomaly,
            metadata.name,
            metadata.backbone,
            metadata.backbone_hash,
            metadata.provenance,
        )

    def require_backbone(self, backbone: Backbone) -> None:
        """Raises: EngineError where the embedding belongs to another backbone than this one, or is damaged."""
        if self.backbone_hash == backbone.hash:
            self._require_width(backbone)
            return
        same_name = self.backbone == backbone.reference
        other = "another version of the backbone" if same_name else "the backbone"
        raise EngineError(
            f"The embedding “{self.name}” belongs to {other} “{self.backbone}” ({self.backbone_hash[:12]}), "
            f"not to “{backbone.reference}” ({backbone.hash[:12]}).",
            "Generate with that backbone, or learn the anomaly on this one.",
        )

    def _require_width(self, backbone: Backbone) -> None:
        if self.vectors.shape[1] != backbone.token_dim:
            raise EngineError(
                f"The embedding “{self.name}” is damaged: its vectors have {self.vectors.shape[1]} numbers, "
                f"those of its backbone “{backbone.reference}” have {backbone.token_dim}.",
                "Learn the anomaly again, or restore the file from a copy.",
            )


def thinned(losses: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """At most 200 of the losses, evenly spread, the first and the last among them."""
    if len(losses) <= _MOST_LOSSES:
        return list(losses)
    last = len(losses) - 1
    return [losses[round(index * last / (_MOST_LOSSES - 1))] for index in range(_MOST_LOSSES)]


def _read(path: Path) -> tuple[Tensor, str]:
    """The vectors and the metadata, unchecked."""
    if not path.is_file():
        raise EngineError(
            f"There is no embedding {path}.", "See `anogen status`, or learn the anomaly first."
        )
    try:
        with safe_open(path, "pt") as file:
            if _TENSOR not in file.keys():  # noqa: SIM118 - not a dict
                raise _not_an_embedding(path)
            return file.get_tensor(_TENSOR), (file.metadata() or {}).get(_METADATA, "")
    except (SafetensorError, OSError) as error:
        raise EngineError(
            f"{path} is damaged or not a safetensors file.",
            "Restore it from a copy, or learn the anomaly again.",
        ) from error


def _not_an_embedding(path: Path) -> EngineError:
    return EngineError(
        f"{path} is not an anomaly embedding of this program.",
        "Embeddings of other programs come in by `anogen embedding import`.",
    )
