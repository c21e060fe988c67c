"""Support photos: the few real ones that an anomaly embedding is learned from, and that are never tests."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import EngineError
from engine.project.anomalies import get_anomaly, meant_anomaly
from engine.project.catalogue import Catalogue
from engine.project.photo_masks import mask_path
from engine.project.photos import get_photo, list_photos, possible_supports
from engine.project.rows import Photo
from engine.protocol import SupportPhoto


def set_supports(catalogue: Catalogue, folder: Path, anomaly: str, photos: Sequence[Photo]) -> list[str]:
    """Make these, and only these, the support photos of a class; their near-duplicates leave the tests too.

    Former supports stay out of the tests: something may have been learned from them.

    Returns:
        One sentence for each further photo that left the tests.
    Raises:
        EngineError: no photo; a good one, or one of another anomaly; a file or a mask is missing.
    """
    if not photos:
        raise EngineError(
            f"No support photo was chosen for '{anomaly}'.", "Choose about three photos that show it."
        )
    for photo in photos:
        check_support(folder, anomaly, photo)
    warnings: list[str] = []
    with catalogue.transaction():
        anomaly_id = meant_anomaly(catalogue, anomaly).id
        former = {row["photo_id"] for row in catalogue.select("SELECT photo_id FROM support")}
        catalogue.change("DELETE FROM support WHERE anomaly_id = ?", (anomaly_id,))
        for place, photo in enumerate(photos):
            mark_as_support(catalogue, anomaly_id, photo.id, place)
        for photo in photos:
            if photo.id not in former:  # import lets no near-duplicate of a support photo into the tests
                warnings += leave_tests(catalogue, folder, photo)
    return warnings


def mark_as_support(catalogue: Catalogue, anomaly_id: int, photo_id: int, place: int) -> None:
    """Enter one support photo, and take it out of the tests."""
    catalogue.change(
        "UPDATE photo SET role = 'bad', anomaly_id = ?, was_support = 1 WHERE id = ?", (anomaly_id, photo_id)
    )
    catalogue.change("INSERT OR IGNORE INTO support VALUES (?, ?, ?)", (anomaly_id, photo_id, place))


def chosen_supports(catalogue: Catalogue, anomaly: str) -> list[Photo]:
    """The chosen support photos, or all bad photos of the class where none was chosen yet; also deleted ones.

    Raises EngineError for an unknown class, with the nearest name.
    """
    known = get_anomaly(catalogue, anomaly)
    rows = catalogue.select(
        "SELECT photo_id FROM support JOIN photo ON photo.id = photo_id AND photo.anomaly_id = support.anomaly_id"
        " WHERE support.anomaly_id = ? AND NOT is_removed ORDER BY place",
        (known.id,),
    )
    chosen = [get_photo(catalogue, row["photo_id"]) for row in rows]
    return chosen or list_photos(catalogue, "bad", known.name)


def list_supports(catalogue: Catalogue, folder: Path, anomaly: str) -> list[SupportPhoto]:
    """What `chosen_supports` gives, ready to be learned from.

    Raises:
        EngineError: there is none; a photo or its mask is missing.
    """
    known = get_anomaly(catalogue, anomaly)
    photos = chosen_supports(catalogue, known.name)
    if not photos:
        raise EngineError(
            f"'{known.name}' has no support photos yet.",
            "Choose about three photos of it, each with `--support NAME`.",
        )
    for photo in photos:
        check_support(folder, known.name, photo)
    return [SupportPhoto(name=photo.name, photo=photo.path, mask=photo.mask) for photo in photos]


def check_support(folder: Path, anomaly: str, photo: Photo) -> None:
    """Raises EngineError when this photo cannot be a support photo of this anomaly class."""
    if photo.role == "good":
        raise EngineError(
            f"'{photo.name}' ({photo.path}) is a good photo and shows no '{anomaly}'.",
            "Choose a bad or a test photo.",
        )
    if photo.anomaly and photo.anomaly.lower() != anomaly.lower():
        raise EngineError(
            f"'{photo.name}' ({photo.path}) shows '{photo.anomaly}', not '{anomaly}'.",
            "Choose another photo.",
        )
    if not (folder / photo.path).is_file():
        raise EngineError(
            f"The photo {folder / photo.path} was deleted.", "Import it again or choose another one."
        )
    expected = photo.mask or mask_path(anomaly, photo.name)
    if not photo.mask or not (folder / expected).is_file():
        raise EngineError(
            f"The support photo {folder / photo.path} has no mask: {folder / expected} does not exist.",
            "Import it with its mask: `anogen import PROJECT PHOTO --mask MASK --anomaly NAME`.",
        )


def check_test_photo(catalogue: Catalogue, folder: Path, file: Path, dhash: int) -> None:
    """Can the photo `file` be a test photo, whether it is in the project or not?

    Raises EngineError when it shows the same shot as another photo that is bad or was a support photo.
    """
    from engine.project.duplicates import find_near_duplicates

    others = [photo for photo in possible_supports(catalogue) if folder / photo.path != file]
    twins = find_near_duplicates(file, dhash, others, folder)
    if twins:
        raise EngineError(no_test_photo(file, twins[0], "nearly the same as"), "Choose another test photo.")


def no_test_photo(file: Path, support: Photo, how: str) -> str:
    """Why the photo `file`, which is the same as another one, cannot be a test photo."""
    return (
        f"{file} is {how} the bad photo '{support.name}' ({support.path}), "
        "and what may be learned from can never be a test photo."
    )


def leave_tests(catalogue: Catalogue, folder: Path, support: Photo) -> list[str]:
    """Take near-duplicates of a support photo out of the tests; one sentence for each, but for removed ones."""
    from engine.project.duplicates import find_near_duplicates

    tests = list_photos(catalogue, "test") + list_photos(catalogue, "test", is_removed=True)
    twins = find_near_duplicates(folder / support.path, support.dhash, tests, folder)
    for twin in twins:
        catalogue.change("UPDATE photo SET role = 'bad' WHERE id = ?", (twin.id,))
    return [
        f"'{twin.name}' ({twin.path}) left the tests: it is nearly the same as the support '{support.name}'."
        for twin in twins
        if not twin.is_removed
    ]
