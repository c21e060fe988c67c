"""Loading a backbone from the program, a folder, the hub's cache or the project; never from the network."""

import contextlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn

from engine.breathing import let_breathe
from engine.device import is_out_of_memory, pick_device
from engine.diffusion.backbone.adapted import lineage, put_adapted
from engine.diffusion.backbone.backbone import Backbone
from engine.diffusion.backbone.layout import Layout, Piece, inspect, read_json, text_encoder_class
from engine.diffusion.backbone.manifest import read_manifest
from engine.diffusion.backbone.places import find_backbone
from engine.diffusion.backbone.schedule import schedule_from_config
from engine.errors import EngineError

_log = logging.getLogger(__name__)


def load_backbone(
    reference: str, project: Path | None = None, device: torch.device | None = None
) -> Backbone:
    """Load a backbone, frozen, in float32, on `device` (or the best there is).

    Args:
        reference: `embedded`, a folder, the hub id of a downloaded one, or `backbones/<name>` in the project.
        project: the folder that `backbones/<name>` is looked for in.
    Raises:
        EngineError: there is no such backbone here, or pieces of it are missing; nothing is put in its place.
    """
    root, above = lineage(reference, project)
    backbone = load_folder(find_backbone(root, project), root, device)
    for adapted in above:
        put_adapted(backbone, adapted)
    return backbone


def load_folder(folder: Path, reference: str, device: torch.device | None = None) -> Backbone:
    """Load the backbone in `folder`; it will be called `reference`."""
    layout = inspect(folder)
    require_complete(layout, reference)
    device = device or pick_device()
    with _quietly():
        backbone = Backbone(
            reference=reference,
            kind="ldm" if layout.kind == "ldm" else "sd",
            hash=layout.hash(),
            manifest=read_manifest(folder, layout.kind),
            unet=_load_network(layout.unet, "UNet2DConditionModel").to(device),
            vae=_load_network(layout.vae, layout.vae.config.get("_class_name", "AutoencoderKL")).to(device),
            text_encoder=_load_network(layout.text_encoder, text_encoder_class(layout)).to(device),
            tokenizer=_load_tokenizer(layout.tokenizer),
            schedule=schedule_from_config(read_json(layout.scheduler), str(layout.scheduler)).to(device),
            device=device,
        )
    backbone.freeze()
    for network in (backbone.unet, backbone.vae):  # faster so: the autoencoder by 1.4 on a CPU
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        let_breathe(network)
    return backbone


def require_complete(layout: Layout, reference: str) -> None:
    """Raises: EngineError with everything that is missing."""
    if layout.missing:
        raise EngineError(
            f"“{reference}” is not a backbone that can be used; missing in {layout.folder}: "
            + ", ".join(layout.missing)
            + ".",
            "Download it again, or choose a folder in diffusers layout (see `anogen backbone check`).",
        )


def _load_network(piece: Piece, class_name: str) -> nn.Module:
    """A network with every one of its weights from the folder, float32, on the CPU."""
    weights = piece.weights
    assert weights is not None  # inspect() found them
    options: dict[str, Any] = {"local_files_only": True, "output_loading_info": True}
    options |= {"use_safetensors": weights.are_safetensors, "variant": weights.variant}
    with _telling(f"The weights in {piece.folder} are damaged, or do not belong to its config.json."):
        model, info = _network_class(class_name).from_pretrained(
            str(piece.folder), **options, **_dtype_option(class_name)
        )
        if info["missing_keys"] or info["mismatched_keys"]:
            raise ValueError(f"missing {info['missing_keys']}, of another shape {info['mismatched_keys']}")
    return model


def _network_class(name: str) -> Any:
    if name == "LDMBertModel":
        from diffusers.pipelines.latent_diffusion.pipeline_latent_diffusion import LDMBertModel

        return LDMBertModel
    if name == "CLIPTextModel":
        from transformers import CLIPTextModel

        return CLIPTextModel
    import diffusers  # 3 s, and only where a backbone is loaded

    return getattr(diffusers, name)


def _dtype_option(class_name: str) -> dict[str, Any]:
    return {"dtype" if class_name in ("CLIPTextModel", "LDMBertModel") else "torch_dtype": torch.float32}


def _load_tokenizer(folder: Path) -> Any:
    from transformers import BertTokenizer, CLIPTokenizer, PreTrainedTokenizerFast

    named = str(read_json(folder / "tokenizer_config.json").get("tokenizer_class", ""))
    if named.startswith("Bert") or (folder / "vocab.txt").is_file():
        kind: Any = BertTokenizer
    elif named.startswith("CLIP") or (folder / "merges.txt").is_file():
        kind = CLIPTokenizer
    else:
        kind = PreTrainedTokenizerFast
    with _telling(f"The vocabulary in {folder} is damaged."):
        return kind.from_pretrained(str(folder), local_files_only=True)


@contextlib.contextmanager
def _telling(message: str) -> Iterator[None]:
    """What a damaged file does to the libraries, in one sentence; their own words go to the log."""
    try:
        yield
    except Exception as error:  # a folder from anywhere can fail in any way
        if is_out_of_memory(error):
            raise
        _log.info(message, exc_info=error)
        raise EngineError(
            message, "Download the backbone again, or check where the folder came from."
        ) from error


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """The libraries' progress bars and advice are for programmers; their errors still come through."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    levels = [(log, log.get_verbosity()) for log in (diffusers_logging, transformers_logging)]
    transformers_logging.disable_progress_bar()
    for log, _ in levels:
        log.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for log, level in levels:
            log.set_verbosity(level)
