"""ONNX and OpenVINO: writing a network, reading it, and running it, each by the library of the format."""

import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import nn

from engine.data.files import write_atomically
from engine.errors import EngineError
from engine.protocol import ExportFormat

PHOTO, MAP, SCORE = "photo", "anomaly_map", "image_score"
"""Names of the input, a photo (1, H, W, 3) uint8, and of the outputs, (1, side, side) and (1,) float32."""

_OPSET = 17
_TRACED_SIDE = 96  # of the photo that the network is recorded with; any other will do
_METADATA = "anogen"

Run = Callable[[np.ndarray], tuple[np.ndarray, float]]
"""From a photo (H, W, 3) uint8 to its anomaly map (side, side) and image score."""


@dataclass(frozen=True)
class Format:
    """A format of exported detectors.

    Attributes:
        suffix: of its file.   modules: what has to be installed.
        writing: while open, the files are there under other names; they get their own when all went well.
            Gives what runs them.
    """

    suffix: str
    modules: tuple[str, ...]
    writing: Callable[[nn.Module, Path, Mapping[str, str]], AbstractContextManager[Run]]


def require(name: ExportFormat) -> Format:
    """The format, whose libraries are there. Raises EngineError where they are not."""
    chosen = FORMATS[name]
    missing = [module for module in chosen.modules if find_spec(module) is None]
    if missing:
        raise EngineError(
            f"Exporting to {name} needs {' and '.join(missing)}: `pip install anogen-studio[export]`."
        )
    return chosen


@contextmanager
def _writing_onnx(network: nn.Module, out: Path, metadata: Mapping[str, str]) -> Iterator[Run]:
    onnx = _library("onnx")
    model = onnx.load_from_string(_traced(network))
    onnx.helper.set_model_props(model, dict(metadata))
    with write_atomically(out) as temporary:
        temporary.write_bytes(model.SerializeToString())
        yield _onnx_run(temporary)


def _onnx_run(path: Path) -> Run:
    session = _library("onnxruntime").InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def run(photo: np.ndarray) -> tuple[np.ndarray, float]:
        maps, scores = session.run([MAP, SCORE], {PHOTO: photo[None]})
        return maps[0], float(scores[0])

    return run


@contextmanager
def _writing_openvino(network: nn.Module, out: Path, metadata: Mapping[str, str]) -> Iterator[Run]:
    """The weights go into a file beside, of the same name, `.bin`."""
    openvino = _library("openvino")
    model = openvino.Core().read_model(_traced(network))
    for name, value in metadata.items():
        model.set_rt_info(value, [_METADATA, name])
    with write_atomically(out) as description, write_atomically(out.with_suffix(".bin")) as weights:
        try:
            openvino.serialize(model, str(description), str(weights))
        except RuntimeError as error:
            raise EngineError(f"OpenVINO could not write {out}.", "Is there room on the disk?") from error
        yield _openvino_run(openvino, description, weights)


def _openvino_run(openvino: ModuleType, description: Path, weights: Path) -> Run:
    core = openvino.Core()
    model = core.read_model(str(description), str(weights))
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})

    def run(photo: np.ndarray) -> tuple[np.ndarray, float]:
        found = compiled(photo[None])
        return found[MAP][0], float(found[SCORE][0])

    return run


FORMATS: dict[ExportFormat, Format] = {
    "onnx": Format(".onnx", ("onnx", "onnxruntime"), _writing_onnx),
    "openvino": Format(".xml", ("onnx", "openvino"), _writing_openvino),
}


def _traced(network: nn.Module) -> bytes:
    """The network as ONNX, for photos of any height and width."""
    photo, written = torch.zeros(1, _TRACED_SIDE, _TRACED_SIDE, 3, dtype=torch.uint8), io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter(
            "ignore"
        )  # sizes that are the same for every photo become constants, as they may
        torch.onnx.export(
            network,
            (photo,),
            written,  # type: ignore[arg-type]  # a file object will do
            input_names=[PHOTO],
            output_names=[MAP, SCORE],
            dynamic_axes={PHOTO: {1: "height", 2: "width"}},
            opset_version=_OPSET,
            dynamo=False,  # the other way needs onnxscript
        )
    return written.getvalue()


def _library(name: str) -> Any:
    """Imported when it is needed: it takes time, and may not be there."""
    return import_module(name)
