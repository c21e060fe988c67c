"""The job *render demo*: the photos of a made-up product, to begin with."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.data.files import write_error
from engine.diffusion.pretraining.demo_product import render_demo_product
from engine.protocol import Event, FileWritten, Progress, RenderDemoJob, Started

_SEED = 0


def render_demo(job: RenderDemoJob) -> Iterator[Event]:
    """Render the photos into the folder `job.project`, whole or not at all; where it is there, nothing is done.

    Yields: Started, Progress, FileWritten.
    Raises:
        EngineError: the disk is full, or the folder cannot be written to.
    """
    folder = Path(job.project)
    if folder.exists():
        return
    yield Started(title="Rendering photos of a made-up product")
    unfinished = folder.with_name(f".{folder.name}-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)  # of a process that was killed
    total = job.goods + job.tests + job.bad
    try:
        photos = render_demo_product(unfinished, _SEED, job.goods, job.tests, job.bad)
        for step, _ in enumerate(photos, start=1):
            yield Progress(step=step, total=total, stage="photos")
        os.replace(unfinished, folder)
    except OSError as error:
        raise write_error(folder, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    yield FileWritten(path=str(folder), what="product")
