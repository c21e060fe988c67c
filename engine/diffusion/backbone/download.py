"""The job *download*: fetch from the hub what is needed of a backbone, and nothing twice."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from engine.data.files import sha256_of
from engine.diffusion.backbone.hub import RemoteFile, RemoteModel, ask_hub, fetch, unsuitable
from engine.diffusion.backbone.layout import inspect
from engine.diffusion.backbone.manifest import FileRecord, default_manifest, read_manifest, write_manifest
from engine.diffusion.backbone.places import download_folder, is_hub_id
from engine.errors import EngineError
from engine.protocol import DownloadJob, Event, FileWritten, Progress, Started, Warned


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
    missing = [file for file in model.files if not _is_right(folder / file.name, file)]
    done = model.bytes - sum(file.bytes for file in missing)
    started: tuple[float, int] | None = None
    for file in missing:
        for fetched in fetch(model, file, folder):
            now, there = time.monotonic(), done + min(fetched, file.bytes)
            started = started or (now, there)  # bytes that were there before say nothing of the speed
            yield _progress(there, model.bytes, file.name, now - started[0], there - started[1])
        _require_right(model, file, folder)
        done += file.bytes
    yield Progress(step=model.bytes, total=model.bytes, stage="downloading", eta_s=0.0)


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


def _is_right(path: Path, file: RemoteFile) -> bool:
    """Is the file there, whole? By its hash where the hub tells one, otherwise by its size."""
    if not path.is_file() or path.stat().st_size != file.bytes:
        return False
    return not file.sha256 or sha256_of(path) == file.sha256


def _require_right(model: RemoteModel, file: RemoteFile, folder: Path) -> None:
    path = folder / file.name
    if not _is_right(path, file):
        path.unlink(missing_ok=True)
        raise EngineError(
            f"{file.name} of “{model.hub_id}” arrived damaged: size or SHA-256 is not what the hub says.",
            "Start the download again; what is whole is kept.",
        )


def _finish(model: RemoteModel, folder: Path) -> None:
    """Check that the backbone can be used, and write down where it came from."""
    layout = inspect(folder)
    if layout.missing:
        raise unsuitable(model.hub_id, layout.missing)
    files = {
        file.name: FileRecord(bytes=file.bytes, sha256=file.sha256 or sha256_of(folder / file.name))
        for file in model.files
    }
    manifest = msgspec.structs.replace(
        default_manifest(layout.kind),
        licence=model.licence,
        source=model.hub_id,
        revision=model.revision,
        files=files,
    )
    write_manifest(folder, manifest)
    shutil.rmtree(folder / ".cache", ignore_errors=True)
