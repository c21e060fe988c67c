"""What the project tells of learning: which photos a class can be learned from, and which runs there were."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from anogen_gui.model.learning_course import COURSE_STATES, Course, checkpoint_step, read_course
from anogen_gui.model.learning_state import KnownRun, SupportChoice
from anogen_gui.model.project_model import ProjectModel
from engine.project import AnomalyClass, Photo, RunRow
from engine.project.runs import job_key
from engine.protocol import LearnJob

_MOST_FURTHER = 12  # bad photos beside the chosen ones: as many as can be looked over


def read_supports(
    project: ProjectModel, anomaly: AnomalyClass, chosen: frozenset[str] | None
) -> tuple[SupportChoice, ...]:
    """The support photos of a class, then some of its further bad photos.

    Args:
        chosen: the paths of the photos that are to be learned from; None for those that the project has kept.
    """
    kept = project.anomalies.supports(anomaly.name)
    known = {photo.path for photo in kept}
    others = [photo for photo in project.photos.of_role("bad", anomaly.name) if photo.path not in known]
    wanted = known if chosen is None else chosen
    return tuple(
        SupportChoice(photo, _has_mask(project, photo), photo.path in wanted)
        for photo in (*kept, *others[:_MOST_FURTHER])
    )


def read_runs(project: ProjectModel, anomaly: AnomalyClass, rows: Sequence[RunRow]) -> tuple[KnownRun, ...]:
    """The learning runs of a class among `rows`, the newest first."""
    return tuple(
        _known_run(project, row, row.job)
        for row in reversed(rows)
        if isinstance(row.job, LearnJob) and row.anomaly == anomaly.name
    )


def run_to_show(runs: Sequence[KnownRun]) -> KnownRun | None:
    """The newest run that has written anything, else the newest one; None where there was none."""
    return next((run for run in runs if run.name), runs[0] if runs else None)


def course_of(project: ProjectModel, run: KnownRun) -> Course:
    """What is known of the course of a run that does not run now."""
    course = read_course(project.folder, run.name) if run.name else Course()
    state = COURSE_STATES.get(run.state, "interrupted")
    return replace(course, state=state, total=run.job.settings.steps or 0, message=run.message)


def course_before(project: ProjectModel, runs: Sequence[KnownRun], job: LearnJob) -> Course:
    """The course of the run that a job may go on with; an empty one for a new run."""
    run = next((run for run in runs if run.name and job_key(run.job) == job_key(job)), None)
    return read_course(project.folder, run.name) if run is not None else Course()


def _has_mask(project: ProjectModel, photo: Photo) -> bool:
    return bool(photo.mask) and project.file(photo.mask).is_file()


def _known_run(project: ProjectModel, row: RunRow, job: LearnJob) -> KnownRun:
    return KnownRun(
        name=row.name,
        job=msgspec.structs.replace(job, project=str(project.folder)),
        state=row.state,
        started=row.started,
        message=row.message,
        checkpoint=checkpoint_step(project.folder, row.name) if row.name else 0,
        is_outdated=_is_outdated(project, row.name, job),
    )


def _is_outdated(project: ProjectModel, run: str, job: LearnJob) -> bool:
    """Was a support photo or its mask changed after the run was started?"""
    files = [path for support in job.supports for path in (support.photo, support.mask)]
    try:
        started = project.file(f"runs/{run}/job.json").stat().st_mtime_ns
        return any(project.file(path).stat().st_mtime_ns > started for path in files)
    except OSError:
        return True
