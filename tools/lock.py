"""Pins every dependency with its hashes, for all supported Pythons and systems, into requirements/*.lock."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = "uv==0.13.9"


def main() -> None:
    """Resolve the four sets: to run, to develop, to write the sample's files, to measure."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", UV], check=True)
    for name, wanted in (
        ("run", run),
        ("dev", run + groups["dev"]),
        ("sample", run + groups["sample"]),
        ("bench", run + groups["bench"]),
    ):
        target = ROOT / "requirements" / f"{name}.lock"
        command = [sys.executable, "-m", "uv", "pip", "compile", "-", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet", "--output-file", str(target)]
        if name != "run":
            command += ["--constraint", str(ROOT / "requirements" / "run.lock")]
        subprocess.run(command, input="\n".join(wanted), text=True, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
