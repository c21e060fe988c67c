"""What the page Train says of trainings and of how two of them compare."""

import math

from anogen_gui.model.training_state import Comparison, Conclusion, Training
from anogen_gui.ui.course.words import grouped
from anogen_gui.ui.kit import Tone
from engine.protocol import DETECTOR_NAMES
from engine.reporting.facts import Figure

NOT_MEASURED = "–"
_STATES: dict[str, tuple[str, Tone]] = {
    "running": ("Training", "accent"),
    "done": ("Trained", "good"),
    "kept": ("Stopped and kept", "good"),
    "cancelled": ("Cancelled", "neutral"),
    "failed": ("Failed", "bad"),
    "interrupted": ("Interrupted", "warn"),
}
CONCLUSIONS: dict[Conclusion, tuple[str, Tone, str]] = {
    "helped": ("helped", "good", "mdi6.arrow-up-bold-outline"),
    "no measurable change": ("no measurable change", "neutral", "mdi6.equal"),
    "hurt": ("hurt", "bad", "mdi6.arrow-down-bold-outline"),
}


def state_words(training: Training) -> tuple[str, Tone]:
    """The state of a training in one or two words, and its tone."""
    if training.number is not None and training.run.state != "running":
        return "Waiting", "info"
    return _STATES.get(training.run.state, (training.run.state, "neutral"))


def settings_words(training: Training) -> str:
    """Such as "DRAEM, anogen, light"."""
    settings = training.settings
    return f"{DETECTOR_NAMES[settings.detector]}, {settings.recipe}, {settings.preset}"


def steps_words(training: Training) -> str:
    """How many steps its detector was trained; how far it is where there is none yet."""
    steps = training.steps or training.checkpoint
    return grouped(steps) if steps else NOT_MEASURED


def samples_words(training: Training) -> str:
    """How many samples it learned from; a baseline learns from none."""
    return "none" if training.settings.recipe == "baseline" else grouped(len(training.job.samples))


def figure_title(name: str) -> str:
    """Such as "Image AUROC"."""
    return name[:1].upper() + name[1:]


def figure_words(figure: Figure | None) -> str:
    """A figure with three decimals."""
    return NOT_MEASURED if figure is None else f"{figure.value:.3f}"


def interval_words(name: str, figure: Figure) -> str:
    """The figure with its interval, in a sentence."""
    if math.isnan(figure.low):
        return f"{name} {figure.value:.3f} on test photos that nothing was learned from"
    return (
        f"{name} {figure.value:.3f}; in 95 of 100 drawings of the test photos {figure.low:.3f} to {figure.high:.3f}. "
        "Photos that something was learned from are left out."
    )


def signed(value: float) -> str:
    """Such as "+0.042"; a true minus."""
    return f"{value:+.3f}".replace("-", "−") if not math.isnan(value) else NOT_MEASURED


def verdict_words(comparison: Comparison) -> tuple[str, Tone]:
    """What follows from a comparison, in a sentence."""
    second, first = f"“{comparison.second.name}”", f"“{comparison.first.name}”"
    helped, hurt = comparison.count("helped"), comparison.count("hurt")
    total = len(comparison.figures)
    if helped and hurt:
        return f"{second} is better than {first} in {_of(helped, total)}, and worse in {hurt}.", "warn"
    if helped:
        return (
            f"It helped: {second} is better than {first} in {_of(helped, total)}, and worse in none.",
            "good",
        )
    if hurt:
        return f"It hurt: {second} is worse than {first} in {_of(hurt, total)}, and better in none.", "bad"
    return f"No measurable change: these photos cannot tell {second} from {first}.", "neutral"


def _of(count: int, total: int) -> str:
    return f"all {total} figures" if count == total else f"{count} of {total} figures"
