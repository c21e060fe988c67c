"""What a user is told when something cannot be done."""


class EngineError(Exception):
    """One clear sentence about what went wrong, and a hint that says what to do.

    Args:
        message: one sentence, without jargon, that names the file or value at fault.
        hint: what to do about it; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class StopAndKeep(Exception):  # noqa: N818 - a request, not an error
    """Thrown into a job's generator: end early, and keep what is there."""
