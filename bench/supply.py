"""What we ship others' code with: licences, a bill of materials, known weaknesses.

python bench/supply.py licences            exit 1 where a locked package has a licence that isn't on the list
python bench/supply.py sbom > sbom.json    CycloneDX 1.5 from requirements-dev.lock, the same bytes every time
python bench/supply.py audit               pip-audit over requirements-dev.lock (needs the network and pip-audit)
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-dev.lock"  # everything: requirements.lock names a part of it, in the same versions
# Leave to use, change and pass on, without a duty for our own code; MPL-2.0 binds changes of its own files only.
ALLOWED = ("MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "Unlicense", "MPL", "Mozilla")
# What else is in use, and why it may be: none is changed by us, none is needed for what isn't an extra.
ALLOWED_HERE = {
    "psycopg": "LGPL-3.0-only, extra [engine], linked and not changed",
    "psycopg-binary": "LGPL-3.0-only, extra [engine], linked and not changed",
    "psycopg-pool": "LGPL-3.0-only, extra [engine], linked and not changed",
    "pyphen": "GPL 2.0+, LGPL 2.1+ or MPL 1.1 as one chooses, extra [pdf]",
    "axe-playwright-python": "MIT by its repository (the package doesn't say), only in tests",
}


def locked(lock: Path = LOCK) -> dict[str, tuple[str, list[str]]]:
    """Each package of a lock file with its version and the SHA-256 of every file of it that pip may install."""
    found: dict[str, tuple[str, list[str]]] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock.read_text("utf-8")):
        if named := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", entry):
            found[normal(named[1])] = (named[2], re.findall(r"sha256:([0-9a-f]{64})", entry))
    return found


def normal(name: str) -> str:
    """A package's name in the one spelling of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(name: str) -> str | None:
    """What the installed package says of its licence; None where it isn't installed here (another platform's)."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return None
    listed = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    fields = about.json
    field = str(fields.get("license", "")).split("\n")[0]
    return str(fields.get("license_expression", "")) or ", ".join(listed) or field or "not stated"


def unwanted() -> list[str]:
    """A sentence for each installed package of the lock whose licence isn't on the list."""
    found = []
    for name in locked():
        words = licence(name)
        if words is None or name in ALLOWED_HERE:
            continue
        if not any(each in words for each in ALLOWED):
            found.append(f"{name}: {words}. Replace it, or enter it in ALLOWED_HERE with a reason.")
    return found


def sbom() -> dict[str, Any]:
    """The bill of materials. The same lock file gives the same document."""
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "src/policytrail/__init__.py").read_text("utf-8"))
    assert version is not None
    components = [_component(name, *each) for name, each in sorted(locked().items())]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, LOCK.read_text('utf-8'))}",
        "metadata": {
            "component": {
                "type": "application",
                "name": "policytrail",
                "version": version[1],
                "bom-ref": f"pkg:pypi/policytrail@{version[1]}",
            }
        },
        "components": components,
    }


def _component(name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    words = licence(name)
    reference = f"pkg:pypi/{name}@{version}"
    sums = [{"alg": "SHA-256", "content": each} for each in sorted(hashes)]
    made = {
        "type": "library",
        "name": name,
        "version": version,
        "purl": reference,
        "bom-ref": reference,
        "hashes": sums,
    }
    return made | ({"licenses": [{"license": {"name": words}}]} if words else {})


def audit() -> int:
    """Ask the advisory database about every locked package. Returns the exit status."""
    if not shutil.which("pip-audit"):
        print(
            "pip-audit isn't installed. Run: pipx run pip-audit --require-hashes -r requirements-dev.lock",
            file=sys.stderr,
        )
        return 2
    return subprocess.run(["pip-audit", "--strict", "--require-hashes", "--disable-pip", "-r", str(LOCK)]).returncode


def main() -> int:
    """Do one of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["licences", "sbom", "audit"])
    what = parser.parse_args().what
    if what == "audit":
        return audit()
    if what == "sbom":
        print(json.dumps(sbom(), indent=2, ensure_ascii=False))
        return 0
    problems = unwanted()
    print("\n".join(problems) or f"{len(locked())} locked packages: every licence is on the list.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
