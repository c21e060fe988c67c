"""The model hub: what it has of a backbone, and fetching it. No other module uses the network."""

import errno
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from engine.data.files import write_error
from engine.diffusion.backbone.layout import TEXT_STEMS, UNET_STEMS, choose_weights
from engine.errors import EngineError

_LOOK_S = 0.25
_TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
)
_NETWORKS = {
    "unet": UNET_STEMS,
    "vae": UNET_STEMS,
    "vqvae": UNET_STEMS,
    "text_encoder": TEXT_STEMS,
    "bert": TEXT_STEMS,
}
_SUITABLE = "Stable Diffusion 1.x or 2.x, its inpainting variant, or LDM text2img"


@dataclass(frozen=True)
class RemoteFile:
    """A file on the hub; `sha256` is empty for small ones, of which the hub does not tell it."""

    name: str
    bytes: int
    sha256: str


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
        info = HfApi().model_info(hub_id, files_metadata=True)
    except Exception as error:
        raise hub_error(hub_id, error) from error
    siblings = {sibling.rfilename: sibling for sibling in info.siblings or []}
    files = [_remote_file(siblings[name]) for name in needed_files(sorted(siblings), hub_id)]
    licence = getattr(getattr(info, "card_data", None), "license", None) or ""
    return RemoteModel(hub_id, str(info.sha or "main"), str(licence), tuple(files))


def needed_files(names: Sequence[str], hub_id: str) -> list[str]:
    """Those of a model's files that make the backbone: one set of weights each, nothing for other libraries.

    Raises:
        EngineError: they are not those of a model in diffusers layout.
    """
    inside: dict[str, set[str]] = {}
    for name in names:
        folder, _, file = name.rpartition("/")
        inside.setdefault(folder, set()).add(file)
    needed = ["model_index.json", "scheduler/scheduler_config.json"]
    needed += [f"tokenizer/{file}" for file in _TOKENIZER_FILES]
    for folder, stems in _NETWORKS.items():
        chosen = choose_weights(inside.get(folder, ()), stems)
        if chosen is not None:
            needed += [
                f"{folder}/{file}" for file in ("config.json", *_with_shards(chosen[0], inside[folder]))
            ]
    found = sorted(set(needed) & set(names))
    missing = [name for name in ("unet/config.json", "scheduler/scheduler_config.json") if name not in found]
    if missing:
        raise EngineError(
            f"“{hub_id}” is no latent diffusion model in diffusers layout: {' and '.join(missing)} missing.",
            f"Choose another model: {_SUITABLE}.",
        )
    return found


def fetch(model: RemoteModel, file: RemoteFile, folder: Path) -> Iterator[int]:
    """Fetch one file into `folder`, in a thread of its own; yields the number of bytes there.

    Closing the generator ends the thread at its next piece; what came in stays, and is gone on with next time.

    Raises:
        EngineError: the network, the disk or the hub failed.
    """
    meter = Meter()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(_call_hub, model, file, folder, meter)
        try:
            while not wait([future], timeout=_LOOK_S).done:
                yield meter.bytes
            future.result()
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EROFS, errno.EACCES):
                raise write_error(folder / file.name, error) from error
            raise hub_error(model.hub_id, error) from error
        except Exception as error:
            raise hub_error(model.hub_id, error) from error
        finally:
            meter.cancel()


def hub_error(hub_id: str, error: Exception) -> EngineError:
    """What a person is told when the hub's library failed."""
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    if isinstance(error, GatedRepoError):
        return EngineError(
            f"“{hub_id}” asks for its licence to be accepted first.",
            f"Accept it on https://huggingface.co/{hub_id}, log in (hf auth login), and download again.",
        )
    if isinstance(error, RepositoryNotFoundError):
        return EngineError(f"There is no model “{hub_id}” on the hub.", "Check the id for a slip of the pen.")
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:200]
    return EngineError(
        f"“{hub_id}” could not be downloaded: {reason}.",
        "Check the network and start again; what was downloaded is kept.",
    )


def unsuitable(hub_id: str, missing: Sequence[str]) -> EngineError:
    """What a person is told of a model that was downloaded and is no backbone."""
    return EngineError(
        f"“{hub_id}” cannot be used as a backbone; missing: {', '.join(missing)}.",
        f"Choose another model: {_SUITABLE}.",
    )


class DownloadCancelledError(Exception):
    """Raised inside the downloading thread, to end it."""


class Meter:
    """Counts the bytes that a thread of the hub's library fetches, and stops it between two pieces."""

    def __init__(self) -> None:
        self.bytes = 0
        self._is_cancelled = threading.Event()

    def cancel(self) -> None:
        self._is_cancelled.set()

    def count(self, size: int) -> None:
        """Raises: DownloadCancelledError after `cancel`."""
        if self._is_cancelled.is_set():
            raise DownloadCancelledError
        self.bytes += size

    def bar(self) -> type[tqdm]:
        """A progress bar that draws nothing, to be handed to the hub's library."""
        meter = self

        class Bar(tqdm):
            def __init__(self, *args: Any, **options: Any) -> None:
                options.pop("name", None)
                meter.bytes = int(options.get("initial") or 0)  # what an earlier attempt left on the disk
                super().__init__(*args, **{**options, "disable": True})

            def update(self, n: float | None = 1) -> bool | None:
                meter.count(int(n or 0))
                return None

        return Bar


def _call_hub(model: RemoteModel, file: RemoteFile, folder: Path, meter: Meter) -> None:
    from huggingface_hub import constants, hf_hub_download

    constants.HF_HUB_DISABLE_XET = True  # plain HTTP can be broken off at any moment, and gone on with
    hf_hub_download(
        model.hub_id, file.name, revision=model.revision, local_dir=folder, tqdm_class=meter.bar()
    )


def _with_shards(weights: str, names: set[str]) -> list[str]:
    """The weight file; for an index of shards, the shards too."""
    if not weights.endswith(".json"):
        return [weights]
    stem, _, rest = weights.partition(".")
    ending = rest.split(".", 1)[0]
    shards = [name for name in names if name.startswith(f"{stem}-") and f".{ending}" in name]
    return [weights, *sorted(name for name in shards if "-of-" in name)]


def _remote_file(sibling: Any) -> RemoteFile:
    lfs = sibling.lfs or {}
    sha256 = lfs.get("sha256") if isinstance(lfs, dict) else getattr(lfs, "sha256", "")
    return RemoteFile(sibling.rfilename, int(sibling.size or 0), str(sha256 or ""))
