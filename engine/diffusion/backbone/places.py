"""Where backbones live: in the program, in the user's folder, in the hub's cache, anywhere on the disk."""

import os
import re
import sys
from difflib import get_close_matches
from pathlib import Path

from engine.errors import EngineError
from engine.resources import find_resource

EMBEDDED = "embedded"
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def backbones_home() -> Path:
    """The user's folder of downloaded backbones; `ANOGEN_HOME` puts it elsewhere."""
    chosen = os.environ.get("ANOGEN_HOME")
    if chosen:
        return Path(chosen).expanduser() / "backbones"
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Application Support"
    else:
        root = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return root / "anogen" / "backbones"


def is_hub_id(reference: str) -> bool:
    """Does it look like `owner/name`?"""
    return bool(_HUB_ID.fullmatch(reference))


def download_folder(hub_id: str, home: Path | None = None) -> Path:
    """The folder that a hub id is downloaded into."""
    return (home or backbones_home()) / hub_id.replace("/", "--")


def downloaded() -> dict[str, Path]:
    """Hub id → folder of every download."""
    home = backbones_home()
    folders = sorted(path for path in home.iterdir() if path.is_dir()) if home.is_dir() else []
    return {path.name.replace("--", "/", 1): path for path in folders if "--" in path.name}


def find_backbone(reference: str, project: Path | None = None) -> Path:
    """The folder of a backbone that is on this computer.

    Raises:
        EngineError: it is not; the hint says how to get it.
    """
    if reference == EMBEDDED:
        return find_resource("backbones/embedded")
    for folder in (Path(), *([project] if project else []), backbones_home()):
        path = folder / os.path.expanduser(reference)
        if reference and path.is_dir():
            return path.resolve()
        if path.is_file():
            raise EngineError(f"{path} is a file.", "Choose the folder of a backbone in diffusers layout.")
    if is_hub_id(reference):
        return _find_download(reference)
    near = get_close_matches(reference, [EMBEDDED, *downloaded()], n=1)
    raise EngineError(
        f"There is no backbone “{reference}”.",
        f"Did you mean “{near[0]}”?" if near else "See `anogen backbone list`, or give a folder or a hub id.",
    )


def _find_download(hub_id: str) -> Path:
    folder = download_folder(hub_id)
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download  # slow to import, rarely needed
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(hub_id, local_files_only=True))
    except (LocalEntryNotFoundError, OSError, ValueError) as error:
        partial = getattr(error, "snapshot_path", None)
        if partial is not None:  # there, without files that may not be needed; loading tells
            return Path(partial)
        raise EngineError(
            f"The backbone “{hub_id}” is not on this computer.",
            f"Download it once: anogen backbone download {hub_id}",
        ) from error
