"""`anogen.json`: how a backbone wants to be used, with defaults for what it does not say."""

from pathlib import Path

import msgspec
import pytest

from engine.diffusion.backbone.manifest import (
    MANIFEST_NAME,
    FileRecord,
    Manifest,
    default_manifest,
    read_manifest,
    write_manifest,
)
from engine.errors import EngineError
from engine.resources import find_resource


def test_without_a_file_the_kinds_defaults_hold(tmp_path: Path) -> None:
    assert read_manifest(tmp_path, "ldm") == default_manifest("ldm")
    assert read_manifest(tmp_path, "ldm").guidance == 10.0
    assert read_manifest(tmp_path, "sd").guidance == 7.5


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    manifest = Manifest(
        needs_adaptation=True,
        guidance=2.5,
        size_px=128,
        licence="Apache-2.0",
        captions_are_sentences=False,
        source="owner/name",
        revision="abc",
        files={"unet/config.json": FileRecord(bytes=3, sha256="0" * 64)},
    )
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path, "sd") == manifest
    assert (tmp_path / MANIFEST_NAME).read_text().count("\n") > 5


def test_what_a_file_does_not_say_is_as_ever(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_text('{"size_px": 64, "something_newer": [1]}')
    assert read_manifest(tmp_path, "ldm") == msgspec.structs.replace(default_manifest("ldm"), size_px=64)


def test_whole_numbers_are_numbers(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_text('{"guidance": 3}')
    assert read_manifest(tmp_path, "sd").guidance == 3.0


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"guidance": "strong"}', '{"guidance": -1}', '{"size_px": 1.5}', '"\xff'.encode("latin-1")],
)
def test_what_is_no_manifest_is_told_by_its_path(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / MANIFEST_NAME
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(EngineError) as told:
        read_manifest(tmp_path, "sd")
    assert told.value.message.startswith(f"{path} cannot be read: ")


def test_only_the_embedded_backbone_is_small_enough_to_be_trained_whole(tmp_path: Path) -> None:
    assert read_manifest(tmp_path, "ldm").adapter_rank == read_manifest(tmp_path, "sd").adapter_rank == 16
    assert read_manifest(find_resource("backbones/embedded"), "sd").adapter_rank == 0
