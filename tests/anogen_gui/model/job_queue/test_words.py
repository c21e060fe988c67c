"""The queue with an engine that is played, and with one that is a process; the catalogue is a real one."""

import pytest

from anogen_gui.model.job_view import job_kind, job_title, read_ending, write_ending
from engine.protocol import (
    DownloadJob,
    EvaluateJob,
    Finished,
    GenerateJob,
    GenerateSettings,
    Job,
    LearnJob,
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
