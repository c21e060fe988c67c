"""Import: photos and masks are copied into the project, one by one, each file before its row."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec
import numpy as np

from engine.data.files import copy_atomically, safe_name, sha256_of
from engine.data.images import PhotoFacts, examine_photo, read_mask, save_png
from engine.errors import EngineError
from engine.project.anomalies import check_name, present_names
from engine.project.layouts import Entry, Layout, recognise
from engine.project.photo_masks import is_mask_taken, mask_path
from engine.project.photos import get_photo, insert_photo, photo_by, was_support
from engine.project.project import Project
from engine.project.rows import Photo, Role
from engine.project.supports import check_test_photo, no_test_photo
from engine.protocol import Event, FileRefused, PhotoImported, Progress

_PROGRESS_EVERY_S = 0.1


class _RefusedError(EngineError):
    """This file cannot be used; the import goes on."""


def import_photos(
    project: Project,
    source: Path,
    role: Role | None = None,
    anomaly: str | None = None,
    masks: Path | None = None,
) -> Iterator[Event]:
    """Copy photos and masks from a file or folder (see `engine.project.layouts`) into the project.

    Yields:
        PhotoImported for each photo (`already` where it was there), FileRefused with its reason for each file
        that cannot be used, Progress.
    Raises:
        EngineError: nothing to import was found; the project cannot be written to.
    """
    yield from import_layout(
        project, recognise(source, role, anomaly, masks), is_role_explicit=role is not None
    )


def import_layout(project: Project, layout: Layout, is_role_explicit: bool) -> Iterator[Event]:
    """Import what was recognised; yields and raises like `import_photos`.

    Args:
        is_role_explicit: a person said what the photos are, and no folder's name.
    """
    yield from layout.refused
    total, reported = len(layout.entries), 0.0
    for step, entry in enumerate(layout.entries, start=1):
        try:
            yield _import_one(project, entry, is_role_explicit)
        except _RefusedError as error:
            yield FileRefused(path=str(entry.path), reason=error.message)
        if step == total or time.monotonic() - reported > _PROGRESS_EVERY_S:
            reported = time.monotonic()
            yield Progress(step=step, total=total, stage="Importing photos")


def _import_one(project: Project, entry: Entry, is_role_explicit: bool) -> PhotoImported:
    entry = _with_present_name(project, entry)
    digest, known, facts, mask = _examine(project, entry)
    if known is not None:
        photo = _import_again(project, entry, known, mask, is_role_explicit)
    else:
        photo = _import_new(project, entry, digest, facts, mask)
    already = known is not None and not known.is_removed
    return PhotoImported(name=photo.name, role=photo.role, anomaly=photo.anomaly, already=already)


def _with_present_name(project: Project, entry: Entry) -> Entry:
    """The same with the name that its class has now, where a folder is called as it was once."""
    name = present_names(project.catalogue).get(entry.anomaly.strip().lower(), entry.anomaly)
    return msgspec.structs.replace(entry, anomaly=name)


def _examine(project: Project, entry: Entry) -> tuple[str, Photo | None, PhotoFacts, np.ndarray | None]:
    """All that is read before anything is written: hash, the photo if it is known, its facts, its mask."""
    try:
        digest = sha256_of(entry.path)
        known = photo_by(project.catalogue, "sha256", digest)
        facts = PhotoFacts(known.size, known.dhash) if known else examine_photo(entry.path)
        mask = read_mask(entry.mask, facts.size, entry.path) if entry.mask else None
        if entry.anomaly:
            check_name(project.catalogue, entry.anomaly)
        if known is None and entry.role == "test":
            check_test_photo(project.catalogue, project.folder, entry.path, facts.dhash)
    except OSError as error:
        raise _RefusedError(f"{entry.path} cannot be read: {error.strerror or error}.") from error
    except EngineError as error:
        raise _RefusedError(error.message, error.hint) from error
    return digest, known, facts, mask


def _import_new(
    project: Project, entry: Entry, digest: str, facts: PhotoFacts, mask: np.ndarray | None
) -> Photo:
    """Copy mask and photo, then enter the row: what a crash leaves in between is adopted at opening."""
    anomaly = project.add_anomaly(entry.anomaly) if entry.anomaly else None
    path = _free_path(project, entry)
    mask_file = mask_path(entry.anomaly, path.stem) if mask is not None else ""
    if mask is not None:
        save_png(project.folder / mask_file, mask)
    copy_atomically(entry.path, project.folder / path)
    return insert_photo(
        project.catalogue,
        path=path.as_posix(),
        role=entry.role,
        anomaly_id=anomaly.id if anomaly else None,
        facts=facts,
        sha256=digest,
        mask=mask_file,
    )


def _free_path(project: Project, entry: Entry) -> PurePosixPath:
    """photos/<role>/[<anomaly>/]<name>, numbered where the folder or the anomaly has this name already."""
    folder = PurePosixPath("photos", entry.role)
    if entry.anomaly:
        folder /= safe_name(entry.anomaly)
    stem, suffix = safe_name(entry.path.stem), entry.path.suffix.lower()
    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    paths = (folder / f"{name}{suffix}" for name in names)
    return next(path for path in paths if not _is_taken(project, path, entry))


def _is_taken(project: Project, path: PurePosixPath, entry: Entry) -> bool:
    """Masks are named after the photos of an anomaly, so that those share no name, whatever their role."""
    if entry.anomaly and is_mask_taken(project.catalogue, mask_path(entry.anomaly, path.stem)):
        return True
    named = project.catalogue.select(
        "SELECT path, anomaly.name AS anomaly FROM photo LEFT JOIN anomaly ON anomaly.id = anomaly_id"
        " WHERE photo.name = ? COLLATE NOCASE",
        (path.stem,),
    )
    return (project.folder / path).exists() or any(
        PurePosixPath(row["path"]).parent == path.parent
        or (entry.anomaly and (row["anomaly"] or "").lower() == entry.anomaly.lower())
        for row in named
    )


def _import_again(
    project: Project, entry: Entry, known: Photo, mask: np.ndarray | None, is_role_explicit: bool
) -> Photo:
    """A photo that is there already: nothing is added but what it lacks (its file, its anomaly, its mask)."""
    if known.is_removed:
        known = _brought_back(project, entry, known, is_role_explicit)
    _check_agrees(entry, known, is_role_explicit)
    if not (project.folder / known.path).is_file():
        copy_atomically(entry.path, project.folder / known.path)
    anomaly = project.add_anomaly(entry.anomaly) if entry.anomaly else None
    role: Role = "bad" if entry.role == "bad" else known.role
    project.catalogue.change(
        "UPDATE photo SET role = ?, anomaly_id = coalesce(anomaly_id, ?), is_missing = 0 WHERE id = ?",
        (role, anomaly.id if anomaly else None, known.id),
    )
    photo = get_photo(project.catalogue, known.id)
    if mask is not None and not (photo.mask and (project.folder / photo.mask).is_file()):
        project.set_mask(photo, mask)
        photo = get_photo(project.catalogue, known.id)
    return photo


def _brought_back(project: Project, entry: Entry, known: Photo, is_role_explicit: bool) -> Photo:
    """A removed photo as it was, but what it is imported as: it may have been removed as the wrong thing."""
    try:
        with project.catalogue.transaction():
            (photo,) = project.set_removed([known], False)
            if entry.anomaly:
                project.add_anomaly(entry.anomaly)
            if entry.role != "test" or not was_support(project.catalogue, photo):
                photo = project.set_role(photo, entry.role, entry.anomaly or None)
            if photo.role == "test":  # something may have been learned from the same shot since
                check_test_photo(project.catalogue, project.folder, entry.path, photo.dhash)
            _check_agrees(entry, photo, is_role_explicit)
    except EngineError as error:
        raise _RefusedError(error.message, error.hint) from error
    return photo


def _check_agrees(entry: Entry, known: Photo, is_role_explicit: bool) -> None:
    """Refuse what would make one photo two things; a support that came in as a test photo may come again."""
    there = f"'{known.name}' ({known.path}), which is there already"
    if (
        entry.role == "test"
        and known.role == "bad"
        and (is_role_explicit or known.path.startswith("photos/bad/"))
    ):
        raise _RefusedError(no_test_photo(entry.path, known, "the same as"))
    if (known.role == "good") != (entry.role == "good") and (
        entry.anomaly or known.anomaly or "bad" in (entry.role, known.role)
    ):
        raise _RefusedError(
            f"{entry.path} is the same as the {known.role} photo {there}: it cannot be {entry.role} too."
        )
    if entry.anomaly and known.anomaly and entry.anomaly.lower() != known.anomaly.lower():
        raise _RefusedError(
            f"{entry.path} is the same as {there} as '{known.anomaly}', not '{entry.anomaly}'."
        )
