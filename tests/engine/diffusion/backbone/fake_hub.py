"""A model hub on this computer: serves a folder as the hub does, and can be slow, wrong or in a bad mood."""

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" * 6 + "c0de"
_LARGE = 10_000  # bytes, from which on a file is one of LFS
_PIECE = 1024
_PATIENCE_S = 20.0


@dataclass
class FakeHub:
    """What it serves and how; `requests` are (path, bytes that were asked for) of files, in order."""

    folder: Path
    hub_id: str = "owner/name"
    address: str = ""
    pause_s: dict[str, float] = field(default_factory=dict)  # between two pieces of a file
    ends: dict[str, int] = field(default_factory=dict)  # bytes of a file after which the line is cut
    holds: dict[str, int] = field(default_factory=dict)  # bytes of a file after which it waits for `goes_on`
    goes_on: threading.Event = field(default_factory=threading.Event)
    honours_ranges: bool = True
    refusal: tuple[int, dict[str, str]] | None = None
    damaged: set[str] = field(default_factory=set)
    requests: list[tuple[str, str]] = field(default_factory=list)

    def description(self) -> dict[str, Any]:
        """What the hub says of the model."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {
            "id": self.hub_id,
            "sha": COMMIT,
            "cardData": {"license": "openrail"},
            "siblings": [self._sibling(path) for path in files],
        }

    def asked_for(self, name: str) -> list[str]:
        """The ranges that were asked for of a file; "" is all of it."""
        return [range_ for path, range_ in self.requests if path == name]

    def _sibling(self, path: Path) -> dict[str, Any]:
        content = path.read_bytes()
        blob = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
        told: dict[str, Any] = {
            "rfilename": path.relative_to(self.folder).as_posix(),
            "size": len(content),
            "blobId": blob,
        }
        if len(content) >= _LARGE:
            told["lfs"] = {
                "sha256": hashlib.sha256(content).hexdigest(),
                "size": len(content),
                "pointerSize": 134,
            }
        return told


@contextmanager
def serving(hub: FakeHub) -> Iterator[FakeHub]:
    """Serve until the end of the block; `address` is where."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(hub, self)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(hub: FakeHub, request: BaseHTTPRequestHandler) -> None:
    path = unquote(urlsplit(request.path).path)
    if hub.refusal is not None:
        status, headers = hub.refusal
        return _send(request, status, b"", headers)
    if path == f"/api/models/{hub.hub_id}":
        return _send(
            request, 200, json.dumps(hub.description()).encode(), {"Content-Type": "application/json"}
        )
    prefix = f"/{hub.hub_id}/resolve/{COMMIT}/"
    name = path.removeprefix(prefix)
    if not path.startswith(prefix) or not (hub.folder / name).is_file():
        return _send(request, 404, b"", {"X-Error-Code": "RepoNotFound"})
    hub.requests.append((name, request.headers.get("Range", "")))
    return _send_file(hub, request, name)


def _send_file(hub: FakeHub, request: BaseHTTPRequestHandler, name: str) -> None:
    content = (hub.folder / name).read_bytes()
    if name in hub.damaged:
        content = content[:-1] + bytes([content[-1] ^ 1])
    start = 0
    asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
    if asked and hub.honours_ranges:
        start = int(asked[1])
    request.send_response(206 if start else 200)
    request.send_header("Content-Length", str(len(content) - start))
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    request.end_headers()
    try:
        for position in range(start, hub.ends.get(name, len(content)), _PIECE):
            if position >= hub.holds.get(name, len(content)):
                hub.goes_on.wait(_PATIENCE_S)
            piece = content[position : position + _PIECE]
            request.wfile.write(piece)
            time.sleep(hub.pause_s.get(name, 0.0))
    except OSError:  # the other side has had enough
        request.close_connection = True
    request.close_connection |= name in hub.ends


def _send(request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    request.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)
