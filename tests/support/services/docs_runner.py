"""The commands that a page of docs shows, run as they stand, with what the page says that they answer.

In a page: a ```console block has commands after `$ `, below each the lines that its answer must contain (`…` stands for any
words) and `(exit status N)` where N isn't 0. `<!-- edit FILE -->` and two blocks: the first is replaced by the second.
`<!-- write FILE -->` and one block: the file. `<!-- docs-test: WHERE, on DATE -->`: where and on which day the page starts.
"""

from __future__ import annotations

import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

_PART = re.compile(
    r"<!-- (?P<act>edit|write) (?P<file>\S+) -->|^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_START = re.compile(r"<!-- docs-test: (?P<where>.+?), on (?P<day>[0-9-]{10}) -->")


@dataclass
class Command:
    """One command with the lines that its answer must contain, and its exit status."""

    words: str
    says: list[str] = field(default_factory=list)
    status: int = 0


@dataclass
class Edit:
    """A file to write, or a passage of it to replace."""

    file: str
    blocks: list[str]
    whole: bool


def start(page: str) -> tuple[str, str] | None:
    """Where and on which day a page starts; None for a page without commands to run."""
    found = _START.search(page)
    return (found["where"], found["day"]) if found else None


def steps(page: str) -> Iterator[Command | Edit]:
    """What a page does, in its order."""
    edit: Edit | None = None
    for part in _PART.finditer(page):
        if part["act"]:
            edit = Edit(part["file"], [], part["act"] == "write")
        elif edit is not None:
            edit.blocks.append(part["body"])
            if len(edit.blocks) == (1 if edit.whole else 2):
                yield edit
                edit = None
        elif part["kind"] == "console":
            yield from _commands(part["body"])


def _commands(body: str) -> Iterator[Command]:
    command: Command | None = None
    for line in filter(None, body.splitlines()):
        if line.startswith("$ "):
            if command:
                yield command
            command = Command(line[2:])
        elif command and (status := re.fullmatch(r"\(exit status (\d+)\)", line)):
            command.status = int(status[1])
        else:
            assert command, f"an answer without a command: {line}"
            command.says.append(line)
    if command:
        yield command


def run(page: str, folder: Path, scripts: Path, day: str = "") -> int:
    """Do all that a page says in a folder, with the programs of `scripts` first. Returns how many commands ran.

    `day`: the day that the clock shows; empty for the real one.
    """
    ran, env = 0, environment(folder, scripts, day)
    for step in steps(page):
        if isinstance(step, Edit):
            _edit(folder, step)
        else:
            _run(step, folder, env)
            ran += 1
    return ran


def environment(folder: Path, scripts: Path, day: str = "") -> dict[str, str]:
    """What a command sees: the programs first on its path, the clock at that day's noon, a writer's name, no network."""
    noon = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(hours=12) if day else None
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))} | {
        "PATH": f"{scripts}:{os.environ['PATH']}",
        **({"SOURCE_DATE_EPOCH": str(int(noon.timestamp()))} if noon else {}),
        "XDG_CACHE_HOME": str(folder.parent / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        **{
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Ada Lawyer"), ("EMAIL", "ada@quince.example"))
        },
    }


def _edit(folder: Path, edit: Edit) -> None:
    path = folder / edit.file
    if edit.whole:
        path.write_text(edit.blocks[0])
        return
    text, (old, new) = path.read_text(), (each.rstrip("\n") for each in edit.blocks)
    assert text.count(old) == 1, f"{edit.file} has {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new))


def _run(command: Command, folder: Path, env: dict[str, str]) -> None:
    if "-m http.server" in command.words:
        return _serve(command, folder, env)
    done = subprocess.run(command.words, shell=True, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    answer = done.stdout + done.stderr
    assert done.returncode == command.status, f"$ {command.words}\nended with {done.returncode}:\n{answer}"
    for line in command.says:
        pattern = r"(?s:.*?)".join(re.escape(part).replace(r"\ ", r"\s+") for part in line.strip().split("…"))
        assert re.search(pattern, answer), f"$ {command.words}\ndoesn't say\n{line}\nbut\n{answer}"
    return None


def _serve(command: Command, folder: Path, env: dict[str, str]) -> None:
    """A server runs until somebody stops it: look at its first page, then stop it."""
    words = f"exec {command.words.replace('8000', '0')}"
    with subprocess.Popen(
        words, shell=True, cwd=folder, env=env | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        port = re.search(r"port (\d+)", started.stdout.readline())
        assert port
        with urllib.request.urlopen(f"http://127.0.0.1:{port[1]}/upcoming/", timeout=10) as answer:
            assert answer.status == 200
        started.terminate()
