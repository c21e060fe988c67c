"""The pieces of a backbone's folder (diffusers layout): what is there, what model it makes, its hash."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from engine.diffusion.backbone.filehash import file_hash

INDEX_NAME = "model_index.json"
UNET_STEMS = ("diffusion_pytorch_model",)
TEXT_STEMS = ("model", "pytorch_model")
VOCABULARIES = (("tokenizer.json",), ("vocab.json", "merges.txt"), ("vocab.txt",))
_AUTOENCODERS = ("AutoencoderKL", "VQModel")
_TEXT_ENCODERS = ("CLIPTextModel", "LDMBertModel")


@dataclass(frozen=True)
class Weights:
    """The weight files of one network: a single file, or an index and its shards."""

    files: tuple[Path, ...]
    variant: str | None
    are_safetensors: bool


@dataclass(frozen=True)
class Piece:
    """One network of a backbone; configuration and weights are empty and None where they are missing."""

    folder: Path
    config: dict[str, Any]
    weights: Weights | None


@dataclass(frozen=True)
class Layout:
    """All that was found in a backbone's folder, and one line for each thing that is missing or wrong."""

    folder: Path
    kind: str
    unet: Piece
    vae: Piece
    text_encoder: Piece
    tokenizer: Path
    scheduler: Path
    missing: tuple[str, ...] = ()

    def files(self) -> list[Path]:
        """The files that define the model: configurations, weights, vocabulary, schedule."""
        found = [self.scheduler]
        for piece in (self.unet, self.vae, self.text_encoder):
            found += [piece.folder / "config.json", *(piece.weights.files if piece.weights else ())]
        found += [path for path in self.tokenizer.glob("*") if path.suffix in (".json", ".txt")]
        return sorted({path for path in found if path.is_file()})

    def bytes(self) -> int:
        """Size of these files."""
        return sum(path.stat().st_size for path in self.files())

    def hash(self) -> str:
        """SHA-256 over the sorted names of these files and their own SHA-256."""
        digests = {
            path.relative_to(self.folder).as_posix(): file_hash(path, self.folder) for path in self.files()
        }
        lines = "".join(f"{name} {digests[name]}\n" for name in sorted(digests))
        return hashlib.sha256(lines.encode()).hexdigest()


def inspect(folder: Path) -> Layout:
    """Look at a folder without loading anything; never fails, see `missing`."""
    index = read_json(folder / INDEX_NAME)
    kind = "ldm" if "bert" in index or (folder / "bert").is_dir() else "sd"
    vae = "vqvae" if "vqvae" in index or (folder / "vqvae").is_dir() else "vae"
    layout = Layout(
        folder=folder,
        kind=kind,
        unet=_piece(folder / "unet", UNET_STEMS),
        vae=_piece(folder / vae, UNET_STEMS),
        text_encoder=_piece(folder / ("bert" if kind == "ldm" else "text_encoder"), TEXT_STEMS),
        tokenizer=folder / "tokenizer",
        scheduler=folder / "scheduler" / "scheduler_config.json",
    )
    missing = tuple(_missing(layout)) or tuple(_unsupported(layout, index))
    return replace(layout, missing=missing)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object; empty where the file is missing or holds something else."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def text_encoder_class(layout: Layout) -> str:
    """What the text encoder's configuration says it is."""
    config = layout.text_encoder.config
    if config.get("model_type") == "ldmbert":
        return "LDMBertModel"
    named = config.get("architectures")
    if isinstance(named, list) and named:
        return str(named[0])
    return "LDMBertModel" if layout.kind == "ldm" else "CLIPTextModel"


def latent_channels(layout: Layout) -> int:
    """c of the autoencoder's latents, as its configuration has it."""
    config = layout.vae.config
    default = 3 if config.get("_class_name") == "VQModel" else 4
    return whole_number(config, "vq_embed_dim") or whole_number(config, "latent_channels") or default


def token_dim(layout: Layout) -> int:
    """D of the text encoder's token vectors, as its configuration has it; 0 where it does not say."""
    config = layout.text_encoder.config
    return whole_number(config, "hidden_size") or whole_number(config, "d_model")


def whole_number(config: dict[str, Any], key: str) -> int:
    """A number of a configuration; 0 where it is not there, or is none."""
    value = config.get(key)
    return value if isinstance(value, int) else 0


def choose_weights(names: Collection[str], stems: tuple[str, ...]) -> tuple[str, str | None, bool] | None:
    """The weight file (or index of shards) to use among file names, its variant, and is it safetensors?

    Safetensors before pickles, full precision before half.
    """
    for ending in ("safetensors", "bin"):
        for variant in (None, "fp16"):
            for stem in stems:
                single = f"{stem}.{variant}.{ending}" if variant else f"{stem}.{ending}"
                index = f"{stem}.{ending}.index.{variant}.json" if variant else f"{stem}.{ending}.index.json"
                for name in (single, index):
                    if name in names:
                        return name, variant, ending == "safetensors"
    return None


def _piece(folder: Path, stems: tuple[str, ...]) -> Piece:
    names = {path.name for path in folder.glob("*")}
    chosen = choose_weights(names, stems)
    weights = None
    if chosen is not None:
        name, variant, are_safetensors = chosen
        weights = Weights((folder / name, *_shards(folder / name)), variant, are_safetensors)
    return Piece(folder, read_json(folder / "config.json"), weights)


def _shards(path: Path) -> list[Path]:
    """The files that an index names; none for a file that is no index."""
    if path.suffix != ".json":
        return []
    shards = read_json(path).get("weight_map")
    names = shards.values() if isinstance(shards, dict) else ()
    return sorted({path.parent / Path(str(name)).name for name in names})


def _missing(layout: Layout) -> Iterator[str]:
    """What is not there, or is cut off, as paths relative to the folder."""
    for piece, stem in (
        (layout.unet, UNET_STEMS[0]),
        (layout.vae, UNET_STEMS[0]),
        (layout.text_encoder, TEXT_STEMS[0]),
    ):
        yield from _missing_of(piece, stem)
    if not any(all((layout.tokenizer / name).is_file() for name in names) for names in VOCABULARIES):
        yield "tokenizer/ (tokenizer.json, vocab.json and merges.txt, or vocab.txt)"
    if not read_json(layout.scheduler):
        yield "scheduler/scheduler_config.json" + _unreadable(layout.scheduler)


def _missing_of(piece: Piece, stem: str) -> Iterator[str]:
    name = piece.folder.name
    if not piece.folder.is_dir():
        yield f"{name}/"
        return
    if not piece.config:
        yield f"{name}/config.json" + _unreadable(piece.folder / "config.json")
    if piece.weights is None:
        yield f"{name}/{stem}.safetensors"
        return
    for path in piece.weights.files:
        problem = weights_problem(path)
        if problem is not None:
            yield f"{name}/{path.name}{problem}"


def _unreadable(path: Path) -> str:
    return " (not readable)" if path.exists() else ""


def weights_problem(path: Path) -> str | None:
    """What is wrong with a weight file, as a remark after its name; None: nothing that shows at once."""
    if not path.is_file():
        return ""
    if path.stat().st_size == 0:
        return " (empty)"
    if path.suffix == ".safetensors":
        try:
            with safe_open(path, "pt"):
                pass
        except (SafetensorError, OSError):
            return " (cut off or damaged)"
    return None


def _unsupported(layout: Layout, index: dict[str, Any]) -> Iterator[str]:
    """What a whole model lacks to be one that can be used here."""
    unet, vae = layout.unet.config, layout.vae.config
    if unet.get("_class_name", "UNet2DConditionModel") != "UNet2DConditionModel":
        yield f"a text-conditioned U-Net (unet/ is a {unet['_class_name']})"
    if unet.get("addition_embed_type") not in (None, "text") or "text_encoder_2" in index:
        yield "a single text encoder (Stable Diffusion XL is not supported)"
    if vae.get("_class_name", "AutoencoderKL") not in _AUTOENCODERS:
        kinds = " or ".join(_AUTOENCODERS)
        yield f"an autoencoder of kind {kinds} ({layout.vae.folder.name}/ is a {vae['_class_name']})"
    if text_encoder_class(layout) not in _TEXT_ENCODERS:
        yield f"a text encoder of kind {' or '.join(_TEXT_ENCODERS)} (found {text_encoder_class(layout)})"
    channels, latent = unet.get("in_channels", 4), latent_channels(layout)
    if channels not in (latent, 2 * latent + 1):
        suitable = f"{latent} or {2 * latent + 1}"
        yield f"a U-Net of {suitable} input channels, to suit the autoencoder (found {channels})"
    width, expected = token_dim(layout), whole_number(unet, "cross_attention_dim")
    if width and expected and width != expected:
        yield f"a text encoder of width {expected}, as the U-Net wants (found {width})"
