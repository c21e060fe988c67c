"""The job *train*, whole: a backbone makes null edits, a detector learns. Here the two meet."""

from collections.abc import Generator, Iterator

from engine.data.null_edit import NullEdit
from engine.detection import training
from engine.protocol import Event, TrainJob


def train(job: TrainJob) -> Iterator[Event]:
    """Train a detector, see `engine.detection.training.train`; good photos go through an autoencoder where asked."""
    yield from training.train(job, _null_edits)


def _null_edits(job: TrainJob) -> Generator[Event, None, tuple[NullEdit, ...]]:
    from engine.diffusion.null_edits import null_edits  # loads diffusers

    return (yield from null_edits(job))
