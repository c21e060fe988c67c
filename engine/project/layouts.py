"""What there is to import in a folder: which files are photos, of which role and anomaly, with which mask.

Three layouts are known. A subfolder of bad or test photos names their anomaly; where there is none, it is the
one that was asked for, or "defect".

    MVTec            train/good  test/good  test/<anomaly>
                     ground_truth/<anomaly>/<photo>_mask.png (or <photo>.png)
    plain folders    good  bad  bad/<anomaly>  test  test/good  test/<anomaly>  masks  masks/<anomaly>
                     (or ok, normal; ng, defect, anomaly …; mask, ground_truth, labels)
    one role         a folder of photos, or one photo, when the role is given; masks beside as <photo>_mask
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import EngineError
from engine.project.masks import (
    MASK_FOLDERS,
    Masks,
    find_mask_folder,
    list_images,
    missing_mask,
    photo_stem,
    unreadable_folders,
)
from engine.project.rows import Role
from engine.protocol import FileRefused

DEFAULT_ANOMALY = "defect"

_NAMELESS = frozenset({"bad", "ng", "nok"})  # a subfolder of this name does not say which anomaly it holds

_GOOD = frozenset(["good", "ok", "normal", "normals", "goods"])
_BAD = frozenset(
    ["bad", "ng", "nok", "defect", "defects", "defective", "anomaly", "anomalies", "anomalous", "faulty"]
)
_TEST = frozenset(["test", "tests", "testing"])


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A photo to import; `mask` is None and `anomaly` '' where there is none."""

    path: Path
    role: Role
    anomaly: str = ""
    mask: Path | None = None


class Layout(msgspec.Struct):
    """What was recognised, and what was refused with its reason."""

    entries: list[Entry] = []
    refused: list[FileRefused] = []


def recognise(
    source: Path, role: Role | None = None, anomaly: str | None = None, masks: Path | None = None
) -> Layout:
    """What there is to import in `source`, a photo or a folder.

    Raises:
        EngineError: there is no such file or folder, it cannot be read, or there is no photo in it; it is not
            clear what the photos are.
    """
    try:
        return _recognised(source, role, anomaly, masks)
    except OSError as error:
        raise EngineError(
            f"{error.filename or source} cannot be read: {error.strerror}.", "Check that you may read it."
        ) from error


def _recognised(source: Path, role: Role | None, anomaly: str | None, masks: Path | None) -> Layout:
    if masks is not None and not masks.exists():
        raise EngineError(f"There is no mask {masks}.", "Check the path.")
    if source.is_file():
        return _one_photo(source, role, anomaly, masks)
    if not source.is_dir():
        raise EngineError(f"There is no file or folder {source}.", "Check the path.")
    mask_folder = masks or find_mask_folder(source)
    mask_folder = mask_folder if mask_folder and mask_folder.is_dir() else None
    layout, found = Layout(), Masks(mask_folder)
    if mask_folder is not None:
        layout.refused += unreadable_folders(mask_folder)
    for folder, its_role in _role_folders(source, role, is_anomaly_named=bool(anomaly)):
        _add_folder(layout, folder, its_role, anomaly or "", found)
    if not layout.entries and not layout.refused:
        raise _nothing_found(source)
    layout.refused += found.strays(ignored_groups=_GOOD)
    return layout


def recognise_all(
    sources: Sequence[Path], role: Role | None = None, anomaly: str | None = None, masks: Path | None = None
) -> Layout:
    """What there is to import in several photos or folders; one that cannot be used keeps no other out.

    Of a photo and its mask, <photo>_mask, only the photo is one.

    Raises:
        EngineError: as `recognise` where there is one source; one mask was given for several photos.
    """
    if len(sources) == 1:
        return recognise(sources[0], role, anomaly, masks)
    if masks is not None and masks.is_file():
        raise EngineError(
            f"{masks} cannot be the mask of several photos.", "Give the folder with their masks."
        )
    beside = _masks_beside(sources)
    layout = Layout()
    for source in sources:
        if source in beside.values():
            continue
        try:
            found = recognise(source, role, anomaly, masks or beside.get(source))
        except EngineError as error:
            layout.refused.append(FileRefused(path=str(source), reason=error.message))
            continue
        layout.entries += found.entries
        layout.refused += found.refused
    return layout


def _one_photo(photo: Path, role: Role | None, anomaly: str | None, masks: Path | None) -> Layout:
    role = role or ("bad" if anomaly or masks else None)
    if role is None:
        raise EngineError(
            f"It is not clear what {photo} shows.",
            "Say so with `--role good`, `--role bad` or `--role test`.",
        )
    if role == "good" and (anomaly or masks):
        raise EngineError(
            f"{photo} cannot be good and show an anomaly.", "Use `--role bad` or leave the rest out."
        )
    name = "" if role == "good" else anomaly or (DEFAULT_ANOMALY if role == "bad" or masks else "")
    mask = masks
    if masks is not None and masks.is_dir():
        try:
            mask = Masks(masks).find(photo, name, needed_in=("", name))
        except EngineError as error:
            return Layout(refused=[FileRefused(path=str(photo), reason=error.message)])
    return Layout(entries=[Entry(path=photo, role=role, anomaly=name, mask=mask)])


def _role_folders(source: Path, role: Role | None, is_anomaly_named: bool) -> list[tuple[Path, Role]]:
    """The folders of photos in `source` and the role of each; `source` itself when its role is clear.

    Raises:
        EngineError: one role was given for a folder that holds several.
    """
    found = [(child, its_role) for child in _folders(source) for its_role in _roles_of(child)]
    train = next((child for child in _folders(source) if child.name.lower() == "train"), None)
    if train is not None:
        inside = [
            (child, its_role)
            for child in _folders(train)
            for its_role in _roles_of(child)
            if its_role != "test"
        ]
        found = (inside or [(train, "good")]) + found
    if role is not None:
        if any(its_role != role for _, its_role in found):
            names = ", ".join(folder.relative_to(source).as_posix() for folder, _ in found)
            raise EngineError(
                f"{source} holds folders of several roles: {names}.",
                "Leave `--role` out, or import one of them.",
            )
        return [(source, role)]
    if found:
        return found
    return [(source, its_role) for its_role in _roles_of(source)] or (
        [(source, "bad")] if is_anomaly_named else []
    )


def _folders(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if child.is_dir() and not child.name.startswith("."))


def _roles_of(folder: Path) -> list[Role]:
    """The role that a folder's name says, if it says one."""
    name = folder.name.lower()
    roles: list[tuple[frozenset[str], Role]] = [(_GOOD, "good"), (_BAD, "bad"), (_TEST, "test")]
    return [role for names, role in roles if name in names]


def _add_folder(layout: Layout, folder: Path, role: Role, anomaly: str, masks: Masks) -> None:
    """Add the photos in `folder`; for bad and test photos, its subfolders name the anomaly."""
    layout.refused += unreadable_folders(folder)
    files = list_images(folder)
    beside = _masks_beside(files)
    skipped = set(beside.values())
    for file in files:
        folders = file.relative_to(folder).parts[:-1]
        if file in skipped or any(part.lower() in MASK_FOLDERS for part in folders):
            continue
        group = folders[0] if folders else ""
        name = _anomaly_name(role, group, anomaly)
        try:
            mask = beside.get(file)
            if mask is not None and role == "good":
                raise EngineError(f"{file} cannot be good: its mask {mask.name} marks an anomaly.")
            if mask is None and role != "good" and group.lower() not in _GOOD:
                mask = masks.find(file, group or folder.name, _needed_in(role, name, group or folder.name))
                _refuse_if_others_have_one(file, mask, beside)
        except EngineError as error:
            layout.refused.append(FileRefused(path=str(file), reason=error.message))
            continue
        name = name or ((anomaly or DEFAULT_ANOMALY) if mask else "")
        layout.entries.append(Entry(path=file, role=role, anomaly=name, mask=mask))


def _needed_in(role: Role, anomaly: str, group: str) -> tuple[str, ...]:
    """Where masks of other photos mean that this one has to have one too: a test photo can do without."""
    if role == "bad":
        return "", group
    return (group,) if anomaly else ()


def _refuse_if_others_have_one(photo: Path, mask: Path | None, beside: dict[Path, Path]) -> None:
    if mask is None and any(other.parent == photo.parent for other in beside):
        raise missing_mask(photo, photo.with_name(f"{photo.stem}_mask.png"))


def _anomaly_name(role: Role, group: str, anomaly: str) -> str:
    """The class of a photo in the subfolder `group`; '' for good ones."""
    if role == "good" or group.lower() in _GOOD:
        return ""
    if not group or group.lower() in _NAMELESS:
        return anomaly or (DEFAULT_ANOMALY if role == "bad" or group else "")
    return group


def _masks_beside(files: Sequence[Path]) -> dict[Path, Path]:
    """Photo → mask, for masks that lie in the photo's own folder as <photo>_mask."""
    by_stem = {(file.parent, file.stem): file for file in files}
    pairs: dict[Path, Path] = {}
    for file in files:
        stem = photo_stem(file)
        photo = by_stem.get((file.parent, stem)) if stem != file.stem else None
        if photo is not None:
            pairs[photo] = file
    return pairs


def _nothing_found(source: Path) -> EngineError:
    return EngineError(
        f"No photos were recognised in {source}.",
        "Expected are train/good, test/… and ground_truth/… (MVTec), or good, bad, test and masks; "
        "for a plain folder of photos say what they are with `--role good`, `--role bad` or `--role test`.",
    )
