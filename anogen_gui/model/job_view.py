"""A job of the queue as it is shown: a row of the catalogue, and what is known of the running one."""

import re
from dataclasses import dataclass

from anogen_gui.model.wording import count_of
from engine.project import QueuedJob, QueueState
from engine.protocol import (
    DETECTOR_NAMES,
    CompareRunsJob,
    DownloadJob,
    EvaluateRunJob,
    Finished,
    GenerateJob,
    InspectJob,
    Job,
    JudgeJob,
    LearnJob,
    PretrainJob,
    Progress,
    TrainJob,
)

_KEPT = (LearnJob, GenerateJob, TrainJob, PretrainJob)


@dataclass(frozen=True)
class JobView:
    """What a person sees of a job.

    `kind` is the job's type in words ("learn", "generate"), '' for one of another version. `step` to `loss` are those
    of the running job, else 0, '' or None; `message`, `hint` and `details` tell how it ended. `can_be_kept`: it runs,
    and something of it would be kept; `is_cancelling`, `is_keeping`: it runs, and was asked to end so.
    """

    id: int
    title: str
    kind: str
    state: QueueState
    step: int = 0
    total: int = 0
    stage: str = ""
    eta_s: float | None = None
    loss: float | None = None
    message: str = ""
    hint: str = ""
    details: str = ""
    attempt: int = 0
    can_be_kept: bool = False
    is_cancelling: bool = False
    is_keeping: bool = False


@dataclass
class RunningJob:
    """The job that the engine has, and what is known of it.

    `job` is as it was handed over, `wire_id` its name there, another one at each attempt. `was_reached`: the engine
    listened while it had the job; `has_lost_engine`: then it died.
    """

    row: QueuedJob
    job: Job
    wire_id: str
    was_reached: bool
    progress: Progress | None = None
    has_lost_engine: bool = False
    is_cancelling: bool = False
    is_keeping: bool = False

    @property
    def is_to_end(self) -> bool:
        """A person wants it to end."""
        return self.is_cancelling or self.is_keeping

    def was_cut_off_by(self, finished: Finished) -> bool:
        """Is this the end of the engine rather than of the job?"""
        if finished.outcome == "cancelled":
            return not self.is_to_end
        return self.has_lost_engine


def view_of(row: QueuedJob, running: RunningJob | None) -> JobView:
    """The view of a row; `running` is the running job, whichever it is."""
    if running is not None and running.row.id == row.id:
        return _view_of_running(running)
    message, hint, details = read_ending(row.error)
    return JobView(
        id=row.id,
        title=job_title(row.job),
        kind=job_kind(row.job),
        # what does not run has ended, also where that could not be kept, on a full disk for example
        state="interrupted" if row.state == "running" else row.state,
        message=message,
        hint=hint,
        details=details,
        attempt=row.attempt,
    )


def _view_of_running(running: RunningJob) -> JobView:
    row, progress = running.row, running.progress or Progress(step=0, total=0)
    return JobView(
        id=row.id,
        title=job_title(row.job),
        kind=job_kind(row.job),
        state="running",
        step=progress.step,
        total=progress.total,
        stage=progress.stage,
        eta_s=progress.eta_s,
        loss=progress.loss,
        attempt=row.attempt,
        can_be_kept=isinstance(row.job, _KEPT) and not running.is_to_end,
        is_cancelling=running.is_cancelling,
        is_keeping=running.is_keeping,
    )


def job_kind(job: Job | None) -> str:
    """ "learn" of a LearnJob."""
    return "" if job is None else _words(job).lower()


def job_title(job: Job | None) -> str:
    """What the job does, in a few words: "Learn ‘cracked’ from 3 photos"."""
    match job:
        case LearnJob():
            return f"Learn ‘{job.anomaly}’ from {count_of(len(job.supports), 'photo')}"
        case GenerateJob():
            return f"Generate {job.settings.count} × ‘{job.anomaly}’"
        case TrainJob():
            return f"Train {DETECTOR_NAMES[job.settings.detector]} {_learned_from(job)}"
        case EvaluateRunJob():
            return f"Measure ‘{job.run}’ on {count_of(len(job.photos), 'photo')}"
        case CompareRunsJob():
            return f"Compare ‘{job.second}’ with ‘{job.first}’"
        case InspectJob():
            return f"Inspect {count_of(len(job.files), 'photo')} with ‘{job.run}’"
        case JudgeJob():
            return f"Judge {count_of(len(job.after), 'sample')} of ‘{job.anomaly}’"
        case DownloadJob():
            return f"Download the backbone ‘{job.backbone}’"
        case None:
            return "A job of another version"
        case _:
            return _words(job)


def _learned_from(job: TrainJob) -> str:
    """ "with 37 samples (light)"."""
    is_baseline = job.settings.recipe == "baseline"
    samples = "without samples" if is_baseline else f"with {count_of(len(job.samples), 'sample')}"
    return f"{samples} ({job.settings.preset})"


def write_ending(finished: Finished) -> str:
    """How a job ended, as one text to keep: the message, the hint and the details, from the first line on."""
    first, second = (" ".join(text.split()) for text in (finished.message, finished.hint))
    return "\n".join((first, second, finished.details)).rstrip()


def read_ending(text: str) -> tuple[str, str, str]:
    """Message, hint and details of a kept ending."""
    message, hint, details = [*text.split("\n", 2), "", ""][:3]
    return message, hint, details


def _words(job: Job) -> str:
    """ "Keep step" of a KeepStepJob."""
    name = type(job).__name__.removesuffix("Job")
    return re.sub("(?<!^)([A-Z])", r" \1", name).capitalize()
