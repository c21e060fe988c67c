"""Embeddings of other programs: AnoGen's, the diffusers library's and A1111's textual inversion files."""

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from engine.data.tensors import save_tensors
from engine.diffusion.backbone.catalogue import Report
from engine.diffusion.embedding import AnomalyEmbedding, Provenance
from engine.diffusion.tensor_pickles import State, read_tensor_pickle
from engine.errors import EngineError

_MOST_VECTORS = 75  # as many as a prompt of 77 tokens holds
_CHOOSE = "Choose a textual inversion file (.pt, .bin, .safetensors)."
_PICKLES = (".pt", ".bin", ".pth", ".ckpt")


def import_embedding(
    path: Path, backbone: Report, anomaly: str, name: str, *, token: str = "", created: str = ""
) -> AnomalyEmbedding:
    """An embedding of another program as one of `backbone`'s, which nothing in such files names.

    Args:
        backbone: of `check_backbone`, with its hash.
        token: which of the file's embeddings, where it holds several.
    Raises:
        EngineError: the file cannot be read, holds none or several, or suits another backbone.
    """
    if not backbone.is_usable:
        raise EngineError(
            f"The backbone “{backbone.reference}” is not whole; missing: {', '.join(backbone.missing)}.",
            "Choose another one, or download it again.",
        )
    vectors = _choose(path, read_foreign(path), token)
    if vectors.shape[1] != backbone.token_dim:
        raise EngineError(
            f"{path} holds vectors of {vectors.shape[1]} numbers, but those of the backbone "
            f"“{backbone.reference}” have {backbone.token_dim}.",
            "Choose the backbone that it was learned on (AnoGen's have 1280: LDM text2img).",
        )
    provenance = Provenance(imported_from=path.name, created=created)
    return AnomalyEmbedding(vectors, anomaly, name, backbone.reference, backbone.hash, provenance)


def read_foreign(path: Path) -> dict[str, Tensor]:
    """The embeddings in a file by their token, each (K, D) float32.

    Known are AnoGen's `embeddings.pt` and A1111's `.pt` (`string_to_param`), A1111's safetensors
    (`emb_params`), and diffusers' `.bin` and safetensors (one tensor a token). Nothing in it is executed.

    Raises:
        EngineError: the file cannot be read, or holds no embedding.
    """
    if not path.is_file():
        raise EngineError(f"There is no file {path}.", "Check the name.")
    content = read_tensor_pickle(path) if path.suffix.lower() in _PICKLES else _read_safetensors(path)
    found = _tensors_by_token(content)
    if {"clip_l", "clip_g"} & set(found):
        raise EngineError(
            f"{path} is an embedding of Stable Diffusion XL, which is not supported.",
            "Choose one of Stable Diffusion 1.x or 2.x, or of AnoGen.",
        )
    embeddings = {token: _as_vectors(path, tensor) for token, tensor in found.items()}
    if not embeddings:
        raise EngineError(f"{path} holds no embedding.", _CHOOSE)
    return embeddings


def export_embedding(embedding: AnomalyEmbedding, path: Path, token: str = "") -> str:
    """Write a safetensors file that diffusers' `load_textual_inversion` reads; returns the token it has.

    Raises:
        EngineError: the disk is full, or the folder cannot be written to.
    """
    token = token or f"<{embedding.anomaly}>"
    metadata = {"format": "pt", "backbone": embedding.backbone, "backbone_hash": embedding.backbone_hash}
    save_tensors(path, {token: embedding.vectors}, metadata)
    return token


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise EngineError(f"{path} is damaged or not a safetensors file.", _CHOOSE) from error


def _tensors_by_token(content: Any) -> dict[str, Tensor]:
    """The tensors that stand for tokens, wherever the kind of file has them."""
    entries = _entries(content)
    if "string_to_param" in entries:
        entries = _entries(entries["string_to_param"])
    return {str(token): value for token, value in entries.items() if isinstance(value, Tensor)}


def _entries(content: Any) -> dict[Any, Any]:
    """A dict's entries, or those of what is left of a ParameterDict."""
    if isinstance(content, State):
        return _entries(content.attributes.get("_parameters"))
    return dict(content) if isinstance(content, dict) else {}


def _as_vectors(path: Path, tensor: Tensor) -> Tensor:
    rows = tensor.detach().reshape(1, -1) if tensor.ndim == 1 else tensor.detach()
    if (
        rows.ndim != 2
        or not rows.is_floating_point()
        or not 0 < rows.shape[0] <= _MOST_VECTORS
        or not rows.shape[1]
    ):
        raise EngineError(
            f"{path} holds no embedding: one of its tensors is {' × '.join(map(str, tensor.shape))}.",
            "Choose a textual inversion file; model weights cannot be imported as an embedding.",
        )
    if not bool(torch.isfinite(rows).all()):
        raise EngineError(f"{path} holds numbers that are not finite.", "Choose another file.")
    return rows.float().clone()


def _choose(path: Path, embeddings: dict[str, Tensor], token: str) -> Tensor:
    if token in embeddings:
        return embeddings[token]
    names = ", ".join(f"“{name}”" for name in embeddings)
    if token:
        raise EngineError(f"{path} holds no embedding “{token}”.", f"It holds {names}.")
    if len(embeddings) > 1:
        raise EngineError(f"{path} holds several embeddings: {names}.", "Say which one (--token).")
    return next(iter(embeddings.values()))
