"""Detectors by their settings: new ones, and trained ones in the folder of their run."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from engine.breathing import let_breathe
from engine.data.tensors import save_tensors
from engine.detection import destseg, draem
from engine.detection.convolution import in_channels_last, without_normalisations
from engine.detection.destseg import DeSTSeg
from engine.detection.detector import Detector
from engine.detection.draem import Draem
from engine.detection.training_run import TrainRun
from engine.detection.weak_loss import WeakLoss
from engine.device import fast_arithmetic, pick_device
from engine.errors import EngineError
from engine.protocol import DETECTOR_FILE, TrainSettings

_METADATA = "anogen"
_STUDENT_SHARE = 0.2  # of the steps: 1000 of the 5000 of DeSTSeg's paper
_WARMED = WeakLoss(warm_up_steps=50)


class Trained(msgspec.Struct, frozen=True, kw_only=True):
    """What a detector's file says of it."""

    settings: TrainSettings
    steps: int


@dataclass(frozen=True)
class Network:
    """A detector to look at photos with; `detector` is on `device`, in evaluation mode."""

    detector: nn.Module
    trained: Trained
    device: torch.device

    @property
    def side(self) -> int:
        return self.trained.settings.side or 0

    @torch.no_grad()
    def infer(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        """Anomaly maps (B, H, W) and image scores (B,), float32 on the CPU, of (B, 3, H, W) in [0, 1]."""
        with fast_arithmetic(self.device):
            maps, scores = cast(Detector, self.detector).infer(photos.to(self.device))
        return maps.float().cpu(), scores.float().cpu()


def create_detector(settings: TrainSettings) -> nn.Module:
    """An untrained detector; the same weights for the same seed. All its settings are decided.

    Raises:
        EngineError: DeSTSeg's teacher is not there.
    """
    is_paper_code = settings.profile == "paper-code"
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        if settings.detector == "draem":
            return Draem.create(settings.preset, draem.PAPER_CODE if is_paper_code else _WARMED)
        if not settings.teacher:
            raise EngineError(
                "The detector destseg needs the weights of a ResNet-18 as its teacher.",
                "Download `microsoft/resnet-18` and name its folder with --teacher; --detector draem needs none.",
            )
        return DeSTSeg.create(
            settings.preset,
            Path(settings.teacher),
            destseg.PAPER_CODE if is_paper_code else _WARMED,
            student_steps=round(_STUDENT_SHARE * (settings.steps or 0)),
        )


def _blank(settings: TrainSettings) -> nn.Module:
    """A detector to load weights into; needs no teacher."""
    if settings.detector == "draem":
        return Draem.create(settings.preset)
    return DeSTSeg.blank(settings.preset)


def save_detector(run: TrainRun, tensors: dict[str, Tensor], steps: int) -> None:
    """Write the detector's weights into the run's folder. Raises EngineError when the disk is full."""
    trained = Trained(settings=run.settings, steps=steps)
    save_tensors(run.detector, tensors, {_METADATA: msgspec.json.encode(trained).decode()})


def read_trained(path: Path) -> Trained | None:
    """What the file says of the detector in it; None where there is none that can be read."""
    try:
        with safe_open(path, "pt") as file:
            text = (file.metadata() or {}).get(_METADATA, "")
        return msgspec.json.decode(text, type=Trained)
    except (SafetensorError, msgspec.DecodeError, OSError):
        return None


def load_network(project: Path, run: str, breathes: bool = True) -> Network:
    """The detector of a run; one that is to be traced must not breathe.

    Raises:
        EngineError: no such run; its training has not ended; its weights are those of another network.
    """
    path = project / "runs" / run / DETECTOR_FILE
    trained = read_trained(path)
    if trained is None:
        raise _not_there(path, run)
    detector = _blank(trained.settings)
    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    load_weights(detector, tensors, path, trained.settings)
    device = pick_device()
    looking = in_channels_last(without_normalisations(detector.eval()))
    if breathes:
        let_breathe(looking)
    return Network(looking.to(device), trained, device)


def load_weights(
    detector: nn.Module, tensors: dict[str, Tensor], path: Path, settings: TrainSettings
) -> None:
    """Put weights into a detector. Raises EngineError where they are those of another one or another preset."""
    try:
        detector.load_state_dict(tensors)
    except RuntimeError as error:
        raise EngineError(
            f"The weights in {path} are not those of a detector {settings.detector} of preset {settings.preset}.",
            "Use the run's own file, or train it again with --again.",
        ) from error


def _not_there(path: Path, run: str) -> EngineError:
    if not path.parent.is_dir():
        return EngineError(
            f"There is no run “{run}”.", "See the folders in P/runs, or train one: `anogen train P`."
        )
    if not path.is_file():
        return EngineError(
            f"The run “{run}” has no trained detector.", "Start its training again; it goes on where it was."
        )
    return EngineError(f"{path} is damaged or no detector of this program.", "Train it again with --again.")
