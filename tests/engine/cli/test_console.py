"""Ctrl-C, broken pipes, tracebacks: how a command ends, in this process and as a process."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from engine import tasks
from engine.project import Project
from engine.protocol import Finished, decode_event
from tests.conftest import Anogen, Start
from tests.engine import fake_jobs

FAKE = "tests.engine.cli.fake_anogen"
ENDLESS = ["learn", "P", "--anomaly", "endless", "--support", "000"]


@pytest.fixture
def endless(anogen: Anogen, product: Path) -> Path:
    """A project whose anomaly class makes jobs go on without end."""
    with Project.open(product) as project:
        project.catalogue.change("UPDATE anomaly SET name = 'endless'")
    return product


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_ends_a_job_in_good_order(start: Start, endless: Path) -> None:
    process = start(FAKE, *ENDLESS, cwd=endless.parent)
    assert process.stdout is not None
    assert process.stdout.readline() == "endless\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "\nStopping after this step ... (Ctrl-C again to stop at once)\n" in err
    assert err.endswith("Cancelled; run the same command to go on.\n")
    assert "Traceback" not in err
    assert (endless / "cleaned-up").exists()
    with Project.open(endless) as project:
        assert [run.state for run in project.runs()] == ["cancelled"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_twice_ends_a_step_that_hangs(start: Start, endless: Path) -> None:
    with Project.open(endless) as project:
        project.catalogue.change("UPDATE anomaly SET name = 'hanging'")
    process = start(FAKE, *ENDLESS[:3], "hanging", *ENDLESS[4:], "--json", cwd=endless.parent)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["event"] == "Started"
    time.sleep(0.3)  # until the step hangs
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    finished = [json.loads(line) for line in out.splitlines()]
    assert [event["outcome"] for event in finished] == ["cancelled"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize("module", ["engine.cli.loading", "engine.protocol", "numpy", "engine.cli.demo"])
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_ctrl_c_while_the_program_is_loaded_is_one_line(
    start: Start, tmp_path: Path, module: str, options: list[str]
) -> None:
    process = start("tests.engine.cli.pressed_early", module, "status", "P", *options, cwd=tmp_path)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    if options:
        assert decode_event(out.encode()) == Finished(outcome="cancelled", message="Cancelled.")
        assert err == ""
    else:
        assert (out, err) == ("", "Cancelled.\n")


def test_a_killed_command_leaves_a_project_that_opens(anogen: Anogen, start: Start, endless: Path) -> None:
    process = start(FAKE, *ENDLESS, cwd=endless.parent)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    result = anogen("status", "P", "--json")
    assert [run["state"] for run in result.lines[0]["runs"]] == ["interrupted"]


def test_a_project_that_is_open_elsewhere_is_refused_and_can_still_be_looked_at(
    anogen: Anogen, product: Path
) -> None:
    with Project.open(product):
        refused = anogen("generate", "P", "--anomaly", "crack")
        assert refused.code == 1
        assert str(os.getpid()) in refused.err
        looked_at = anogen("status", "P")
        listed = anogen("embedding", "list", "P")
    assert looked_at.code == 0
    assert "Photos: 4 good" in looked_at.out
    assert listed.code == 0
    assert str(os.getpid()) in listed.err


def test_a_reader_that_goes_away_ends_a_command_quietly(start: Start, endless: Path) -> None:
    reading, writing = os.pipe()
    process = start(FAKE, *ENDLESS, "--json", cwd=endless.parent, stdout=writing)
    os.close(writing)
    os.close(reading)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert (endless / "cleaned-up").exists()


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_bug_is_a_sentence(
    anogen: Anogen, product: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.setattr(tasks, "run", lambda job: fake_jobs.breaking(job))
    words = ("learn", "P", "--anomaly", "crack", "--support", "000", *options)
    result = anogen(*words)
    assert result.code == 1
    assert "Traceback" not in result.err
    if options:
        assert "Traceback" in result.lines[-1]["details"]
    assert "Traceback" in anogen(*words, "--debug").err


def test_a_jobs_strings_of_text_do_not_disturb_json(
    anogen: Anogen, product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "run", lambda job: fake_jobs.printing(job))
    result = anogen("learn", "P", "--anomaly", "crack", "--support", "000", "--json")
    assert [line["event"] for line in result.lines] == ["Started", "Finished"]
    assert "a stray write" in result.err
