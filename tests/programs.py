"""Programs that some tests need and ``make test-all`` installs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


def needed(*names: str) -> str:
    """The path of the first program; skips where one is missing, save in CI."""
    missing = [name for name in names if not (shutil.which(name) or Path(name).exists())]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"not there: {missing}; make test-all installs it")
    assert not missing
    return shutil.which(names[0]) or names[0]
