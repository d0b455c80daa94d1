"""Reads any file of ballots that Kenes knows, by the end of its name."""

from pathlib import PurePath

from voting.tally import blt, councils, preflib
from voting.tally.files import BallotFile, FormatError, decoded

SUFFIXES = (*preflib.SUFFIXES, ".blt", ".csv")


def read(raw: bytes, name: str) -> BallotFile:
    """Read a file's bytes; the end of `name` tells the format. Raises FormatError."""
    text = decoded(raw)
    if not text.strip():
        raise FormatError("the file is empty")
    suffix = PurePath(name).suffix.lower()
    if suffix in preflib.SUFFIXES:
        return preflib.read(text, name)
    if suffix == ".blt":
        return blt.read(text)
    if suffix == ".csv":
        return councils.read(text)
    known = " ".join(SUFFIXES)
    raise FormatError(f"the format {suffix or 'without an ending'} is not known (known: {known})")
