"""The command *verdict*: what a person thinks of samples."""

import argparse
from pathlib import Path, PurePosixPath

from engine.cli.console import Console, opened
from engine.cli.display import counted
from engine.errors import EngineError
from engine.project import SampleRow
from engine.project.anomalies import suggestion


def verdict(arguments: argparse.Namespace, console: Console) -> None:
    """Set the verdict of the samples that are named, or of all."""
    if bool(arguments.samples) == arguments.all:
        raise EngineError("It is not clear which samples are meant.", "Name some, or all of them with --all.")
    with opened(arguments.project, console) as project:
        if arguments.all:
            anomaly = project.anomaly(arguments.anomaly).name if arguments.anomaly else None
            chosen = project.samples(anomaly=anomaly)
        else:
            samples = project.samples()
            chosen = [find_sample(project.folder, samples, reference) for reference in arguments.samples]
        for sample in chosen:
            project.set_verdict(sample.id, arguments.verdict)
    facts = {"verdict": arguments.verdict, "samples": len(chosen)}
    console.tell(facts, f"{counted(len(chosen), 'sample')} {arguments.verdict}.")


def find_sample(folder: Path, samples: list[SampleRow], reference: str) -> SampleRow:
    """The sample that a person means by a file, a name or a number.

    Raises:
        EngineError: none (with the nearest name), or several.
    """
    file = Path(reference).expanduser().resolve()
    exact = [sample for sample in samples if folder / sample.path == file or str(sample.id) == reference]
    matches = exact or [sample for sample in samples if _is_called(sample, reference)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        paths = ", ".join(sample.path for sample in matches[:8])
        raise EngineError(
            f"'{reference}' can mean several samples: {paths}.", "Name one of them by its path."
        )
    names = [PurePosixPath(sample.path).stem for sample in samples]
    raise EngineError(
        f"There is no sample '{reference}' in this project.",
        suggestion(reference, names, "Generate some with `anogen generate`."),
    )


def _is_called(sample: SampleRow, reference: str) -> bool:
    wanted = reference.replace("\\", "/").removesuffix(".png")
    return f"/{sample.path}".removesuffix(".png").endswith(f"/{wanted}")
