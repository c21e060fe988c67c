"""One run of the engine process: commands go in, events come out, until it ends."""

import logging
import os
import signal
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Qt, Signal

import engine
from engine.protocol import AnyEvent, Command, EngineReady, decode_event, encode_line

_LOG_LINES = 500
_KILLED_MS = 5000
_OUT_OF_MEMORY = (
    "The system may have run out of memory: close other programs, or choose a smaller batch size."
)
_AGAIN = "It starts again with the next job. If this happens again, the details tell where."
_log = logging.getLogger(__name__)


class EngineProcess(QObject):
    """Starts the engine and speaks the protocol with it. What it prints is kept as its log.

    Attributes:
        is_ready: it has said that it listens.
        ended_cleanly: it has ended by itself, and says that all is well.

    Signals:
        event_received(event)
        ended(sentence, hint): it is gone, or could not be started; the last signal, exactly one.
    """

    event_received = Signal(object)
    ended = Signal(str, str)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_ready = self.ended_cleanly = False
        self._has_ended = False
        self._output, self._messages = LineReader(), LineReader()
        self._log_lines: deque[str] = deque(maxlen=_LOG_LINES)
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._read_events)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.finished.connect(self._take_end)
        # queued: on some systems it comes from within start(), before anything was handed over
        self._process.errorOccurred.connect(self._take_error, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        self._process.start()

    def send(self, command: Command) -> None:
        """Hand over a command; what comes before the engine listens waits for it."""
        self._process.write(encode_line(command))

    def kill(self) -> None:
        """End it now; `ended` follows."""
        self._process.kill()

    def end(self, wait_s: float) -> None:
        """Close its stdin, and kill it where it does not end within `wait_s`; blocks until it is gone."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(round(wait_s * 1000)):
                self._process.kill()
                self._process.waitForFinished(_KILLED_MS)
        self._end("The engine has ended.", "")

    @property
    def log_tail(self) -> str:
        """The last lines of what it printed."""
        return "\n".join(self._log_lines)

    def _read_events(self) -> None:
        for line in self._output.feed(bytes(self._process.readAllStandardOutput().data())):
            event = self._decoded(line)
            if event is not None:
                self.is_ready = self.is_ready or isinstance(event, EngineReady)
                self.event_received.emit(event)

    def _decoded(self, line: bytes) -> AnyEvent | None:
        try:
            return decode_event(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            _log.warning("not an event, ignored: %s: %.200r", error, line)
            self._log_lines.append(f"not an event, ignored: {line[:200]!r}")
            return None

    def _read_log(self) -> None:
        for line in self._messages.feed(bytes(self._process.readAllStandardError().data())):
            self._log_lines.append(line.decode(errors="replace").rstrip("\r"))

    def _take_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            program = self._process.program()
            _log.error("%s: %s", program, self._process.errorString())
            self._end(
                f"The engine could not be started: {program} cannot be run.",
                "Check that AnoGen Studio is installed completely, and start it again.",
            )

    def _take_end(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_log()
        self._read_events()
        for reader in (self._messages, self._output):
            if reader.rest:
                self._log_lines.append(reader.rest[:200].decode(errors="replace"))
        was_killed = status == QProcess.ExitStatus.CrashExit
        self.ended_cleanly = self.is_ready and not was_killed and code == 0
        self._end(*_explained(code, was_killed, self.is_ready))

    def _end(self, sentence: str, hint: str) -> None:
        if not self._has_ended:
            self._has_ended = True
            self.ended.emit(sentence, hint)


class LineReader:
    """Puts lines together from the pieces in which they come. Linear in their length."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes, without their ends; empty ones are left out."""
        first, *others = data.split(b"\n")
        self._pieces.append(first)
        if not others:
            return []
        *lines, last = [self.rest, *others]
        self._pieces = [last]
        return [line for line in lines if line.strip()]

    @property
    def rest(self) -> bytes:
        """The line that has begun."""
        return b"".join(self._pieces)


def _environment() -> QProcessEnvironment:
    """That of the window; the engine that is started is the one that the window itself was loaded with."""
    environment = QProcessEnvironment.systemEnvironment()
    folders = [str(Path(engine.__file__).parents[1]), environment.value("PYTHONPATH")]
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, folders)))
    return environment


def _explained(code: int, was_killed: bool, was_ready: bool) -> tuple[str, str]:
    """What a person is told of an engine that ended, and what to do."""
    how = f"signal {code}" if was_killed else f"exit code {code}"
    if not was_ready:
        return f"The engine ended while it was starting ({how}).", "The details tell what is missing."
    is_killed = was_killed and code == getattr(signal, "SIGKILL", 9)
    return f"The engine ended unexpectedly ({how}).", _OUT_OF_MEMORY if is_killed else _AGAIN
