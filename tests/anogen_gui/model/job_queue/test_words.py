"""The queue with an engine that is played, and with one that is a process; the catalogue is a real one."""

import pytest

from anogen_gui.model.job_view import job_kind, job_title, read_ending, write_ending
from engine.protocol import (
    CompareRunsJob,
    DownloadJob,
    EvaluateJob,
    EvaluateRunJob,
    Finished,
    GeneratedPhoto,
    GenerateJob,
    GenerateSettings,
    InspectJob,
    Job,
    LearnJob,
    TrainJob,
    TrainSettings,
)
from tests.anogen_gui.model.job_queue.queued import job


@pytest.mark.parametrize(
    ("job", "title", "kind"),
    [
        (job("cracked"), "Learn ‘cracked’ from 3 photos", "learn"),
        (
            LearnJob(project="", anomaly="cut", supports=job("cut").supports[:1]),
            "Learn ‘cut’ from 1 photo",
            "learn",
        ),
        (
            GenerateJob(
                project="", anomaly="cut", embedding="e", placements=(), settings=GenerateSettings(count=16)
            ),
            "Generate 16 × ‘cut’",
            "generate",
        ),
        (DownloadJob(project="", backbone="large"), "Download the backbone ‘large’", "download"),
        (
            TrainJob(project="", goods=("a.png",), settings=TrainSettings(recipe="baseline", preset="paper")),
            "Train DRAEM without samples (paper)",
            "train",
        ),
        (
            TrainJob(
                project="",
                goods=("a.png",),
                samples=(GeneratedPhoto(image="s", photo="a.png", mask="m"),),
                settings=TrainSettings(detector="destseg"),
            ),
            "Train DeSTSeg with 1 sample (light)",
            "train",
        ),
        (EvaluateRunJob(project="", run="r", photos=()), "Measure ‘r’ on 0 photos", "evaluate run"),
        (
            CompareRunsJob(project="", first="r", second="s", photos=()),
            "Compare ‘s’ with ‘r’",
            "compare runs",
        ),
        (InspectJob(project="", run="r", files=("a", "b")), "Inspect 2 photos with ‘r’", "inspect"),
        (EvaluateJob(project=""), "Evaluate", "evaluate"),
        (None, "A job of another version", ""),
    ],
)
def test_jobs_have_human_titles(job: Job | None, title: str, kind: str) -> None:
    assert (job_title(job), job_kind(job)) == (title, kind)


@pytest.mark.parametrize(
    "texts", [("", "", ""), ("m", "", ""), ("m", "h", ""), ("m", "", "a\nb"), ("", "", "d")]
)
def test_endings_are_kept_as_one_text(texts: tuple[str, str, str]) -> None:
    message, hint, details = texts
    finished = Finished(outcome="failed", message=message, hint=hint, details=details)
    assert read_ending(write_ending(finished)) == texts
