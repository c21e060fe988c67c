"""The command *sheet*: supports, boxes and samples on one picture."""

import argparse

from engine.cli.console import Console, opened_to_read
from engine.errors import EngineError
from engine.project import Project, SampleRow
from engine.protocol import FileWritten

_MOST = 16


def sheet(arguments: argparse.Namespace, console: Console) -> None:
    """Write the sheet of a project's newest samples."""
    from engine.diffusion.sheet import write_sheet

    out = arguments.out.expanduser().absolute()
    with opened_to_read(arguments.project, console) as project:
        anomaly = project.anomaly(arguments.anomaly).name if arguments.anomaly else None
        samples = newest_samples(project, anomaly, _MOST)
        anomalies = sorted({sample.anomaly for sample in samples})
        supports = [support for name in anomalies for support in _supports(project, name)]
        folder = project.folder
        write_sheet(
            out,
            [(folder / photo, folder / mask) for photo, mask in supports],
            [(folder / sample.path, folder / sample.mask) for sample in samples],
            folder,
            ", ".join(anomalies),
        )
    console.show(FileWritten(path=str(out), what="sheet"))


def newest_samples(project: Project, anomaly: str | None, count: int) -> list[SampleRow]:
    """The samples of the newest runs that are there and were not rejected, each run in its order."""
    there = [
        sample
        for sample in project.samples(anomaly=anomaly)
        if sample.verdict != "rejected" and not sample.is_missing
    ]
    runs = list(dict.fromkeys(sample.run for sample in reversed(there)))
    chosen = [sample for run in runs for sample in there if sample.run == run]
    return chosen[:count]


def _supports(project: Project, anomaly: str) -> list[tuple[str, str]]:
    """Photo and mask of the support photos; none where a file of theirs is gone."""
    try:
        return [(support.photo, support.mask) for support in project.supports(anomaly)]
    except EngineError:
        return []
