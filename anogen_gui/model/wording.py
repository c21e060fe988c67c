"""What the engine tells people, for a window: its hints may name commands of the command line."""


def without_commands(hint: str) -> str:
    """The sentences of a hint that name no command; commands stand between backquotes."""
    sentences = hint.replace("; ", ". ").split(". ")
    kept = [sentence.rstrip(".") for sentence in sentences if "`" not in sentence]
    return ". ".join(sentence[:1].upper() + sentence[1:] for sentence in kept if sentence) + "." * bool(
        any(kept)
    )
