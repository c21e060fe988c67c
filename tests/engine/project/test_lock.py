import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from engine.errors import EngineError
from engine.project.lock import Owner, ProjectLock, ProjectTakenError


def test_a_second_lock_is_refused_and_names_the_process(tmp_path: Path) -> None:
    path = tmp_path / "project.lock"
    first = ProjectLock(path)
    with pytest.raises(EngineError, match=f"already open in process {os.getpid()} on {socket.gethostname()}"):
        ProjectLock(path)
    first.release()
    first.release()
    ProjectLock(path).release()


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "project.lock"
    program = (
        "import os, sys; from pathlib import Path; from engine.project.lock import ProjectLock\n"
        "lock = ProjectLock(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(path)], check=False, timeout=60)
    assert killed.returncode != 0
    assert msgspec.json.decode(path.read_bytes(), type=Owner).host == socket.gethostname()
    lock = ProjectLock(path)
    assert msgspec.json.decode(path.read_bytes(), type=Owner).pid == os.getpid()
    lock.release()
    assert path.read_bytes() == b""


def test_a_lock_of_another_computer_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "project.lock"
    path.write_bytes(msgspec.json.encode(Owner(1, "elsewhere")))
    with pytest.raises(EngineError, match="process 1 on elsewhere") as caught:
        ProjectLock(path)
    assert str(path) in caught.value.hint
    path.unlink()
    ProjectLock(path).release()


def test_a_lock_file_with_rubbish_in_it_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "project.lock"
    path.write_bytes(b"\x00rubbish")
    ProjectLock(path).release()


def test_a_lock_that_a_live_process_holds_is_not_to_be_deleted(tmp_path: Path) -> None:
    first = ProjectLock(tmp_path / "project.lock")
    with pytest.raises(ProjectTakenError) as caught:
        ProjectLock(tmp_path / "project.lock")
    assert caught.value.hint == "Close it there."
    first.release()


def test_a_lock_that_the_disk_does_not_take_is_one_sentence(tmp_path: Path) -> None:
    """As on a full disk: the file can be opened, and not written to."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(EngineError, match=r"Could not write .*project\.lock: File too large"):
            ProjectLock(tmp_path / "project.lock")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(EngineError, match=f"Cannot write to {tmp_path}"):
        ProjectLock(tmp_path / "project.lock")
