"""Downloading a backbone from a hub on this computer: all that is needed, checked, and nothing twice."""

import errno
import json
import shutil
import socket
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from huggingface_hub import constants, file_download

from engine.diffusion.backbone import download, fetching, load_backbone
from engine.diffusion.backbone.catalogue import list_backbones
from engine.diffusion.backbone.download import download as run_download
from engine.diffusion.backbone.layout import inspect
from engine.errors import EngineError
from engine.protocol import DownloadJob, Event, FileWritten, Progress, Started, Warned
from tests.engine.diffusion.backbone.conftest import FolderOf
from tests.engine.diffusion.backbone.fake_hub import COMMIT, FakeHub, serving

UNET = "unet/diffusion_pytorch_model.safetensors"
CONFIG = "unet/config.json"
FOLDER = "owner--name"


@pytest.fixture
def hub(copy_of: FolderOf, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub that has Stable Diffusion, and more than is needed of it."""
    folder = copy_of("sd1")
    (folder / "README.md").write_text("not needed")
    shutil.copyfile(folder / UNET, folder / UNET.replace(".safetensors", ".fp16.safetensors"))
    with serving(FakeHub(folder)) as hub:
        point_at(hub.address, monkeypatch)
        yield hub


def point_at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the hub to be at `address`."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(constants, "ENDPOINT", address)
    template = f"{address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1024)


def events_of(home: Path, hub_id: str = "owner/name") -> list[Event]:
    return list(run_download(DownloadJob(project=str(home), backbone=hub_id)))


def refusal(home: Path, hub_id: str = "owner/name") -> EngineError:
    with pytest.raises(EngineError) as told:
        events_of(home, hub_id)
    return told.value


def break_off(home: Path, hub: FakeHub) -> int:
    """Start a download, and close it within the U-Net; returns how many bytes of it have come in."""
    hub.holds[UNET], hub.pause_s[UNET] = 10 * 1024, 0.005
    job = run_download(DownloadJob(project=str(home), backbone="owner/name"))
    assert isinstance(job, Generator)
    for event in job:
        if isinstance(event, Progress) and event.stage == f"downloading {UNET}" and parts_of(home, 2000):
            break
    threading.Timer(0.1, hub.goes_on.set).start()
    job.close()
    hub.holds.clear()
    hub.pause_s.clear()
    hub.requests.clear()
    (part,) = parts_of(home, 2000)
    return part.stat().st_size


def parts_of(home: Path, at_least: int) -> list[Path]:
    return [part for part in (home / FOLDER / ".parts").glob("*") if part.stat().st_size >= at_least]


def test_what_is_needed_arrives_and_can_be_loaded(hub: FakeHub, home: Path) -> None:
    events = events_of(home)
    assert isinstance(events[0], Started)
    assert events[-1] == FileWritten(path=FOLDER, what="backbone")
    layout = inspect(home / FOLDER)
    assert layout.missing == ()
    assert layout.hash() == inspect(hub.folder).hash()
    assert sorted(name for name, _ in hub.requests) == sorted(
        path.relative_to(home / FOLDER).as_posix()
        for path in (home / FOLDER).rglob("*")
        if path.is_file() and path.name != "anogen.json"
    )
    assert "README.md" not in dict(hub.requests)
    assert load_backbone("owner/name").hash == layout.hash()
    assert "owner/name" in [report.reference for report in list_backbones()]


def test_progress_is_in_bytes_and_never_goes_back(hub: FakeHub, home: Path) -> None:
    steps = [event for event in events_of(home) if isinstance(event, Progress)]
    total = sum((hub.folder / name).stat().st_size for name, _ in hub.requests)
    assert {event.total for event in steps} == {total}
    assert [event.step for event in steps] == sorted(event.step for event in steps)
    assert steps[-1].step == total
    assert {event.stage for event in steps} >= {f"downloaded {UNET}", f"downloaded {CONFIG}"}


def test_where_it_came_from_is_written_down(hub: FakeHub, home: Path) -> None:
    events_of(home)
    manifest = json.loads((home / FOLDER / "anogen.json").read_text())
    assert (manifest["source"], manifest["revision"]) == ("owner/name", COMMIT)
    assert manifest["licence"] == "openrail"
    assert manifest["guidance"] == 7.5
    described = {file["rfilename"]: file for file in hub.description()["siblings"]}
    assert manifest["files"][UNET] == {
        "bytes": described[UNET]["size"],
        "sha256": described[UNET]["lfs"]["sha256"],
    }
    assert not (home / FOLDER / ".parts").exists()


def test_a_second_download_asks_for_nothing(hub: FakeHub, home: Path) -> None:
    events_of(home)
    hub.requests.clear()
    events = events_of(home)
    assert hub.requests == []
    assert isinstance(events[0], Warned)
    assert events[-1] == FileWritten(path=FOLDER, what="backbone")


def test_a_download_that_was_broken_off_goes_on_within_the_file(hub: FakeHub, home: Path) -> None:
    there = break_off(home, hub)
    assert not (home / FOLDER / UNET).exists()
    assert not (home / FOLDER / "anogen.json").exists()
    before = [path for path in (home / FOLDER).rglob("*") if path.is_file() and ".parts" not in path.parts]
    assert before
    events_of(home)
    assert hub.asked_for(UNET) == [f"bytes={there}-"]
    assert not {path.relative_to(home / FOLDER).as_posix() for path in before} & {
        name for name, _ in hub.requests
    }
    assert (home / FOLDER / UNET).read_bytes() == (hub.folder / UNET).read_bytes()


def test_slow_downloads_tell_how_far_they_are_and_how_long_it_takes(hub: FakeHub, home: Path) -> None:
    hub.pause_s[UNET] = 0.015
    steps = [event for event in events_of(home) if isinstance(event, Progress)]
    within = [event for event in steps if event.stage == f"downloading {UNET}"]
    assert len({event.step for event in within}) >= 2
    assert any(event.eta_s is not None and event.eta_s > 0 for event in within)


def test_a_hub_that_only_sends_whole_files_does_as_well(hub: FakeHub, home: Path) -> None:
    break_off(home, hub)
    hub.honours_ranges = False
    events_of(home)
    assert (home / FOLDER / UNET).read_bytes() == (hub.folder / UNET).read_bytes()


def test_the_rest_of_another_version_is_not_mixed_in(hub: FakeHub, home: Path) -> None:
    break_off(home, hub)
    content = (hub.folder / UNET).read_bytes()
    (hub.folder / UNET).write_bytes(content[:-8] + b"\0" * 8)
    events_of(home)
    assert hub.asked_for(UNET) == [""]
    assert (home / FOLDER / UNET).read_bytes() == (hub.folder / UNET).read_bytes()


def test_a_part_that_grew_too_long_is_begun_anew(hub: FakeHub, home: Path) -> None:
    break_off(home, hub)
    (part,) = parts_of(home, 2000)
    part.write_bytes(b"\0" * (1 + (hub.folder / UNET).stat().st_size))
    events_of(home)
    assert (home / FOLDER / UNET).read_bytes() == (hub.folder / UNET).read_bytes()


@pytest.mark.parametrize("name", [UNET, CONFIG])
def test_a_file_that_arrives_damaged_is_told_and_fetched_again(hub: FakeHub, home: Path, name: str) -> None:
    hub.damaged.add(name)
    error = refusal(home)
    assert error.message.startswith(f"{name} of “owner/name” arrived damaged")
    assert not (home / FOLDER / name).exists()
    hub.damaged.clear()
    hub.requests.clear()
    events_of(home)
    assert hub.asked_for(name) == [""]
    assert (home / FOLDER / name).read_bytes() == (hub.folder / name).read_bytes()


def test_a_file_that_was_changed_before_the_end_is_fetched_again(hub: FakeHub, home: Path) -> None:
    break_off(home, hub)
    kept = home / FOLDER / "scheduler" / "scheduler_config.json"
    kept.write_bytes(kept.read_bytes().replace(b"1000", b"0001"))
    events_of(home)
    assert kept.read_bytes() == (hub.folder / "scheduler" / "scheduler_config.json").read_bytes()


def test_without_a_network_one_sentence_tells_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        point_at(f"http://127.0.0.1:{unused.getsockname()[1]}", monkeypatch)
        error = refusal(home)
    assert error.message.startswith("“owner/name” could not be downloaded: the hub cannot be reached (")
    assert "Check the network" in error.hint
    assert not home.exists()


def test_offline_by_choice_is_told(hub: FakeHub, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in refusal(home).message


def test_a_network_that_fails_on_the_way_is_told_and_what_came_is_kept(
    hub: FakeHub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_download, "time", SimpleNamespace(sleep=lambda _s: None, time=time.time))
    hub.ends[UNET] = 10 * 1024
    assert "the hub cannot be reached" in refusal(home).message
    assert len(hub.asked_for(UNET)) > 1  # it was tried again before it was given up
    (part,) = parts_of(home, 9 * 1024)
    there = part.stat().st_size
    hub.ends.clear()
    hub.requests.clear()
    events_of(home)
    assert hub.asked_for(UNET) == [f"bytes={there}-"]
    assert (home / FOLDER / UNET).read_bytes() == (hub.folder / UNET).read_bytes()


def test_a_hub_that_is_out_of_order_is_told(hub: FakeHub, home: Path) -> None:
    hub.refusal = (503, {})
    assert "could not be downloaded: the hub refused (" in refusal(home).message


def test_a_model_that_there_is_not_is_told(hub: FakeHub, home: Path) -> None:
    assert refusal(home, "owner/nme").message == "There is no model “owner/nme” on the hub."


def test_a_model_whose_licence_has_to_be_accepted_is_told(hub: FakeHub, home: Path) -> None:
    hub.refusal = (403, {"X-Error-Code": "GatedRepo"})
    assert "licence to be accepted" in refusal(home).message


def test_a_model_of_another_kind_is_refused_before_it_is_downloaded(hub: FakeHub, home: Path) -> None:
    shutil.rmtree(hub.folder / "vae")
    assert "missing: vae/" in refusal(home).message
    assert hub.requests == []


def test_a_model_that_turns_out_to_be_of_another_kind_is_refused(hub: FakeHub, home: Path) -> None:
    path = hub.folder / CONFIG
    path.write_text(json.dumps({**json.loads(path.read_text()), "in_channels": 8}))
    assert "a U-Net of 4 or 9 input channels" in refusal(home).message
    assert not (home / FOLDER / "anogen.json").exists()


@pytest.mark.parametrize("hub_id", ["embedded", "a/b/c", "../x", ""])
def test_what_is_no_id_is_refused(home: Path, hub_id: str) -> None:
    assert refusal(home, hub_id).message == f"“{hub_id}” is not the id of a model on the hub."


def test_a_disk_without_room_is_told_before_anything_is_fetched(
    hub: FakeHub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(Path.cwd())
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    error = refusal(home)
    assert "has only 0.0 GB left" in error.message
    assert "ANOGEN_HOME" in error.hint
    assert hub.requests == []


def test_a_disk_that_is_full_on_the_way_is_told(
    hub: FakeHub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetching._MeteredFile, "write", fail)
    assert refusal(home).message.startswith("The disk is full: ")


def test_a_place_that_cannot_be_written_to_is_told(hub: FakeHub, home: Path) -> None:
    home.parent.mkdir(parents=True)
    home.write_text("a file where the folder should be")
    assert refusal(home).message.startswith(f"Could not write {home}")
