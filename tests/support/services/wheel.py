"""The package as a user installs it: a real wheel in a fresh virtual environment, without the network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from places import ROOT


def installed(folder: Path) -> Path:
    """Build the wheel and install it into a fresh environment below `folder`; returns that environment's bin folder.

    Its libraries are those of the environment that runs the tests; policytrail itself comes from the wheel alone.
    """
    python = sys.executable
    run(
        [python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder / "dist", ROOT],
        folder,
    )
    run([python, "-m", "venv", folder / "venv"], folder)
    scripts = folder / "venv" / "bin"
    library = next((folder / "venv" / "lib").glob("python*/site-packages"))
    (library / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (wheel,) = (folder / "dist").glob("*.whl")
    run(
        [scripts / "python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall", wheel],
        folder,
    )
    where = run([scripts / "python", "-c", "import policytrail; print(policytrail.__file__)"], folder).stdout
    assert where.startswith(str(library)), where
    return scripts


def run(words: list[object], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program; a failure shows all that it said."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([str(each) for each in words], cwd=folder, capture_output=True, text=True, env=keep | env)
    assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done
