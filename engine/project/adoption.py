"""At opening: files that the catalogue does not know are entered, rows whose file is gone are marked.

The files are the truth. A sample that was finished when its writer was killed, an embedding copied from
another project, a photo put into the folder by hand: all of them carry what is needed to enter them.
"""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import msgspec

from engine.data.files import list_paths, remove_unfinished, safe_name, sha256_of
from engine.errors import EngineError
from engine.project.anomalies import meant_anomaly, present_names
from engine.project.catalogue import Catalogue
from engine.project.embeddings import put_embedding
from engine.project.inspections import put_inspection
from engine.project.photo_masks import is_mask_taken, mask_path
from engine.project.photos import insert_photo, photo_by
from engine.project.records import read_embedding_record, read_map_record, read_sample_record
from engine.project.rows import Photo, Role
from engine.project.runs import is_complete, is_kept, job_key, name_run, run_of, start_run, timestamp
from engine.project.samples import forget_unreadable, put_sample, unreadable_samples
from engine.project.supports import check_test_photo, leave_tests, mark_as_support
from engine.protocol import AnyJob, FileRefused, LearnJob

_ROLES: dict[str, Role] = {"good": "good", "bad": "bad", "test": "test"}
_MASK_SUFFIX = "_mask"


class Adopted(msgspec.Struct):
    """What opening a project found: files entered, rows whose file is gone, files that cannot be entered."""

    photos: int = 0
    samples: int = 0
    embeddings: int = 0
    runs: int = 0
    missing: list[str] = []
    refused: list[FileRefused] = []


def adopt(catalogue: Catalogue, folder: Path) -> Adopted:
    """Bring the catalogue up to date with the project's files.

    Nothing is removed but unfinished temporary files. A sample's row that is damaged is entered again.
    """
    adopted, unreadable = Adopted(), unreadable_samples(catalogue)
    remove_unfinished(folder)
    for table, top in (("photo", "photos"), ("embedding", "embeddings"), ("sample", "samples")):
        present = {f"{top}/{path}" for path in list_paths(folder / top)}
        known = _known_paths(catalogue, table)
        adopted.missing += _mark_missing(catalogue, table, present)
        for path in sorted(present - (known - unreadable)):
            _adopt_file(catalogue, folder, table, path, adopted)
    if unreadable:
        forget_unreadable(catalogue)  # whose file is gone or damaged, too
    _adopt_runs(catalogue, folder, adopted)
    _adopt_maps(catalogue, folder, adopted)
    return adopted


def _known_paths(catalogue: Catalogue, table: str) -> set[str]:
    """The files that a table tells of; a sample's mask lies beside it and needs no look either."""
    paths = {row["path"] for row in catalogue.select(f"SELECT path FROM {table}")}
    masks = catalogue.select("SELECT mask FROM sample") if table == "sample" else []
    return paths.union(row["mask"] for row in masks)


def _mark_missing(catalogue: Catalogue, table: str, present: set[str]) -> list[str]:
    """Mark rows without file, unmark those whose file is back; the paths of all that are missing.

    Photos that were removed are nowhere missed.
    """
    wanted = "WHERE NOT is_removed" if table == "photo" else ""
    rows = catalogue.select(f"SELECT id, path, is_missing FROM {table} {wanted} ORDER BY path")
    with catalogue.transaction():
        for row in rows:
            if bool(row["is_missing"]) != (row["path"] not in present):
                catalogue.change(f"UPDATE {table} SET is_missing = 1 - is_missing WHERE id = ?", (row["id"],))
    return [row["path"] for row in rows if row["path"] not in present]


def _adopt_file(catalogue: Catalogue, folder: Path, table: str, path: str, adopted: Adopted) -> None:
    """Enter one file; what is wrong with it never keeps the others out."""
    try:
        with catalogue.transaction():
            if table == "photo":
                adopted.photos += _adopt_photo(catalogue, folder, path)
            elif table == "embedding":
                adopted.embeddings += _adopt_embedding(catalogue, folder, path)
            else:
                adopted.samples += _adopt_sample(catalogue, folder, path)
    except EngineError as error:
        adopted.refused.append(FileRefused(path=path, reason=error.message))
    except OSError as error:
        adopted.refused.append(FileRefused(path=path, reason=f"{path} cannot be read: {error.strerror}."))


def _adopt_photo(catalogue: Catalogue, folder: Path, path: str) -> bool:
    """photos/<role>/[<anomaly>/]<name>: the folders say what the photo is.

    A known photo under another path was moved; one that was removed does not come back by itself. Raises EngineError
    for a test photo of the same shot as a bad one.
    """
    from engine.data.images import IMAGE_SUFFIXES, examine_photo, photo_size  # loads numpy and PIL

    parts = PurePosixPath(path).parts
    role = _ROLES.get(parts[1]) if len(parts) > 2 else None
    if role is None or PurePosixPath(path).suffix.lower() not in IMAGE_SUFFIXES:
        return False
    digest = sha256_of(folder / path)
    twin = photo_by(catalogue, "sha256", digest)
    if twin is not None:
        if twin.is_missing and not twin.is_removed:
            name = PurePosixPath(path).stem
            catalogue.change(
                "UPDATE photo SET path = ?, name = ?, is_missing = 0 WHERE id = ?", (path, name, twin.id)
            )
        return False
    facts = examine_photo(folder / path)
    if role == "test":
        check_test_photo(catalogue, folder, folder / path, facts.dhash)
    anomaly_id, mask = None, ""
    if len(parts) > 3 and role != "good":
        anomaly = meant_anomaly(catalogue, _anomaly_of_folder(catalogue, parts[2]))
        expected = mask_path(parts[2], PurePosixPath(path).stem)
        is_its_own = (folder / expected).is_file() and not is_mask_taken(catalogue, expected)
        is_whole = is_its_own and photo_size(folder / expected) == facts.size
        anomaly_id, mask = anomaly.id, expected if is_whole else ""
    insert_photo(
        catalogue, path=path, role=role, anomaly_id=anomaly_id, facts=facts, sha256=digest, mask=mask
    )
    return True


def _anomaly_of_folder(catalogue: Catalogue, name: str) -> str:
    names = present_names(catalogue)
    return next((names[said] for said in names if safe_name(said) == name.lower()), name)


def _adopt_embedding(catalogue: Catalogue, folder: Path, path: str) -> bool:
    if not path.endswith(".safetensors"):
        return False
    found = read_embedding_record(folder / path)
    if found is None:
        raise EngineError(f"{path} is no anomaly embedding.", "Import it with `anogen embedding import`.")
    anomaly = meant_anomaly(catalogue, found.anomaly)
    used = [photo_by(catalogue, "sha256", support.sha256) for support in found.provenance.supports]
    _keep_out_of_tests(catalogue, folder, anomaly.id, used)
    put_embedding(
        catalogue,
        name=found.name or PurePosixPath(path).stem,
        anomaly_id=anomaly.id,
        path=path,
        backbone=found.backbone,
        steps=found.provenance.steps,
        created=timestamp(folder / path),
    )
    return True


def _adopt_sample(catalogue: Catalogue, folder: Path, path: str) -> bool:
    """samples/<anomaly>/<run>/<stem>.png with its mask beside it; without the mask it was never finished."""
    place = PurePosixPath(path)
    mask = place.with_name(f"{place.stem}{_MASK_SUFFIX}.png").as_posix()
    if place.suffix != ".png" or place.stem.endswith(_MASK_SUFFIX) or not (folder / mask).is_file():
        return False
    found = read_sample_record(folder / path)
    if found is None:
        raise EngineError(f"{path} does not say what it was made from.", "It is left where it is.")
    put_sample(
        catalogue,
        path=path,
        mask=mask,
        photo=found.photo,
        anomaly_id=meant_anomaly(catalogue, found.anomaly).id,
        embedding=found.embedding,
        seed=found.seed,
        boxes=found.boxes,
        flags=found.flags,
        created=timestamp(folder / path),
        origin=found.origin,
    )
    return True


def _adopt_runs(catalogue: Catalogue, folder: Path, adopted: Adopted) -> None:
    """runs/<run>/job.json says what was run; that it ended, what it made."""
    known = {row["name"] for row in catalogue.select("SELECT name FROM run")}
    for file in sorted((folder / "runs").glob("*/job.json")):
        if file.parent.name in known:
            continue
        try:
            job = msgspec.json.decode(file.read_bytes(), type=AnyJob)
        except (OSError, msgspec.DecodeError):
            adopted.refused.append(
                FileRefused(path=file.relative_to(folder).as_posix(), reason="It holds no job.")
            )
            continue
        with catalogue.transaction():
            adopted.runs += is_kept(job) and _adopt_run(catalogue, folder, file, job)


def _adopt_run(catalogue: Catalogue, folder: Path, file: Path, job: AnyJob) -> bool:
    """Enter one run; not the older one of two with the same job, whose photos or backbone have changed."""
    name = file.parent.name
    known = catalogue.select_one("SELECT name FROM run WHERE job_key = ?", (job_key(job),))
    if known is None:
        state = "done" if is_complete(catalogue, folder, job, name) else "interrupted"
        start_run(catalogue, job, state, started=timestamp(file))
    elif known["name"]:
        return False
    name_run(catalogue, job, name)
    if isinstance(job, LearnJob):
        used = [photo_by(catalogue, "path", support.photo) for support in job.supports]
        _keep_out_of_tests(catalogue, folder, meant_anomaly(catalogue, job.anomaly).id, used)
    return True


def _adopt_maps(catalogue: Catalogue, folder: Path, adopted: Adopted) -> None:
    """runs/<run>/maps/*.png: each says itself of which photo it is, and how that scored.

    Without its map an inspection is forgotten: it can be made again.
    """
    present = {f"runs/{path}" for path in list_paths(folder / "runs") if _is_map(path)}
    rows = catalogue.select("SELECT id, map FROM inspection")
    with catalogue.transaction():
        for row in rows:
            if row["map"] not in present:
                catalogue.change("DELETE FROM inspection WHERE id = ?", (row["id"],))
        for path in sorted(present.difference(row["map"] for row in rows)):
            try:
                _adopt_map(catalogue, folder, path)
            except EngineError as error:
                adopted.refused.append(FileRefused(path=path, reason=error.message))


def _is_map(path: str) -> bool:
    """Of a path below runs/."""
    parts = path.split("/")
    return len(parts) == 3 and parts[1] == "maps" and path.endswith(".png")


def _adopt_map(catalogue: Catalogue, folder: Path, path: str) -> None:
    found = read_map_record(folder / path)
    if found is None:
        raise EngineError(f"{path} does not say of which photo it is.", "It is left where it is.")
    put_inspection(
        catalogue,
        run=run_of(path),
        photo=found.photo,
        score=found.score,
        map_path=path,
        created=timestamp(folder / path),
    )


def _keep_out_of_tests(
    catalogue: Catalogue, folder: Path, anomaly_id: int, photos: Sequence[Photo | None]
) -> None:
    """What an embedding was learned from is a support photo, also in a catalogue that was made anew."""
    known = catalogue.select_one("SELECT 1 FROM support WHERE anomaly_id = ?", (anomaly_id,))
    for place, photo in enumerate(photos):
        if photo is None:
            continue
        if known is None:
            mark_as_support(catalogue, anomaly_id, photo.id, place)
        else:
            catalogue.change(
                "UPDATE photo SET role = replace(role, 'test', 'bad'), was_support = 1 WHERE id = ?",
                (photo.id,),
            )
        leave_tests(catalogue, folder, photo)
