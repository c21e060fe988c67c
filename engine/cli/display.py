"""What a command shows: sentences and bars for a person, or one JSON line for each event."""

import os
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TextIO

import msgspec

from engine.channel import Throttle, write_line
from engine.cli.progress import Bar, Lines, ProgressShown
from engine.protocol import (
    EmbeddingWritten,
    Event,
    FileRefused,
    FileWritten,
    Finished,
    Measured,
    PhotoImported,
    PreviewReady,
    Progress,
    SampleWritten,
    Started,
    StripWritten,
    Warned,
    encode_line,
)

_PATH_FIELDS = ("path", "photo", "image", "mask", "embedding")
_SHOWN_REFUSALS = 50


class Display(Protocol):
    """Takes the events of a command, the last of which is Finished."""

    def show(self, event: Event, root: Path) -> None:
        """`root` is the folder that the event's paths are relative to."""

    def say(self, text: str) -> None:
        """A line for a person; not shown where a program reads."""

    def tell(self, facts: dict[str, Any], text: str) -> None:
        """Facts for a program, as an event `Told`, or the same as text for a person."""


def shown_path(path: str, root: Path) -> str:
    """`path`, relative to `root` or absolute, so that it opens from the current folder."""
    whole = root / path
    try:
        return Path(os.path.relpath(whole)).as_posix()
    except ValueError:  # Windows: on another drive
        return whole.as_posix()


def with_shown_paths(event: Event, root: Path) -> Event:
    """The event with every path as it opens from the current folder."""
    paths = {name: getattr(event, name, "") for name in _PATH_FIELDS}
    return msgspec.structs.replace(
        event, **{name: shown_path(path, root) for name, path in paths.items() if path}
    )


class JsonDisplay:
    """One event a line on `channel`; left out are pictures for a window, and progress beyond 20 a second."""

    def __init__(self, channel: BinaryIO) -> None:
        self._channel = channel
        self._throttle = Throttle()

    def show(self, event: Event, root: Path) -> None:
        if isinstance(event, PreviewReady):
            return
        for admitted in self._throttle.admit(with_shown_paths(event, root)):
            write_line(self._channel, encode_line(admitted))

    def say(self, text: str) -> None:
        pass

    def tell(self, facts: dict[str, Any], text: str) -> None:
        write_line(self._channel, msgspec.json.encode({"event": "Told", **facts}) + b"\n")


class TextDisplay:
    """Sentences on `out`, progress and problems on `err`; bars only where `err` is a terminal."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._progress: ProgressShown = Bar(self._err) if self._err.isatty() else Lines(self._err)
        self._photos: Counter[tuple[str, str, bool]] = Counter()
        self._refused: dict[tuple[str, str], FileRefused] = {}
        self._samples: list[SampleWritten] = []
        self._measured: list[Measured] = []

    def say(self, text: str) -> None:
        self._progress.clear()
        print(text, file=self._out, flush=True)

    def tell(self, facts: dict[str, Any], text: str) -> None:
        self.say(text)

    def show(self, event: Event, root: Path) -> None:
        event = with_shown_paths(event, root)
        match event:
            case Progress():
                self._progress.show(event)
            case Started():
                self._progress.close()
                self._summarise()
                goes_on = f" (going on from step {event.resumed_from})" if event.resumed_from else ""
                self.say(f"{event.title}{goes_on}")
            case StripWritten():
                self._note(f"Strip after {counted(event.step, 'step')}: {event.image}")
            case EmbeddingWritten():
                self.say(f"Embedding “{event.name}” ({counted(event.steps, 'step')}): {event.path}")
            case SampleWritten():
                self._samples.append(event)
            case PhotoImported():
                self._photos[event.role, event.anomaly, event.already] += 1
            case FileRefused():
                self._refused[event.path, event.reason] = event
            case Measured():
                self._measured.append(event)
            case FileWritten():
                self._summarise()
                self.say(f"Written: {event.path}{f' ({event.what})' if event.what else ''}")
            case Warned():
                self._note(f"Note: {event.message}")
            case Finished():
                self._end(event)
            case _:
                pass

    def _note(self, text: str) -> None:
        self._progress.clear()
        print(text, file=self._err, flush=True)

    def _end(self, finished: Finished) -> None:
        """The summary of what came, and how it ended."""
        self._progress.close()
        if [reason.startswith(finished.message or " ") for _, reason in self._refused] == [True]:
            self._refused.clear()  # the only one is what the error is about
        self._summarise()
        if finished.outcome == "failed":
            self._note(f"Error: {finished.message}")
            if finished.hint:
                self._note(finished.hint)
        elif finished.message:
            self._note(f"{finished.message} {finished.hint}".strip())

    def _summarise(self) -> None:
        """What came so far: photos, samples, figures, and a list of what could not be used."""
        for (role, anomaly, was_there), count in sorted(self._photos.items()):
            what = f"{counted(count, f'{role} photo')}{f' of “{anomaly}”' if anomaly else ''}"
            self.say(f"{what} {'already there' if was_there else 'imported'}")
        if self._samples:
            self.say(_describe_samples(self._samples))
        if self._measured:
            self.say(_describe_figures(self._measured))
        if self._refused:
            self._note(_describe_refusals(list(self._refused.values())))
        self._photos.clear()
        self._samples.clear()
        self._measured.clear()
        self._refused.clear()


def counted(count: int, noun: str) -> str:
    """ "1 step", "2 steps"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def silence_stdout() -> None:
    """Nobody reads any more: let what is still printed at the end of the process go nowhere."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _describe_samples(samples: list[SampleWritten]) -> str:
    """How many, where, and what is suspected of them."""
    folders = sorted({Path(sample.image).parent.as_posix() for sample in samples})
    reused = sum(sample.reused for sample in samples)
    facts = [f"{reused} of them were there already"] if reused else []
    flags = Counter(flag for sample in samples for flag in sample.flags)
    facts += [f"{count} flagged “{flag.replace('_', ' ')}”" for flag, count in sorted(flags.items())]
    told = f" ({', '.join(facts)})" if facts else ""
    return f"{counted(len(samples), 'sample')} in {', '.join(folders)}{told}"


def _describe_figures(rows: list[Measured]) -> str:
    """A table: names, values below each other by their points, units, standard errors."""
    values = [f"{row.value:.3f}" for row in rows]
    names_width, values_width = max(len(row.name) for row in rows), max(map(len, values))
    lines = []
    for row, value in zip(rows, values, strict=True):
        deviation = "" if row.deviation is None else f"± {row.deviation:.3f}"
        interval = "" if row.interval is None else "({:.3f} to {:.3f})".format(*row.interval)
        figure = f"{row.name:<{names_width}}  {value:>{values_width}}"
        lines.append(" ".join(part for part in (figure, interval, row.unit, deviation) if part))
    return "\n".join(lines)


def _describe_refusals(refused: list[FileRefused]) -> str:
    shown = [f"  {event.path}: {event.reason}" for event in refused[:_SHOWN_REFUSALS]]
    more = len(refused) - len(shown)
    return "\n".join(
        [
            f"{counted(len(refused), 'file')} could not be used:",
            *shown,
            *([f"  … and {more} more"] if more else []),
        ]
    )
