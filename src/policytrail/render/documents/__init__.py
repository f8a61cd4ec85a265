"""The policy as a document outside the site. A format is one file here with `document(given) -> bytes`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec

import jinja2

from policytrail.errors import UsageError
from policytrail.languages import ENGLISH, Catalogue
from policytrail.model.policy import Snapshot
from policytrail.render.diff.change_groups import Group
from policytrail.render.shared.full_redline import Block

# Name -> whether its bytes are text that a terminal can show.
FORMATS = {"pdf": False, "docx": False, "md": True, "txt": True, "jsonld": True}


@dataclass(frozen=True)
class Document:
    """What a format is made from.

    `lines` are sentences below the title: which version it is and since when it is in force. `manifest` is the
    version's hash, None for the draft. `effective` is the first day in force, None for the draft. With `changes`
    it is the redline of that version, not its text. `words`: who says what isn't the policy's own.
    """

    snapshot: Snapshot
    name: str
    lines: tuple[str, ...]
    effective: date | None
    manifest: str | None
    env: jinja2.Environment
    changes: Changes | None = None
    words: Catalogue = ENGLISH


@dataclass(frozen=True)
class Changes:
    """What a redline shows: the changes by severity, how many they are in words, and the whole text."""

    old: str
    tally: str
    groups: tuple[Group, ...]
    blocks: tuple[Block, ...]


def document(form: str, given: Document) -> bytes:
    """The document in one format. Raises UsageError where this release or this machine can't make it."""
    if form not in FORMATS or find_spec(f"{__name__}.{form}") is None:
        raise UsageError(f"This release can't write {form}. Choose another --format.")
    made: bytes = import_module(f"{__name__}.{form}").document(given)
    return made
