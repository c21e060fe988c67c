"""Jobs from what is in the project: which files a job works on, each by its path."""

import itertools
import random
import secrets
from collections.abc import Callable, Sequence

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
    """The job that generates `settings.count` samples on these good photos or on all, each in one placement.

    Photos with boxes of the class come first, then the others, each group in an order that the seed decides.
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
    boxes = _boxes_by_photo(project, row.anomaly)
    if photos:
        chosen = _unique([_good(project, reference) for reference in photos])
    else:
        chosen = _shuffled(present(project, project.photos("good"), warn), boxes, settings.seed or 0)
    if not chosen:
        raise EngineError(
            "There is no good photo to generate on.", "Import good photos: `anogen import PROJECT FOLDER`."
        )
    return GenerateJob(
        project=str(project.folder),
        anomaly=row.anomaly,
        embedding=row.path,
        placements=tuple(Placement(photo=photo.path, boxes=boxes.get(photo.path, ())) for photo in chosen),
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
    present = [photo for photo in photos if (project.folder / photo.path).is_file()]
    for photo in photos:
        if photo not in present:
            warn(f"The photo {project.folder / photo.path} was deleted and is left out.")
    return present


def _shuffled(photos: Sequence[Photo], boxes: dict[str, tuple[Box, ...]], seed: int) -> list[Photo]:
    """Those with boxes first, both groups in the seed's order."""
    order = random.Random(seed).sample(photos, len(photos))
    return sorted(order, key=lambda photo: photo.path not in boxes)


def _boxes_by_photo(project: Project, anomaly: str) -> dict[str, tuple[Box, ...]]:
    placed = sorted(project.boxes(anomaly=anomaly), key=lambda placed: placed.photo)
    return {
        photo: tuple(each.box for each in group)
        for photo, group in itertools.groupby(placed, key=lambda placed: placed.photo)
    }


def _unique(photos: Sequence[Photo]) -> list[Photo]:
    return list({photo.id: photo for photo in photos}.values())
