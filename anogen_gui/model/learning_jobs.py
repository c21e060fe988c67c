"""Learning jobs in the queue: which class they are about, and how they get there."""

import msgspec

from anogen_gui.model.learning_state import LearnState
from anogen_gui.model.project_model import ProjectModel
from engine.errors import EngineError
from engine.project import QueuedJob
from engine.project.planning import plan_learn
from engine.project.runs import job_key
from engine.protocol import LearnJob, LearnSettings, TrainJob

_CUT_OFF = ("interrupted", "quarantined", "cancelled", "failed")
_NO_CLASS = -1


def learn_anew(
    project: ProjectModel, state: LearnState, settings: LearnSettings, again: bool = False
) -> list[str]:
    """Choose the support photos, and put the job into the queue that learns from them.

    Args:
        again: from the first step, whatever is there already.
    Returns:
        One sentence for each photo that is left out, or left the tests.
    Raises:
        EngineError: a file is missing, or a photo cannot be a support photo.
    """
    name = state.anomaly.name
    told = project.anomalies.set_supports(name, state.used_supports)
    job = plan_learn(project.project, name, settings=settings, warn=told.append)
    if told:
        project.photos.reload()
    project.queue.enqueue(msgspec.structs.replace(job, again=again))
    return told


def go_on(project: ProjectModel, job: LearnJob | TrainJob) -> None:
    """Run the same job once more: the one in the queue that was cut off, where it is still there."""
    key = job_key(job)
    for row in project.project.queued():
        if row.job is not None and row.state in _CUT_OFF and job_key(row.job) == key:
            project.queue.retry(row.id)
            return
    project.queue.enqueue(msgspec.structs.replace(job, again=False))


def learning_jobs(project: ProjectModel) -> dict[int, QueuedJob]:
    """The first learning job of each class, by the class's number, that waits or runs."""
    jobs: dict[int, QueuedJob] = {}
    for row in project.project.queued():
        if isinstance(row.job, LearnJob) and row.state in ("queued", "running"):
            jobs.setdefault(class_of(project, row.job), row)
    return jobs


def class_of(project: ProjectModel, job: LearnJob) -> int:
    """The number of the class that a job is about, whatever it is called now; −1 where it is gone."""
    try:
        return project.project.anomaly(job.anomaly).id
    except EngineError:
        return _NO_CLASS
