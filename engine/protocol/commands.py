"""Commands: to the engine."""

from typing import Union

import msgspec

from engine.protocol.jobs import AnyJob


class Command(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag=True, forbid_unknown_fields=True
):
    """Something the engine is asked to do."""


class Submit(Command, frozen=True, kw_only=True):
    """Run a job; an interactive one runs between two steps of the current one, or within them.

    The latest of a kind wins: an earlier one that waits is cancelled, one that runs as soon as it has shown something.
    """

    job_id: str
    job: AnyJob
    interactive: bool = False


class Cancel(Command, frozen=True, kw_only=True):
    """End a job at its next step and drop what is unfinished."""

    job_id: str


class KeepAndStop(Command, frozen=True, kw_only=True):
    """End a job at its next step and keep what it has."""

    job_id: str


class Quit(Command, frozen=True, kw_only=True):
    """Cancel everything and end the engine."""


AnyCommand = Union[Submit, Cancel, KeepAndStop, Quit]
