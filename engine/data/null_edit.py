"""Null edits: good photos on which nothing was generated, but that a backbone's autoencoder has touched."""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from engine.protocol import Event, TrainJob


@dataclass(frozen=True)
class NullEdit:
    """A null edit and the good photo that it was made of; paths relative to the project."""

    image: str
    photo: str


MakeNullEdits = Callable[[TrainJob], Generator[Event, None, tuple[NullEdit, ...]]]
"""Makes the null edits of a training, or finds them. Raises EngineError where the backbone cannot be used."""


def none(_job: TrainJob) -> Generator[Event, None, tuple[NullEdit, ...]]:
    """A training without null edits."""
    yield from ()
    return ()
