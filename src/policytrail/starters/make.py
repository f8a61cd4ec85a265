"""The starter files, filled in with the answers: values in, files out; nothing is written here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import jinja2

from policytrail import __version__

from .answers import KINDS, Answers

_CI = {"github": (".github/",), "gitlab": (".gitlab-ci.yml", ".gitlab/"), "none": ()}


def starter_files(answers: Answers) -> dict[str, bytes]:
    """Every file of a new policy repository by its path. A starter that comes out empty isn't for this kind."""
    environment, values = _environment(), _values(answers)
    made: dict[str, bytes] = {}
    for path, source in _packaged(files(__package__) / "files"):
        text = environment.from_string(source).render(values)
        if text.strip() and _wanted(path, answers):
            made[path] = (text.strip("\n") + "\n").encode()
    return made


def _packaged(folder: Traversable, above: str = "") -> Iterator[tuple[str, str]]:
    """Path in the new repository and text of every starter; `dot-` stands for a leading dot, `.in` is dropped."""
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = "." + path.name.removeprefix("dot-") if path.name.startswith("dot-") else path.name
        if path.is_dir():
            yield from _packaged(path, f"{above}{name}/")
        elif name.endswith(".in"):
            yield above + name.removesuffix(".in"), path.read_text(encoding="utf-8")


def _wanted(path: str, answers: Answers) -> bool:
    others = [start for name, starts in _CI.items() if answers.ci not in (name, "both") for start in starts]
    return not path.startswith(tuple(others))


def _environment() -> jinja2.Environment:
    """Its own brackets: clause text and CI files use the usual ones for themselves. Starters are ours, so no sandbox."""
    made = jinja2.Environment(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
    )
    # JSON's spelling of a string is one of YAML's: an answer can't become anything but a string.
    made.filters["yaml"] = lambda text: json.dumps(text, ensure_ascii=False)
    return made


def _values(answers: Answers) -> dict[str, Any]:
    kind = KINDS[answers.kind]
    return {
        "a": answers,
        "topics": kind.topics,
        "covers": kind.covers,
        "what": kind.what,
        "kind_words": kind.words,
        "release": __version__,
    }
