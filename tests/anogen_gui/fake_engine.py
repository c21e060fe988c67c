"""An engine process without an engine: it speaks the protocol, and behaves, or misbehaves, as it is told.

A job's anomaly class names its behaviour; a preview is shown at once. The first argument may name a behaviour
at the start: `slow` (after half a second), `stillborn` (ends with an error), `mute` (never ready),
`deaf` (does not notice that stdin has ended).
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue

import msgspec

from engine.protocol import (
    AnyCommand,
    Cancel,
    EngineReady,
    Event,
    Finished,
    KeepAndStop,
    PreviewJob,
    PreviewReady,
    Progress,
    Quit,
    Started,
    Submit,
    Warned,
    decode_command,
    encode_line,
)

Lines = Iterator[Event | bytes]
LARGE = "ä" * 1_000_000  # 2 MB in UTF-8

_inbox: SimpleQueue[AnyCommand] = SimpleQueue()


def steps(job_id: str) -> Lines:
    yield Started(title="Fünf Schritte")
    for step in range(1, 6):
        yield Progress(step=step, total=5, stage="learning")


def failing(job_id: str) -> Lines:
    yield Started(title="failing")
    yield Finished(outcome="failed", message="photo.png is no photo.", hint="Choose another one.")


def endless(job_id: str) -> Lines:
    """Until it is cancelled, stopped and kept, or stdin ends."""
    yield Started(title="endless")
    for step in range(1_000_000):
        match _next_command():
            case Cancel(job_id=cancelled) if cancelled == job_id:
                yield Finished(outcome="cancelled", message="Cancelled.")
                return
            case KeepAndStop(job_id=kept) if kept == job_id:
                yield Finished(outcome="kept")
                return
            case Quit():
                yield Finished(outcome="cancelled", message="Cancelled.")
                return
            case Submit(interactive=True) as submitted:
                carry_out(submitted)
        yield Progress(step=step, total=1_000_000, loss=0.5)


def hanging(job_id: str) -> Lines:
    """Hears nothing any more."""
    yield Started(title="hanging")
    time.sleep(60)


def crashing(job_id: str) -> Lines:
    yield Started(title="crashing")
    print("the reason of the crash", file=sys.stderr, flush=True)
    os._exit(3)


def killed(job_id: str) -> Lines:
    yield Started(title="killed")
    os.kill(os.getpid(), signal.SIGKILL)


def leaving(job_id: str) -> Lines:
    """Ends in good order in the middle of a job, as on Ctrl-C."""
    yield Started(title="leaving")
    yield Finished(outcome="cancelled", message="Cancelled.")
    sys.stdout.flush()
    os._exit(0)


def unfinished(job_id: str) -> Lines:
    """Ends in the middle of a line."""
    yield Started(title="unfinished")
    yield b'{"event":"Progress","job_id":"'
    os._exit(0)


def silent(job_id: str) -> Lines:
    """Closes its stdout, and lives on."""
    yield Started(title="silent")
    os.close(1)
    time.sleep(60)


def babbling(job_id: str) -> Lines:
    """Prints what is no event between the events."""
    yield Started(title="babbling")
    yield from (
        b"a stray print\n",
        b"\xff\xfe\x00\n",
        b"[" * 100_000 + b"\n",
        b"\n",
        b'{"event":"Unheard"}\n',
    )
    yield Progress(step=1, total=1)


def large(job_id: str) -> Lines:
    yield Started(title="large")
    yield Warned(message=LARGE)


def piecemeal(job_id: str) -> Lines:
    """A line in pieces of one byte."""
    yield Started(title="piecemeal")
    for byte in encode_line(Warned(job_id=job_id, message="Größe")):
        yield bytes([byte])
        time.sleep(0.001)


def talking(job_id: str) -> Lines:
    """Goes on after its end, and tells of jobs that nobody handed over."""
    yield Finished(outcome="done")
    yield Progress(step=1, total=1)
    yield Finished(outcome="failed", message="A second end.")
    _write(Progress(job_id="nobody's", step=1, total=1))
    _write(Finished(job_id="nobody's", outcome="done"))


def verbose(job_id: str) -> Lines:
    """Writes a thousand lines to its log."""
    yield Started(title="verbose")
    for number in range(1000):
        print(f"line {number} é", file=sys.stderr)


def preview(job_id: str) -> Lines:
    time.sleep(0.02)
    yield PreviewReady(jpeg_base64="")


BEHAVIOURS: dict[str, Callable[[str], Lines]] = {
    each.__name__: each
    for each in (
        steps, failing, endless, hanging, crashing, killed, leaving, unfinished, silent, babbling, large,
        piecemeal, talking, verbose,
    )
}  # fmt: skip


def carry_out(submitted: Submit) -> None:
    """Write what the job says; a Finished that it did not say itself comes at its end."""
    job, job_id = submitted.job, submitted.job_id
    behaviour = preview if isinstance(job, PreviewJob) else BEHAVIOURS[getattr(job, "anomaly", "steps")]
    has_finished = False
    for said in behaviour(job_id):
        has_finished = has_finished or isinstance(said, Finished)
        _write(said, job_id)
    if not has_finished:
        _write(Finished(outcome="done"), job_id)


def _write(said: Event | bytes, job_id: str = "") -> None:
    named = said if isinstance(said, bytes) else msgspec.structs.replace(said, job_id=said.job_id or job_id)
    line = named if isinstance(named, bytes) else encode_line(named)
    while line:
        line = line[os.write(1, line) :]


def _next_command() -> AnyCommand | None:
    """A command that has come within 5 ms."""
    try:
        return _inbox.get(timeout=0.005)
    except Empty:
        return None


def _read_commands(is_deaf: bool) -> None:
    for line in sys.stdin.buffer:
        _inbox.put(decode_command(line))
    while is_deaf:
        time.sleep(1)
    _inbox.put(Quit())
    time.sleep(0.5)  # what a step may take
    os._exit(1)


def main(behaviour: str = "") -> None:
    """Answer the commands, one after the other, until stdin ends."""
    if behaviour == "stillborn":
        print("No module named torch", file=sys.stderr)
        sys.exit(1)
    threading.Thread(target=_read_commands, args=(behaviour == "deaf",), daemon=True).start()
    time.sleep({"slow": 0.5, "mute": 60}.get(behaviour, 0))
    _write(EngineReady(device="a fake", version="1.2"))
    while not isinstance(command := _inbox.get(), Quit):
        if isinstance(command, Submit):
            carry_out(command)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
