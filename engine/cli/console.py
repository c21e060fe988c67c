"""A command as it runs: its events recorded and shown, Ctrl-C, and the code that it exits with."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from engine.channel import claimed_stdout
from engine.cli.display import Display, JsonDisplay, TextDisplay
from engine.errors import EngineError
from engine.project import Project
from engine.protocol import Event, Finished, Outcome, Warned
from engine.supervision import Control, supervise

CANCELLED = "Cancelled."
GO_ON = "Cancelled; run the same command to go on."
EXIT_CODES: dict[Outcome, int] = {"done": 0, "kept": 0, "failed": 1, "cancelled": 130}

_STOPPING = (
    b"\nStopping after this step ... (Ctrl-C again to stop at once)\n"  # whatever the terminal's encoding
)
_SHOWN_FILES = 20


class Console:
    """Shows what a command does, and sees to it that exactly one Finished ends it.

    Args:
        is_debug: whether tracebacks are shown.
    """

    def __init__(self, display: Display, is_debug: bool = False) -> None:
        self._display = display
        self._is_debug = is_debug
        self._is_finished = False

    def say(self, text: str) -> None:
        """A line for a person."""
        self._display.say(text)

    def warn(self, message: str) -> None:
        """Something that a person should know; the command goes on."""
        self.show(Warned(message=message))

    def tell(self, facts: dict[str, Any], text: str) -> None:
        """Facts, as a JSON line for a program or as text for a person."""
        self._display.tell(facts, text)

    def show(self, event: Event, root: Path | None = None) -> None:
        """`root`: what the event's paths are relative to, by default the current folder."""
        self._is_finished = self._is_finished or isinstance(event, Finished)
        self._display.show(event, root or Path.cwd())

    def finish(self, finished: Finished) -> int:
        """End the command, if it has not ended yet; returns its exit code."""
        if not self._is_finished:
            self.show(finished)
            if self._is_debug and finished.details:
                print(finished.details, file=sys.stderr)
        return EXIT_CODES[finished.outcome]

    def run(
        self,
        events: Generator[Event, None, None],
        root: Path,
        record: Callable[[Event], None] = lambda event: None,
        when_cancelled: str = CANCELLED,
    ) -> Finished:
        """Run a job, or what else makes events, until it ends or Ctrl-C is pressed; returns how it ended.

        Its Finished is recorded, and shown by `finish` at the end of the command.
        """
        control = Control()
        with _stopped_by_ctrl_c(control), closing(supervise("", events, control)) as supervised:
            for event in supervised:
                if isinstance(event, Finished) and event.outcome == "cancelled":
                    event = msgspec.structs.replace(event, message=when_cancelled)
                record(event)
                if isinstance(event, Finished):
                    return event
                self.show(event, root)
        raise AssertionError("a supervised job ends with Finished")


@contextmanager
def open_console(is_json: bool, is_debug: bool) -> Iterator[Console]:
    """A console for a person, or for a program, which then has stdout for itself."""
    if not is_json:
        yield Console(TextDisplay(), is_debug)
        return
    with claimed_stdout() as channel:
        yield Console(JsonDisplay(channel), is_debug)


def opened(folder: str, console: Console) -> Project:
    """The project in a folder, open for writing; what opening found in it is told."""
    project = Project.open(folder)
    adopted = project.adopted
    counts = {"photo": adopted.photos, "embedding": adopted.embeddings, "sample": adopted.samples}
    found = [f"{count} {noun}{'s' * (count > 1)}" for noun, count in counts.items() if count]
    if found:
        console.warn(f"Found in the project's folder, and entered: {', '.join(found)}.")
    for refused in adopted.refused[:_SHOWN_FILES]:
        console.show(refused, project.folder)
    return project


def opened_to_read(folder: str, console: Console) -> Project:
    """The project in a folder, for what only looks at it: also where it cannot be opened for writing."""
    try:
        return opened(folder, console)
    except EngineError as error:  # open elsewhere, or not to be written to
        project = Project.open(folder, read_only=True)
        console.warn(error.message)
        return project


def as_events(work: Iterable[Event]) -> Generator[Event, None, None]:
    """What yields events, as a generator that can be closed."""
    yield from work


@contextmanager
def _stopped_by_ctrl_c(control: Control) -> Iterator[None]:
    """Inside, the first Ctrl-C ends the job at its next step, the second one at once."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        control.cancel()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with suppress(OSError):  # not by print: the signal may have come in the middle of one
            os.write(2, _STOPPING)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
