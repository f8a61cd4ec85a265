"""What `check` found last time, kept for the same bytes, the same program and the same day. Off: POLICYTRAIL_CACHE=off.

It lies in the user's own cache folder and never in the repository: else a pull request could bring a verdict along.
A check that looks at git (policy/approvers.yaml is there) isn't kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_KEPT = 40


@dataclass(frozen=True)
class Kept:
    """The rendered review by format, its exit status and number of remarks.

    True between two moments (seconds since 1970, UTC).
    """

    exit_status: int
    remarks: int
    rendered: dict[str, str]
    begins: float
    ends: float


def key(root: Path, days: tuple[date | None, ...], formats: list[str]) -> str | None:
    """The name under which a check is kept: SHA-256 over all that it depends on but the clock. None: it can't be kept."""
    if os.environ.get("POLICYTRAIL_CACHE") == "off" or (root / "policy" / "approvers.yaml").exists():
        return None
    told = hashlib.sha256(json.dumps([sys.version, *map(str, days), sorted(formats)]).encode())
    try:
        for line in (*_program(), *_sources(root)):
            told.update(line)
    except (OSError, ValueError):
        return None
    return told.hexdigest()


def _program() -> Iterator[bytes]:
    """The package's own files and the folders of installed libraries, by name, size and time of change."""
    for folder, _, names in sorted(os.walk(_PACKAGE)):
        for name in sorted(names):
            if name.endswith((".py", ".json")):
                about = os.stat(os.path.join(folder, name))
                yield f"{folder}/{name} {about.st_size} {about.st_mtime_ns}\n".encode()
    for entry in sys.path:
        with suppress(OSError):
            yield f"{entry} {os.stat(entry).st_mtime_ns}\n".encode()


def _sources(root: Path) -> Iterator[bytes]:
    """Every byte below policy/ and versions/. Raises ValueError for what isn't a plain file: its content isn't here."""
    for top in ("policy", "versions"):
        for folder, folders, names in sorted(os.walk(root / top)):
            for name in sorted([*names, *folders]):
                path = os.path.join(folder, name)
                mode = os.lstat(path).st_mode
                if stat.S_ISREG(mode):
                    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
                    yield f"{os.path.relpath(path, root)!r} {digest}\n".encode()
                elif stat.S_ISDIR(mode):
                    yield f"{os.path.relpath(path, root)!r} folder\n".encode()
                else:
                    raise ValueError(path)


def load(name: str, moment: float) -> Kept | None:
    """What is kept under a name, if it is still true at that moment."""
    try:
        kept = Kept(**json.loads((_folder() / name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return kept if kept.begins <= moment < kept.ends else None


def save(name: str, kept: Kept) -> None:
    """Keep a check; what is older than the newest few goes. A cache that can't be written is no error."""
    with suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = folder / f".{name}.{os.getpid()}"
        part.write_text(json.dumps(asdict(kept)), encoding="utf-8")
        os.replace(part, folder / name)
        old = sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime_ns, reverse=True)[_KEPT:]
        for each in old:
            each.unlink(missing_ok=True)


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "policytrail" / "check"
