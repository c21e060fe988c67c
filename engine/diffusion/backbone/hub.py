"""The model hub: what it has of a backbone, and what a person is told where it has not."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.diffusion.backbone.layout import TEXT_STEMS, UNET_STEMS, choose_weights
from engine.errors import EngineError

_ANSWER_S = 20.0
_SCHEDULE = "scheduler/scheduler_config.json"
_TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
)
_NETWORKS = (
    (("unet",), UNET_STEMS),
    (("vqvae", "vae"), UNET_STEMS),
    (("bert", "text_encoder"), TEXT_STEMS),
)
"""The folders that each network may be in, and what its weight files are called."""

_SUITABLE = "Stable Diffusion 1.x or 2.x, its inpainting variant, or LDM text2img"


@dataclass(frozen=True)
class RemoteFile:
    """A file on the hub; `digest` is its SHA-256, or for small files git's SHA-1 of it (40 digits)."""

    name: str
    bytes: int
    digest: str


@dataclass(frozen=True)
class RemoteModel:
    """What the hub says of a model, reduced to what is needed here."""

    hub_id: str
    revision: str
    licence: str
    files: tuple[RemoteFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def ask_hub(hub_id: str) -> RemoteModel:
    """The files that are needed of a model, with sizes and hashes.

    Raises:
        EngineError: there is no such model, it is of another kind, or the hub cannot be reached.
    """
    from huggingface_hub import HfApi

    try:
        info = HfApi().model_info(hub_id, files_metadata=True, timeout=_ANSWER_S)
    except Exception as error:
        raise hub_error(hub_id, error) from error
    siblings = {sibling.rfilename: sibling for sibling in info.siblings or []}
    files = [_remote_file(siblings[name]) for name in needed_files(siblings, hub_id)]
    licence = getattr(getattr(info, "card_data", None), "license", None) or ""
    return RemoteModel(hub_id, str(info.sha or "main"), str(licence), tuple(files))


def needed_files(names: Collection[str], hub_id: str) -> list[str]:
    """Those of a model's files that make the backbone: one set of weights each, nothing for other libraries.

    Raises:
        EngineError: they are not those of a model in diffusers layout that can be used here.
    """
    if "text_encoder_2/config.json" in names:
        raise unsuitable(hub_id, ["a single text encoder (Stable Diffusion XL is not supported)"])
    missing = [] if _SCHEDULE in names else [_SCHEDULE]
    needed = {"model_index.json", _SCHEDULE, *(f"tokenizer/{file}" for file in _TOKENIZER_FILES)}
    for folders, stems in _NETWORKS:
        folder = next((folder for folder in folders if f"{folder}/config.json" in names), folders[-1])
        inside = {name.removeprefix(f"{folder}/") for name in names if name.startswith(f"{folder}/")}
        files = list(_network_files(inside, stems))
        needed |= {f"{folder}/{file}" for file in files}
        missing += [] if files else [f"{folder}/"]
    if missing:
        raise unsuitable(hub_id, missing)
    return sorted(needed & set(names))


def hub_error(hub_id: str, error: Exception) -> EngineError:
    """What a person is told when the hub's library failed."""
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

    if isinstance(error, GatedRepoError):
        return EngineError(
            f"“{hub_id}” asks for its licence to be accepted first.",
            f"Accept it on https://huggingface.co/{hub_id}, log in (hf auth login), and download again.",
        )
    if isinstance(error, RepositoryNotFoundError):
        return EngineError(f"There is no model “{hub_id}” on the hub.", "Check the id for a slip of the pen.")
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:200]
    cause = "the hub refused" if isinstance(error, HfHubHTTPError) else "the hub cannot be reached"
    return EngineError(
        f"“{hub_id}” could not be downloaded: {cause} ({reason}).",
        "Check the network and start again; what was downloaded is kept.",
    )


def unsuitable(hub_id: str, missing: Sequence[str]) -> EngineError:
    """What a person is told of a model on the hub that is no backbone."""
    return EngineError(
        f"“{hub_id}” cannot be used as a backbone; missing: {', '.join(missing)}.",
        f"Choose another model: {_SUITABLE}.",
    )


def _network_files(inside: Collection[str], stems: tuple[str, ...]) -> Iterator[str]:
    """Configuration and weights of a network among the files of its folder; nothing without weights."""
    chosen = choose_weights(inside, stems)
    if chosen is None or "config.json" not in inside:
        return
    name, variant, are_safetensors = chosen
    yield "config.json"
    yield name
    if name.endswith(".json"):  # an index of shards
        ending = ".safetensors" if are_safetensors else ".bin"
        for file in inside:
            is_shard = file.startswith(stems) and "-of-" in file and file.endswith(ending)
            if is_shard and (".fp16" in file) == (variant == "fp16"):
                yield file


def _remote_file(sibling: Any) -> RemoteFile:
    lfs = sibling.lfs or {}
    sha256 = lfs.get("sha256") if isinstance(lfs, dict) else getattr(lfs, "sha256", "")
    return RemoteFile(sibling.rfilename, int(sibling.size or 0), str(sha256 or sibling.blob_id or ""))
