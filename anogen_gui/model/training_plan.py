"""What a detector would be trained on now, and why it cannot be."""

from dataclasses import dataclass
from pathlib import Path

from anogen_gui.model.learning_state import Note
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import count_of
from engine.project.detecting import held_out_count
from engine.protocol import TrainSettings

_RESNET = ("config.json", "model.safetensors")


@dataclass(frozen=True)
class Material:
    """What there is to train on.

    Attributes:
        goods: good photos whose file is there; `held_out` of them are for the threshold alone.
        accepted, undecided: samples by their verdict.
        takes_all: those without a verdict are learned from, too.
    """

    goods: int = 0
    held_out: int = 0
    accepted: int = 0
    undecided: int = 0
    takes_all: bool = False

    @property
    def samples(self) -> int:
        """How many samples the recipe `anogen` learns from."""
        return self.accepted + self.undecided * self.takes_all


def read_material(project: ProjectModel, takes_all: bool) -> Material:
    """What there is now."""
    samples = [sample.verdict for sample in project.samples.all() if not sample.is_missing]
    goods = sum(not photo.is_missing for photo in project.photos.of_role("good"))
    return Material(
        goods=goods,
        held_out=held_out_count(goods),
        accepted=samples.count("accepted"),
        undecided=samples.count("undecided"),
        takes_all=takes_all,
    )


def material_words(material: Material, settings: TrainSettings) -> str:
    """Such as "110 good photos, 8 of them held out for the threshold; 37 accepted samples; drawn textures"."""
    goods = count_of(material.goods, "good photo")
    if material.held_out:
        goods += f", {material.held_out} of them held out for the threshold"
    textures = "textures from the folder" if settings.textures else "drawn textures"
    return "; ".join((goods, _sample_words(material, settings), textures))


def refusal(material: Material, settings: TrainSettings) -> Note | None:
    """Why nothing can be trained with these settings, and what to do; None where it can."""
    if not material.goods:
        return _refuse(
            "There are no good photos to train on.", "Import photos of good parts on the page Photos."
        )
    if settings.recipe == "anogen" and not material.samples:
        return _refuse(*_without_samples(material))
    if settings.textures and not Path(settings.textures).is_dir():
        return _refuse(
            f"There is no folder {settings.textures}.",
            "Choose another one, or none: textures are drawn then.",
        )
    if settings.detector == "destseg":
        return _without_teacher(settings.teacher)
    return None


def _sample_words(material: Material, settings: TrainSettings) -> str:
    if settings.recipe == "baseline":
        return "no samples"
    accepted = count_of(material.accepted, "accepted sample")
    return f"{accepted} and {material.undecided} without a verdict" if material.takes_all else accepted


def _without_samples(material: Material) -> tuple[str, str]:
    if material.undecided:
        return (
            "No sample is accepted yet.",
            "Accept some on the page Curate, or take those without a verdict, too.",
        )
    return (
        "There are no samples to train on.",
        "Generate some on the page Place and accept them on Curate; the recipe Baseline needs none.",
    )


def _without_teacher(folder: str) -> Note | None:
    what = "Put config.json and model.safetensors of microsoft/resnet-18 (huggingface.co) into a folder, and choose it."
    if not folder:
        return _refuse("DeSTSeg needs a ResNet-18 as its teacher.", f"{what} DRAEM needs none.")
    missing = [name for name in _RESNET if not (Path(folder) / name).is_file()]
    return _refuse(f"There is no {' and no '.join(missing)} in {folder}.", what) if missing else None


def _refuse(message: str, hint: str) -> Note:
    return Note(message, hint, is_problem=True)
