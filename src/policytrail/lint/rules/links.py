"""Links that lead nowhere, as far as can be told without asking the network."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policytrail.render.shared.links import is_safe
from policytrail.render.shared.phrases import clause_anchor

from .registry import Draft, Finding, Said, lint

_LINK = re.compile(r"(?<![!\\])\[(?P<label>[^\]\n]*)\](?:\((?P<target>[^)\s]*)[^)\n]*\)|\[(?P<reference>[^\]\n]*)\])")
_RESERVED = re.compile(
    r"^(?:https?://|mailto:.*@)(?:[^/]*\.)?(?:example(?:\.\w+)?|invalid|test|localhost)(?:[:/]|$)", re.I
)
_PAGES = re.compile(r"/(?:upcoming/|versions/.*|changelog/|feed\.(?:atom|json)|policy\.(?:md|txt|pdf)|)(?:#.*)?")


@lint("link.broken", "a link that can't lead anywhere: no such place in the policy, a reserved name, an unsafe address")
def _broken(draft: Draft) -> Said:
    anchors = {clause_anchor(each.id) for each in draft.clauses} | {
        section.id for section in draft.snapshot.policy.sections
    }
    for clause in draft.clauses:
        body = draft.bodies[clause.id]
        for words, message in _wrong(clause.text, anchors):
            yield Finding(body.path, body.line_of(words), "", clause.id, message, "Correct the address.")


def _wrong(text: str, anchors: set[str]) -> Iterator[tuple[str, str]]:
    for found in _LINK.finditer(text):
        target, label = found["target"], found["label"]
        if target is None:
            if not re.search(rf"^ {{0,3}}\[{re.escape(found['reference'] or label)}\]:", text, re.M | re.I):
                yield label, f"The link [{label}] names a reference that isn't there."
        elif not target:
            yield label, f"The link [{label}] has no address."
        elif target.startswith("#"):
            if target[1:] not in anchors:
                yield target, f"There is no clause or section {target[1:]!r} to link to."
        elif not is_safe(target):
            yield target, f"{target} is no address that a policy may link to (https, mailto, tel)."
        elif _RESERVED.match(target):
            yield target, f"{target} is an address of examples; nobody answers there."
        elif target.startswith("/") and not _PAGES.fullmatch(target):
            yield target, f"The policy's site has no page {target}."


@lint("link.dead", "with --network: a link whose address doesn't answer, or says that there is nothing")
def _dead(draft: Draft) -> Said:
    for clause, target in linked(draft):
        if why := (draft.dead or {}).get(target):
            body = draft.bodies[clause]
            message = f"{target} {why}."
            yield Finding(
                body.path, body.line_of(target), "", clause, message, "Correct the address, or take the link out."
            )


def linked(draft: Draft) -> Iterator[tuple[str, str]]:
    """Every https address that the text links to, with its clause; those of examples aside."""
    for clause in draft.clauses:
        for found in _LINK.finditer(clause.text):
            target = found["target"] or ""
            if target.startswith("https://") and is_safe(target) and not _RESERVED.match(target):
                yield clause.id, target


@lint("link.no-target", "a practice about a link that doesn't say where it leads")
def _no_target(draft: Draft) -> Said:
    for practice in draft.of("link"):
        if getattr(practice, "target", "") == "unstated" and practice.modality not in ("may",):
            message = f"{practice.id} is a link, but where it leads is unstated."
            yield Finding(
                *draft.at(practice), "", practice.id, message, "Give its target, and let the text link to it."
            )
