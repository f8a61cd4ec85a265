"""CI on a machine without leftovers: its script installs every Debian package that a test asks for."""

from __future__ import annotations

import re
import subprocess

from places import ROOT, TESTS

SCRIPT = ROOT / ".ci/run"
_ASKED = re.compile(r"the Debian package ([a-z0-9.+-]+)")


def installed() -> set[str]:
    """The packages that the script installs where they are missing."""
    return set(re.findall(r"\bneed(?:_library)? \S+ ([a-z0-9.+-]+)$", SCRIPT.read_text(), re.MULTILINE))


def test_ci_installs_every_package_that_a_test_asks_for() -> None:
    asked = {name for path in TESTS.rglob("*.py") for name in _ASKED.findall(path.read_text())}
    assert len(asked) >= 6
    assert asked <= installed()


def test_ci_installs_what_the_pdf_needs() -> None:
    from policytrail.render.documents.pdf import MISSING

    assert set(re.findall(r"\blib(?:pangoft2|harfbuzz-subset)\S*", MISSING)) <= installed()


def test_the_script_is_well_formed() -> None:
    subprocess.run(["bash", "-n", SCRIPT], check=True)
