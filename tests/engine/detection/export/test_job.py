"""The job *export detector*: files that are run before they are kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.detection import destseg, draem
from engine.detection.export import formats, job
from engine.detection.export.formats import MAP, PHOTO, SCORE, Run
from engine.detection.export.job import export
from engine.detection.photos import to_input, to_tensor
from engine.detection.resnet import RESNET18, ResNet
from engine.detection.trained import create_detector, load_network, save_detector
from engine.detection.training_run import TrainRun
from engine.errors import EngineError
from engine.protocol import (
    DetectorKind,
    Event,
    ExportDetectorJob,
    ExportFormat,
    FileWritten,
    Measured,
    TrainJob,
    TrainSettings,
)
from tests.engine.detection.material import good, write_goods

SUFFIX: dict[ExportFormat, str] = {"onnx": ".onnx", "openvino": ".xml"}
SIDE = 32
both_formats = pytest.mark.parametrize("format_", ["onnx", "openvino"])


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    def random_teacher(_folder: Path, stages: int) -> ResNet:
        return ResNet(RESNET18[:stages], (2, 2, 2), stem=RESNET18[0])

    monkeypatch.setitem(draem._WIDTHS, "light", (2, 2))
    monkeypatch.setattr(destseg, "read_resnet", random_teacher)
    monkeypatch.setitem(destseg._WIDTHS, "light", destseg.Widths((4, 4, 4, 4), 4, 1))


def begin(folder: Path, format_: ExportFormat = "onnx", kind: DetectorKind = "draem") -> ExportDetectorJob:
    """The job that exports a detector of random weights, and a project that has it."""
    project = folder / "P"
    (photo,) = write_goods(project, 1)
    settings = TrainSettings(detector=kind, side=SIDE, steps=5, teacher="resnet")
    run = TrainRun(TrainJob(project=str(project), goods=(photo,), settings=settings), "run1")
    network = create_detector(settings)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # as after a training, so that it matters
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
    save_detector(run, network.state_dict(), steps=5)
    out = str(folder / "out" / f"detector{SUFFIX[format_]}")
    return ExportDetectorJob(
        project=str(project), run="run1", out=out, photo=photo, format=format_, reject_above=0.625
    )


def told(begun: ExportDetectorJob) -> list[Event]:
    return list(export(begun))


def refused(begun: ExportDetectorJob) -> str:
    with pytest.raises(EngineError) as error:
        told(begun)
    folder = Path(begun.out).parent
    assert not folder.exists() or not list(folder.iterdir()), "something is left"
    return str(error.value)


def runs(begun: ExportDetectorJob) -> Run:
    """What runs the exported file, as any program would that has only the file."""
    if begun.format == "onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(begun.out, providers=["CPUExecutionProvider"])

        def run(photo: np.ndarray) -> tuple[np.ndarray, float]:
            maps, scores = session.run([MAP, SCORE], {PHOTO: photo[None]})
            return maps[0], float(scores[0])

        return run
    import openvino

    # left to itself, it computes in bfloat16 where the processor can: then maps differ in the third decimal
    compiled = openvino.Core().compile_model(begun.out, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda photo: (compiled(photo[None])[MAP][0], float(compiled(photo[None])[SCORE][0]))


@both_formats
@pytest.mark.parametrize("kind", ["draem", "destseg"])
def test_photos_of_any_size_get_the_detectors_map_and_score(
    tmp_path: Path, format_: ExportFormat, kind: DetectorKind
) -> None:
    begun = begin(tmp_path, format_, kind)
    events = told(begun)
    differences = [event.value for event in events if isinstance(event, Measured)]
    assert len(differences) == 2
    assert max(differences) < 1e-3
    assert isinstance(events[-1], FileWritten)
    network, run = load_network(Path(begun.project), "run1"), runs(begun)
    for width, height in [(48, 40), (150, 70), (33, 90), (32, 32), (20, 24)]:
        photo = good(3, width, height)
        maps, scores = network.infer(to_input(to_tensor(photo, SIDE))[None])
        found, score = run(photo)
        assert found.shape == (SIDE, SIDE)
        np.testing.assert_allclose(found, maps[0].numpy(), atol=1e-3)
        assert score == pytest.approx(float(scores[0]), abs=1e-3)


EXPECTED = {"run": "run1", "detector": "draem", "preset": "light", "side": "32", "reject_above": "0.625"}


def test_an_onnx_file_says_what_it_is(tmp_path: Path) -> None:
    import onnx

    begun = begin(tmp_path)
    told(begun)
    facts = {each.key: each.value for each in onnx.load(begun.out).metadata_props}
    assert facts.items() >= EXPECTED.items()
    assert facts["software"].startswith("AnoGen Studio")
    assert "look_again_above" not in facts  # nobody has decided it


def test_an_openvino_file_says_what_it_is(tmp_path: Path) -> None:
    import openvino

    begun = begin(tmp_path, "openvino")
    told(begun)
    assert sorted(path.name for path in Path(begun.out).parent.iterdir()) == ["detector.bin", "detector.xml"]
    model = openvino.Core().read_model(begun.out)
    assert {name: model.get_rt_info(["anogen", name]).astype(str) for name in EXPECTED} == EXPECTED


@both_formats
def test_one_that_works_otherwise_is_not_kept(
    tmp_path: Path, format_: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    inferred = job._inferred
    monkeypatch.setattr(job, "_inferred", lambda *a: (inferred(*a)[0] + 0.02, inferred(*a)[1]))
    assert "works otherwise than run1" in refused(begin(tmp_path, format_))
    monkeypatch.setattr(job, "_inferred", lambda *a: (inferred(*a)[0] + np.nan, inferred(*a)[1]))
    assert "works otherwise than run1" in refused(begin(tmp_path, format_))


@both_formats
def test_a_library_that_is_not_there(
    tmp_path: Path, format_: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda _name: None)
    assert "pip install anogen-studio[export]" in refused(begin(tmp_path, format_))


@both_formats
def test_a_full_disk(tmp_path: Path, format_: ExportFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(tmp_path, format_)

    def fill(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.data.files._flush", fill)
    assert "The disk is full" in refused(begun)


def test_openvino_runs_out_of_room_while_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import openvino

    def fail(_model: Any, description: str, _weights: str) -> None:
        Path(description).write_text("<net")
        raise RuntimeError("Check 'm_bin_file' failed")

    monkeypatch.setattr(openvino, "serialize", fail)
    assert "OpenVINO could not write" in refused(begin(tmp_path, "openvino"))


def test_an_earlier_file_stays_where_the_new_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(tmp_path)
    told(begun)
    before = Path(begun.out).read_bytes()
    monkeypatch.setattr(job, "TOLERANCE", -1.0)
    with pytest.raises(EngineError):
        told(begun)
    assert Path(begun.out).read_bytes() == before


def replaced(begun: ExportDetectorJob, **fields: Any) -> ExportDetectorJob:
    import msgspec

    return msgspec.structs.replace(begun, **fields)


WRONG: list[tuple[str, Callable[[ExportDetectorJob], ExportDetectorJob]]] = [
    ("has to end in .onnx", lambda begun: replaced(begun, out=f"{begun.out}.pt")),
    ("has to end in .xml", lambda begun: replaced(begun, format="openvino")),
    ("There is no run “none”", lambda begun: replaced(begun, run="none")),
    ("photos/good/9.png", lambda begun: replaced(begun, photo="photos/good/9.png")),
]


@pytest.mark.parametrize(("words", "wrong"), WRONG, ids=[words for words, _ in WRONG])
def test_what_cannot_be_exported(
    tmp_path: Path, words: str, wrong: Callable[[ExportDetectorJob], ExportDetectorJob]
) -> None:
    assert words in refused(wrong(begin(tmp_path)))
