"""Words that all of the window uses: counted things, and the engine's hints without commands."""

import re

# What a hint's command begins with, and where the window has it; the first that fits counts.
_INSTEAD = (
    (r"anogen new\b", "Make one with “New project” in the menu File."),
    (r"anogen status \S+ --rebuild", ""),  # the notice has a button for it
    (r"anogen status \S", "Open it with “Open project” in the menu File."),
    (r"anogen status$", "Learn the anomaly first, on the page Learn."),
    (r"anogen learn\b", "Learn one on the page Learn."),
    (r"anogen import\b.*--mask", "Paint its mask on the page Photos."),
    (r"anogen import\b", "Import photos on the page Photos."),
    (r"anogen generate\b", "Generate some on the page Place."),
    (r"anogen train\b", "Train one on the page Train."),
    (r"anogen evaluate\b", "Measure it on the page Train."),
    (r"anogen embedding import\b", "Import it on the page Learn."),
    (r"anogen backbone list\b", "Give the name of another one, its folder or its hub id."),
    (r"--role$", "Import them by the names of the folders, or one of them."),
    (r"--role\b", "Say what the photos are."),
    (r"--support\b", "Choose about three photos of it on the page Learn."),
    (r"--all\b", "Accept some, or export all of them."),
)


def count_of(count: int, noun: str) -> str:
    """Such as “1 photo” or “3 boxes”; the noun is in the singular."""
    ending = "" if count == 1 else "es" if noun.endswith("x") else "s"
    return f"{count} {noun}{ending}"


def in_window(hint: str) -> str:
    """The hint, each sentence that names a command replaced; commands stand between backquotes."""
    hint = re.sub(r" \([^()]*`[^()]*\)", "", hint)
    if "`" not in hint:
        return hint
    sentences = (_without_command(sentence.strip()) for sentence in re.split(r"(?<=\.) |; ", hint))
    return " ".join(dict.fromkeys(sentence for sentence in sentences if sentence))


def _without_command(sentence: str) -> str:
    command = re.search("`([^`]*)`", sentence)
    if command is None:
        return f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}." if sentence else ""
    return next((instead for begins, instead in _INSTEAD if re.match(begins, command[1])), "")
