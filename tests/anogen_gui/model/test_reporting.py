"""Reports from the open project."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.reporting import Reporting
from engine.project import Project
from tests.engine.reporting.inspected import RUN, record_run


@pytest.fixture
def reporting(qtbot: QtBot, product: Project) -> Iterator[Reporting]:
    """Of a project with a detector that has looked at four test photos, of which two are misjudged or bad."""
    record_run(product)
    reporting = Reporting(product)
    yield reporting
    reporting.close()


def test_a_report_is_written(qtbot: QtBot, reporting: Reporting, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    pages: list[str] = []
    reporting.reported.connect(pages.append)
    reporting.progressed.connect(lambda step, total: steps.append((step, total)))
    with qtbot.waitSignal(reporting.ended):
        reporting.start(RUN, tmp_path / "out")
        assert reporting.is_running
    assert not reporting.is_running
    assert pages == [str(tmp_path / "out" / "report.html")]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "report.html", "report.pdf", "scores.csv",
    ]  # fmt: skip
    assert steps[-1][0] == steps[-1][1] == len(steps)


def test_what_is_missing_is_said_in_words_of_the_window(
    qtbot: QtBot, reporting: Reporting, product: Project, tmp_path: Path
) -> None:
    product.forget_inspections(RUN, [each.photo for each in product.inspections(RUN)])
    told: list[tuple[str, str]] = []
    reporting.failed.connect(lambda message, hint: told.append((message, hint)))
    with qtbot.assertNotEmitted(reporting.reported), qtbot.waitSignal(reporting.ended):
        reporting.start(RUN, tmp_path / "out")
    assert told == [
        (f"The detector {RUN} has not looked at the test photos yet.", "Measure it on the page Train.")
    ]
    assert not (tmp_path / "out").exists()


def test_a_cancelled_report_writes_nothing(qtbot: QtBot, reporting: Reporting, tmp_path: Path) -> None:
    with qtbot.assertNotEmitted(reporting.reported), qtbot.waitSignal(reporting.ended):
        reporting.start(RUN, tmp_path / "out")
        reporting.cancel()
    assert not (tmp_path / "out").exists()


def test_a_second_report_waits_for_nobody_and_is_not_begun(
    qtbot: QtBot, reporting: Reporting, tmp_path: Path
) -> None:
    with qtbot.waitSignal(reporting.ended):
        reporting.start(RUN, tmp_path / "first")
        reporting.start(RUN, tmp_path / "second")
    assert (tmp_path / "first").is_dir()
    assert not (tmp_path / "second").exists()


def test_a_photo_that_cannot_be_read_is_told(
    qtbot: QtBot, reporting: Reporting, product: Project, tmp_path: Path
) -> None:
    (product.folder / "photos/test/100.png").write_bytes(b"no photo")
    told: list[str] = []
    reporting.warned.connect(told.append)
    with qtbot.waitSignal(reporting.reported):
        reporting.start(RUN, tmp_path / "out")
    (message,) = told
    assert "100.png is not an image" in message
