"""Which version of the program this is."""

NAME = "AnoGen Studio"


def program_version() -> str:
    """The installed version; that of a checkout which was never installed is "0"."""
    from importlib.metadata import (  # loads more than a window's first paint can wait for
        PackageNotFoundError,
        version,
    )

    try:
        return version("anogen-studio")
    except PackageNotFoundError:
        return "0"


def software() -> str:
    """Name and version, as they stand in the files that the program writes."""
    return f"{NAME} {program_version()}"
