"""The job *download*: fetch from the hub what is needed of a backbone, and nothing twice."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from engine.data.files import safe_name, write_atomically
from engine.diffusion.backbone.fetching import fetch, is_whole
from engine.diffusion.backbone.filehash import file_hash
from engine.diffusion.backbone.hub import RemoteFile, RemoteModel, ask_hub, unsuitable
from engine.diffusion.backbone.layout import inspect
from engine.diffusion.backbone.manifest import FileRecord, default_manifest, read_manifest, write_manifest
from engine.diffusion.backbone.places import download_folder, is_hub_id
from engine.errors import EngineError
from engine.protocol import DownloadJob, Event, FileWritten, Progress, Started, Warned

_PARTS = ".parts"  # files that are not whole yet, each named by its hash


def download(job: DownloadJob) -> Iterator[Event]:
    """Download a backbone into its folder below `job.project`; go on where an earlier attempt was broken off.

    Yields: Started, Progress (in bytes), FileWritten.
    Raises:
        EngineError: no such model, no network, not in diffusers layout, no room, or damaged on the way.
    """
    hub_id = job.backbone
    if not is_hub_id(hub_id):
        raise EngineError(
            f"“{hub_id}” is not the id of a model on the hub.",
            "Ids have the form owner/name, for example CompVis/ldm-text2im-large-256.",
        )
    folder = download_folder(hub_id, Path(job.project))
    if _is_finished(folder):
        yield Warned(message=f"“{hub_id}” is on this computer already; remove {folder} to download it again.")
        yield FileWritten(path=folder.name, what="backbone")
        return
    model = ask_hub(hub_id)
    _require_room(folder, model)
    yield Started(title=f"Downloading {hub_id} ({model.bytes / 1e9:.1f} GB)")
    yield from _fetch_missing(model, folder)
    _finish(model, folder)
    yield FileWritten(path=folder.name, what="backbone")


def _fetch_missing(model: RemoteModel, folder: Path) -> Iterator[Progress]:
    """One file after the other, with progress over all of them."""
    missing = [file for file in model.files if not is_whole(folder / file.name, file)]
    done = model.bytes - sum(file.bytes for file in missing)
    started: tuple[float, int] | None = None
    for file in missing:
        part = folder / _PARTS / (file.digest or safe_name(file.name))
        with closing(fetch(model, file, part)) as pieces:
            for fetched in pieces:
                now, there = time.monotonic(), done + fetched
                started = started or (now, there)  # bytes that were there before say nothing of the speed
                yield _progress(there, model.bytes, file.name, now - started[0], there - started[1])
        _put_in_place(part, model, file, folder)
        done += file.bytes
        yield Progress(step=done, total=model.bytes, stage=f"downloaded {file.name}")


def _progress(there: int, total: int, name: str, elapsed_s: float, fresh: int) -> Progress:
    """Bytes there of all, `fresh` of which came in during `elapsed_s`."""
    eta_s = elapsed_s * (total - there) / fresh if fresh > 0 else None
    return Progress(step=there, total=total, stage=f"downloading {name}", eta_s=eta_s)


def _is_finished(folder: Path) -> bool:
    layout = inspect(folder)
    if layout.missing:
        return False
    recorded = read_manifest(folder, layout.kind).files
    return bool(recorded) and all(
        (folder / name).is_file() and (folder / name).stat().st_size == record.bytes
        for name, record in recorded.items()
    )


def _require_room(folder: Path, model: RemoteModel) -> None:
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    present = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    wanted, free = model.bytes - present, shutil.disk_usage(there).free
    if wanted > free:
        raise EngineError(
            f"“{model.hub_id}” needs {wanted / 1e9:.1f} GB, but {there} has only {free / 1e9:.1f} GB left.",
            "Free some space, or set ANOGEN_HOME to a folder on a larger disk.",
        )


def _put_in_place(part: Path, model: RemoteModel, file: RemoteFile, folder: Path) -> None:
    """Give a fetched file its name, if it is what the hub has."""
    if not is_whole(part, file):
        part.unlink(missing_ok=True)
        raise EngineError(
            f"{file.name} of “{model.hub_id}” arrived damaged: its size or hash is not what the hub says.",
            "Start the download again; what is whole is kept.",
        )
    with write_atomically(folder / file.name) as temporary:
        os.replace(part, temporary)


def _finish(model: RemoteModel, folder: Path) -> None:
    """Check that the backbone can be used, and write down where it came from."""
    layout = inspect(folder)
    if layout.missing:
        raise unsuitable(model.hub_id, layout.missing)
    paths = {file.name: folder / file.name for file in model.files}
    files = {
        name: FileRecord(bytes=path.stat().st_size, sha256=file_hash(path, folder))
        for name, path in paths.items()
    }
    manifest = msgspec.structs.replace(
        default_manifest(layout.kind),
        licence=model.licence,
        source=model.hub_id,
        revision=model.revision,
        files=files,
    )
    write_manifest(folder, manifest)
    shutil.rmtree(folder / _PARTS, ignore_errors=True)
