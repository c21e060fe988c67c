"""The command *report*."""

from pathlib import Path

import pytest

from engine.project import Project
from tests.conftest import Anogen
from tests.engine.reporting.inspected import RUN, record_run


@pytest.fixture
def with_detector(product: Path) -> Path:
    """The product with a detector that has looked at two good test photos and two of 'crack'."""
    with Project.open(product) as project:
        for name in ("000", "001"):
            project.set_role(project.find_photo(f"photos/good/{name}.png"), "test")
        record_run(project)
    return product


def test_a_report_is_written(anogen: Anogen, with_detector: Path, tmp_path: Path) -> None:
    result = anogen("report", "P", "draem", "--out", "for the line")
    assert result.code == 0, result.err
    folder = tmp_path / "for the line"
    assert sorted(file.name for file in folder.iterdir()) == ["report.html", "report.pdf", "scores.csv"]
    assert "report.html" in result.out
    again = anogen("report", "P", RUN, "--out", folder, "--json")
    written = [Path(line["path"]).name for line in again.lines if line["event"] == "FileWritten"]
    assert written == ["scores.csv", "report.pdf", "report.html"]
    assert again.lines[-1]["outcome"] == "done"


def test_what_is_missing_is_told_with_the_command(
    anogen: Anogen, with_detector: Path, tmp_path: Path
) -> None:
    with Project.open(with_detector) as project:
        project.forget_inspections(RUN, [each.photo for each in project.inspections(RUN)])
    result = anogen("report", "P", RUN, "--out", "out")
    assert result.code == 1
    assert "has not looked at the test photos yet." in result.err
    assert f"`anogen evaluate {with_detector} {RUN}` does that." in result.err
    assert not (tmp_path / "out").exists()


def test_an_unknown_run_is_told(anogen: Anogen, product: Path) -> None:
    assert "There is no trained run “other”" in anogen("report", "P", "other", "--out", "out").err
