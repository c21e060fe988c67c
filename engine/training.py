"""The job *train*, whole: a backbone makes null edits, a detector learns. Here the two meet."""

from collections.abc import Iterator

from engine.data.null_edit import none
from engine.detection import training
from engine.protocol import Event, TrainJob


def train(job: TrainJob) -> Iterator[Event]:
    """Train a detector, see `engine.detection.training.train`; good photos go through an autoencoder where asked."""
    if not job.autoencoder:
        yield from training.train(job, none)
        return
    from engine.diffusion.null_edits import null_edits  # loads diffusers

    yield from training.train(job, null_edits)
