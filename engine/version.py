"""Which version of the program this is."""

from importlib.metadata import PackageNotFoundError, version

NAME = "AnoGen Studio"


def program_version() -> str:
    """The installed version; that of a checkout which was never installed is "0"."""
    try:
        return version("anogen-studio")
    except PackageNotFoundError:
        return "0"


def software() -> str:
    """Name and version, as they stand in the files that the program writes."""
    return f"{NAME} {program_version()}"
