"""A notice as data, for `policytrail notice --format json` and for who checks it: what it says, and what only counsel can say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policytrail.model.change import Change, Direction, Severity
from policytrail.model.policy import Snapshot
from policytrail.words.grade import grade
from policytrail.words.grammar import count_words

from . import outline
from .content import Notice
from .sections import Part

_LONGEST_BANNER = 140


def notice_json(notice: Notice, material: Sequence[Change], old: Snapshot | None, new: Snapshot) -> dict[str, Any]:
    """In: the notice in the source's language, its material changes with their words, both snapshots. Out: plain data;
    `words` and `grade` are of the whole sentences that people read, without addresses."""
    parts = {part.id: part for part in notice.parts}
    listed = outline.groups(material, old, new, {})
    said = [text for part in notice.parts for text in _sentences(part)]
    whole = " ".join([*notice.lead, *said])
    return {
        "version": notice.version,
        "subject": notice.subject,
        "preheader": notice.lead[0],
        "banner": _banner(notice.subject),
        "main_points": [item.text for item in parts["main"].items] if "main" in parts else [],
        "groups": [
            {
                "heading": group.heading,
                "items": [{"changes": [c.id for c in item.changes], "words": item.words} for item in group.items],
            }
            for group in listed
        ],
        "smaller": " ".join(parts["others"].paragraphs) if "others" in parts else "",
        "held_data": " ".join(parts["data"].paragraphs) if "data" in parts else "",
        "can_do": [item.text for item in parts["choices"].items] + list(parts["choices"].after),
        "unanswered": unanswered(material),
        "words": count_words(whole),
        "grade": grade(whole),
    }


def _sentences(part: Part) -> list[str]:
    return [*part.paragraphs, *(item.text for item in part.items if item.text), *part.after]


def _banner(subject: str) -> str:
    said = f"{subject}."
    return said if len(said) <= _LONGEST_BANNER else said[: _LONGEST_BANNER - 1].rsplit(" ", 1)[0] + "…"


def unanswered(material: Sequence[Change]) -> list[dict[str, str]]:
    """What only counsel can say of each material change: the notice leaves it out until somebody does."""
    found = []
    for change in material:
        if change.severity is not Severity.MATERIAL:
            continue
        if change.words.startswith("New: "):
            found.append({"change": change.id, "question": "Was this done before the policy said so?"})
        if change.words.startswith("Our policy no longer "):
            found.append({"change": change.id, "question": "Has this stopped, or does only the text no longer say it?"})
        if change.direction is Direction.BROADENS:
            found.append({"change": change.id, "question": "What becomes of information that is held already?"})
    return found
