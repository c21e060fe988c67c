"""The report of a detector as files: report.html, report.pdf, scores.csv."""

from collections.abc import Iterator
from pathlib import Path

from engine.data.files import write_atomically
from engine.project import Project
from engine.protocol import Event, FileWritten, Started, Warned
from engine.reporting.gather import gather
from engine.reporting.material import Material, collect
from engine.reporting.page import page
from engine.reporting.table import scores_csv

PAGE, PDF, TABLE = "report.html", "report.pdf", "scores.csv"


def write_report(project: Project, run: str, out: Path) -> Iterator[Event]:
    """Write the report of a run, whose name `run` is or begins, into the folder `out`; former files give way to it.

    Yields: Started; Progress; Warned for each photo that is left out or cannot be read; FileWritten (absolute) for
        each file, the page last.
    Raises:
        EngineError: there is nothing to tell of the run, and what to do first; `out` cannot be written to. Nothing is
            written before all is made.
    """
    warnings: list[str] = []
    report = gather(project, run, warnings.append)
    yield Started(title=f"Report of {report.run}")
    yield from (Warned(message=message) for message in warnings)
    for each in collect(report):
        if isinstance(each, Event):
            yield each
        else:
            yield from _write(each, out.expanduser().absolute())


def _write(material: Material, out: Path) -> Iterator[Event]:
    from engine.reporting.pdf import pdf  # loads reportlab

    files = {
        TABLE: (scores_csv(material.report), "scores of all photos"),
        PDF: (pdf(material), "report to print"),
        PAGE: (page(material).encode("utf-8", errors="replace"), "report"),
    }
    for name, (content, what) in files.items():
        with write_atomically(out / name) as temporary:
            temporary.write_bytes(content)
        yield FileWritten(path=str(out / name), what=what)
