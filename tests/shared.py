"""The real data that lies beside the repository; it does not ship with the product."""

import os
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """A folder of the real data. Where it is absent the test does not run, and says so loudly."""
    base = Path(os.environ.get("KENES_SHARED") or ROOT.parent / "shared")
    path = base / "data" / name
    if not path.is_dir():
        message = f"NOT TESTED: the real data is absent ({path}); KENES_SHARED names its folder."
        warnings.warn(pytest.PytestWarning(message), stacklevel=2)
        pytest.skip(message)
    return path
