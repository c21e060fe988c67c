"""How many threads compute: as many as were asked for, else one for each core that may be used."""

import os
from pathlib import Path

import pytest

from engine import threads


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four processors on two cores, without a quota; its files can be changed."""
    for cpu in range(4):
        topology = tmp_path / f"cpu{cpu}" / "topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text(f"{cpu % 2},{cpu % 2 + 2}\n")
    monkeypatch.setattr(threads, "_CPU_TOPOLOGY", tmp_path)
    monkeypatch.setattr(threads, "_CPU_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(threads, "_usable_cpus", lambda: [0, 1, 2, 3])
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.delenv("ANOGEN_THREADS", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    return tmp_path


def test_hyper_threads_are_not_counted(computer: Path) -> None:
    assert threads.thread_count() == 2


def test_only_processors_that_may_be_used_are_counted(
    computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_usable_cpus", lambda: [1, 3])
    assert threads.thread_count() == 1


def test_without_a_topology_every_processor_is_a_core(
    computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_CPU_TOPOLOGY", computer / "nowhere")
    assert threads.thread_count() == 4


@pytest.mark.parametrize(
    ("quota", "count"),
    [
        ("100000 100000", 1),
        ("150000 100000", 2),
        ("20000 100000", 1),
        ("max 100000", 2),
        ("", 2),
        ("900000 100000", 2),
    ],
)
def test_the_containers_quota_holds(computer: Path, quota: str, count: int) -> None:
    (computer / "cpu.max").write_text(quota)
    assert threads.thread_count() == count


@pytest.mark.parametrize(
    ("asked", "open_mp", "count"),
    [
        ("3", "", 3),
        ("3", "7", 3),
        ("", "7", 7),
        ("", "7,2", 7),
        ("0", "", 2),
        ("many", "", 2),
        ("²", "", 2),
        ("-1", "5", 5),
    ],
)
def test_the_environment_decides(
    computer: Path, monkeypatch: pytest.MonkeyPatch, asked: str, open_mp: str, count: int
) -> None:
    monkeypatch.setenv("ANOGEN_THREADS", asked)
    monkeypatch.setenv("OMP_NUM_THREADS", open_mp)
    assert threads.thread_count() == count


def test_waiting_threads_sleep_soon_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMP_SPINCOUNT", "5")
    for name in ("KMP_BLOCKTIME", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "")
        del os.environ[name]  # is put back by monkeypatch, as it was before
    threads.spin_briefly()
    assert os.environ["GOMP_SPINCOUNT"] == "5"
    assert os.environ["KMP_BLOCKTIME"] == os.environ["OPENBLAS_NUM_THREADS"] == "1"
