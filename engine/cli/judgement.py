"""Real anomalies beside generated ones: import, learn, generate and judge, each part as its own command does it."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine import tasks
from engine.cli.console import Console, as_events, opened
from engine.data.files import safe_name
from engine.errors import EngineError
from engine.project import Project
from engine.project.importing import import_photos
from engine.project.planning import plan_generate, plan_learn
from engine.project.project import CATALOGUE
from engine.protocol import (
    EmbeddingWritten,
    Event,
    Finished,
    GenerateSettings,
    Job,
    JudgeJob,
    LearnJob,
    LearnSettings,
    MaskedPhoto,
    SampleWritten,
)

FROZEN_STEPS = 100
"""Of learning on the frozen backbone: the samples before adaptation."""
FEWEST = 3
"""Real anomalies to judge by."""
_SEED = 7


@dataclass(frozen=True)
class Judgement:
    """What is judged: an anomaly class of the photos in `data`; `folder` takes the project and the sheet."""

    data: Path
    anomaly: str
    supports: list[str]
    backbone: str
    folder: Path
    features: str
    count: int
    steps: int | None

    @property
    def name(self) -> str:
        return safe_name(f"{self.data.name}-{self.anomaly}")


class _EndedError(Exception):
    """A part did not come to its end."""

    def __init__(self, finished: Finished) -> None:
        super().__init__(finished.message)
        self.finished = finished


def judge_on_photos(judgement: Judgement, console: Console, when_cancelled: str) -> Finished:
    """Do all parts, one after the other; what an earlier call has finished is not done again."""
    with _project(judgement, console) as project:
        try:
            return _parts(judgement, project, console, when_cancelled)
        except _EndedError as ended:
            return ended.finished


def _project(judgement: Judgement, console: Console) -> Project:
    """A new project, or what there is of it, however an earlier call ended."""
    folder = judgement.folder / judgement.name
    if not folder.exists():
        return Project.create(folder)
    return opened(str(folder), console) if (folder / CATALOGUE).exists() else Project.rebuild(folder)


def _parts(judgement: Judgement, project: Project, console: Console, when_cancelled: str) -> Finished:
    finished = console.run(as_events(import_photos(project, judgement.data)), Path.cwd())
    if finished.outcome != "done":
        return finished
    learning = plan_learn(project, judgement.anomaly, judgement.supports, _settings(judgement), console.warn)
    held_out = _held_out(project, learning.anomaly)
    before: tuple[MaskedPhoto, ...] = ()
    if _is_adapted(judgement):
        before = _samples(judgement, project, _on_frozen_backbone(learning), console)
    after = _samples(judgement, project, learning, console)
    job = _judge_job(judgement, learning, held_out, before, after)
    return console.run(tasks.run(job), project.folder, when_cancelled=when_cancelled)


def _settings(judgement: Judgement) -> LearnSettings:
    return LearnSettings(backbone=judgement.backbone, steps=judgement.steps)


def _on_frozen_backbone(job: LearnJob) -> LearnJob:
    """The same job with few steps and no adaptation."""
    steps = min(FROZEN_STEPS, job.settings.steps or FROZEN_STEPS)
    settings = msgspec.structs.replace(job.settings, adapt=False, steps=steps, strip_every=FROZEN_STEPS)
    return msgspec.structs.replace(job, settings=settings)


def _held_out(project: Project, anomaly: str) -> tuple[MaskedPhoto, ...]:
    """Every test photo of the class that has a mask. Raises EngineError where there are too few to judge by."""
    photos = [photo for photo in project.photos("test", anomaly) if photo.mask and not photo.is_missing]
    if len(photos) < FEWEST:
        raise EngineError(
            f"Beside the support photos, there are {len(photos)} photos of “{anomaly}” with a mask.",
            f"At least {FEWEST} are needed to judge by; choose fewer support photos, or add others.",
        )
    return tuple(MaskedPhoto(photo=photo.path, mask=photo.mask) for photo in photos)


def _is_adapted(judgement: Judgement) -> bool:
    """Does learning adapt this backbone, so that there is a before?"""
    from engine.diffusion.backbone.catalogue import check_backbone

    return check_backbone(judgement.backbone).manifest.needs_adaptation


def _samples(
    judgement: Judgement, project: Project, learning: LearnJob, console: Console
) -> tuple[MaskedPhoto, ...]:
    """Learn, and generate with what was learned."""
    events = _run(learning, project, console)
    name = next(event.name for event in events if isinstance(event, EmbeddingWritten))
    settings = GenerateSettings(count=judgement.count, seed=_SEED)
    generating = plan_generate(project, learning.anomaly, name, (), settings, console.warn)
    events = _run(generating, project, console)
    return tuple(
        MaskedPhoto(photo=event.image, mask=event.mask)
        for event in events
        if isinstance(event, SampleWritten)
    )


def _run(job: Job, project: Project, console: Console) -> list[Event]:
    """What a job wrote. Raises _EndedError where it was stopped or has failed."""
    written: list[Event] = []

    def record(event: Event) -> None:
        project.record(event, job)
        if isinstance(event, EmbeddingWritten | SampleWritten):
            written.append(event)

    finished = console.run(tasks.run(job), project.folder, record)
    if finished.outcome != "done":
        raise _EndedError(finished)
    return written


def _judge_job(
    judgement: Judgement,
    learning: LearnJob,
    held_out: tuple[MaskedPhoto, ...],
    before: tuple[MaskedPhoto, ...],
    after: tuple[MaskedPhoto, ...],
) -> JudgeJob:
    return JudgeJob(
        project=learning.project,
        anomaly=learning.anomaly,
        supports=tuple(MaskedPhoto(photo=each.photo, mask=each.mask) for each in learning.supports),
        held_out=held_out,
        before=before,
        after=after,
        goods=learning.goods,
        sheet=str(judgement.folder / f"{judgement.name}.png"),
        backbone=judgement.backbone,
        features=judgement.features,
        seed=_SEED,
    )
