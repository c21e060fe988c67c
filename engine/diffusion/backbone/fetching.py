"""Fetching one file from the hub, in pieces that are kept. No other module but `hub` uses the network."""

import hashlib
import threading
from collections.abc import Generator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import BinaryIO

from engine.data.files import NOT_WRITTEN, sha256_of, write_error
from engine.diffusion.backbone.hub import RemoteFile, RemoteModel, hub_error

_LOOK_S = 0.25
_PATIENCE_S = 2.0  # for a thread that was told to end
_GIT_DIGITS = 40


def fetch(model: RemoteModel, file: RemoteFile, part: Path) -> Generator[int, None, None]:
    """Fetch what `part` does not hold of a file yet, in a thread of its own; yields how many bytes are there.

    Closing the generator ends the thread at its next piece; what came in stays, and the next time goes on.

    Raises:
        EngineError: the network, the disk or the hub failed.
    """
    meter = Meter()
    future: Future[None] = Future()
    thread = threading.Thread(target=_work, args=(future, model, file, part, meter), daemon=True)
    thread.start()
    try:
        while not wait([future], timeout=_LOOK_S).done:
            yield meter.bytes
        future.result()
    except OSError as error:
        if error.errno in NOT_WRITTEN or error.filename is not None:  # it is the disk's, not the network's
            raise write_error(part, error) from error
        raise hub_error(model.hub_id, error) from error
    except Exception as error:
        raise hub_error(model.hub_id, error) from error
    finally:
        meter.cancel()
        thread.join(_PATIENCE_S)  # one that waits for the network writes nothing more when it wakes up


def is_whole(path: Path, file: RemoteFile) -> bool:
    """Is this the file that the hub has, by its size and its hash?"""
    if not path.is_file() or path.stat().st_size != file.bytes:
        return False
    if len(file.digest) == _GIT_DIGITS:
        return _git_digest(path) == file.digest
    return not file.digest or sha256_of(path) == file.digest


class DownloadCancelledError(Exception):
    """Raised inside the downloading thread, to end it."""


class Meter:
    """Counts the bytes of a file that are there, and ends the thread that writes them between two pieces."""

    def __init__(self) -> None:
        self.bytes = 0
        self._is_cancelled = threading.Event()

    def cancel(self) -> None:
        self._is_cancelled.set()

    def look(self, there: int) -> None:
        """Raises: DownloadCancelledError after `cancel`."""
        if self._is_cancelled.is_set():
            raise DownloadCancelledError
        self.bytes = there


class _MeteredFile:
    """As much of a file as the hub's library uses, and a meter that looks at each piece."""

    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter
        self.tell, self.seek, self.truncate = stream.tell, stream.seek, stream.truncate

    def write(self, piece: bytes) -> int:
        self._meter.look(self._stream.tell() + len(piece))
        return self._stream.write(piece)


def _work(future: Future[None], model: RemoteModel, file: RemoteFile, part: Path, meter: Meter) -> None:
    try:
        _call_hub(model, file, part, meter)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(None)


def _call_hub(model: RemoteModel, file: RemoteFile, part: Path, meter: Meter) -> None:
    """The library's own downloads begin a file anew every time; its `http_get` goes on where one stopped."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers, disable_progress_bars, logging

    disable_progress_bars()
    logging.set_verbosity_error()  # what went wrong is told once, by `hub_error`
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("ab") as stream:
        there = stream.tell()
        if there > file.bytes:
            stream.truncate(0)
            there = stream.seek(0)
        meter.look(there)
        http_get(
            hf_hub_url(model.hub_id, file.name, revision=model.revision),
            _MeteredFile(stream, meter),
            resume_size=there,
            headers=build_hf_headers(),
            expected_size=file.bytes,
        )


def _git_digest(path: Path) -> str:
    """Git's SHA-1 of a small file."""
    content = path.read_bytes()
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()
