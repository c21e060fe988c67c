"""Jobs from what is in the project: which files a job works on, each by its path."""

import random
import secrets
from collections.abc import Callable, Collection, Sequence

import msgspec

from engine.errors import EngineError
from engine.geometry import Box
from engine.project.project import Project
from engine.project.rows import Photo
from engine.protocol import GenerateJob, GenerateSettings, LearnJob, LearnSettings, Placement

Warn = Callable[[str], None]

_SEEDS = 2**31


def ignore(_message: str) -> None:
    pass


def plan_learn(
    project: Project,
    anomaly: str,
    supports: Sequence[str] = (),
    settings: LearnSettings | None = None,
    warn: Warn = ignore,
) -> LearnJob:
    """The job that learns an anomaly embedding from these support photos; none given: those chosen before.

    The photos become the support photos of the class; `warn` hears of others that leave the tests.

    Raises:
        EngineError: unknown class or photo (with the nearest name), no support photo, a file is missing.
    """
    known = project.anomaly(anomaly)
    if supports:
        chosen = [project.find_photo(reference, known.name) for reference in supports]
    else:
        chosen = [project.find_photo(support.photo) for support in project.supports(known.name)]
    for message in project.set_supports(known.name, _unique(chosen)):
        warn(message)
    goods = present(project, project.photos("good"), warn)
    return LearnJob(
        project=str(project.folder),
        anomaly=known.name,
        supports=tuple(project.supports(known.name)),
        goods=tuple(photo.path for photo in goods),
        settings=settings or LearnSettings(),
    )


def plan_generate(
    project: Project,
    anomaly: str,
    embedding: str | None = None,
    photos: Sequence[str] = (),
    settings: GenerateSettings | None = None,
    warn: Warn = ignore,
) -> GenerateJob:
    """The job that generates `settings.count` samples on these good photos or on all, each in a placement.

    Photos with boxes of the class come first, then the others, each group in an order that the seed decides.
    Boxes that were placed for different missed anomalies are placements of their own, so that each sample is made
    for one photo, or for none.
    The placements do not depend on the count: a job for more samples goes on with the run of one for fewer.
    A photo without boxes of its own gets automatic ones. The seed of the job is never None: where none was
    asked for, one is drawn.

    Raises:
        EngineError: unknown class, embedding or photo (with the nearest name); a deleted photo; no good one.
    """
    settings = settings or GenerateSettings()
    if settings.seed is None:
        settings = msgspec.structs.replace(settings, seed=secrets.randbelow(_SEEDS))
    row = project.embedding(anomaly, embedding)
    placements = _placements_by_photo(project, row.anomaly)
    if photos:
        chosen = _unique([_good(project, reference) for reference in photos])
    else:
        chosen = _shuffled(present(project, project.photos("good"), warn), placements, settings.seed or 0)
    if not chosen:
        raise EngineError(
            "There is no good photo to generate on.", "Import good photos: `anogen import PROJECT FOLDER`."
        )
    return GenerateJob(
        project=str(project.folder),
        anomaly=row.anomaly,
        embedding=row.path,
        placements=tuple(
            placement
            for photo in chosen
            for placement in placements.get(photo.path, (Placement(photo=photo.path),))
        ),
        settings=settings,
    )


def _good(project: Project, reference: str) -> Photo:
    """The good photo that is meant. Raises EngineError for another one, and for one that was deleted."""
    try:
        photo = project.find_photo(reference, role="good")
    except EngineError as unknown:
        try:
            other = project.find_photo(reference)
        except EngineError:
            raise unknown from None  # which suggests the nearest good photo
        if other.role == "good":
            raise
        raise EngineError(
            f"'{other.name}' ({other.path}) is a {other.role} photo; samples need good photos.",
            "Choose a good photo.",
        ) from None
    if not (project.folder / photo.path).is_file():
        raise EngineError(
            f"The photo {project.folder / photo.path} was deleted.", "Import it again or choose another one."
        )
    return photo


def present(project: Project, photos: Sequence[Photo], warn: Warn) -> list[Photo]:
    """The photos whose file is there; `warn` hears of the others."""
    present = []
    for photo in photos:
        if (project.folder / photo.path).is_file():
            present.append(photo)
        else:
            warn(f"The photo {project.folder / photo.path} was deleted and is left out.")
    return present


def _shuffled(photos: Sequence[Photo], with_boxes: Collection[str], seed: int) -> list[Photo]:
    """Those with boxes first, both groups in the seed's order."""
    order = random.Random(seed).sample(photos, len(photos))
    return sorted(order, key=lambda photo: photo.path not in with_boxes)


def _placements_by_photo(project: Project, anomaly: str) -> dict[str, tuple[Placement, ...]]:
    """The boxes of a class on each photo that has any: those for no other photo first, then by origin."""
    boxes: dict[str, dict[str, list[Box]]] = {}
    for placed in project.boxes(anomaly=anomaly):
        boxes.setdefault(placed.photo, {}).setdefault(placed.origin, []).append(placed.box)
    return {
        photo: tuple(
            Placement(photo=photo, boxes=tuple(group), origin=origin)
            for origin, group in sorted(by_origin.items())
        )
        for photo, by_origin in boxes.items()
    }


def _unique(photos: Sequence[Photo]) -> list[Photo]:
    return list({photo.id: photo for photo in photos}.values())
