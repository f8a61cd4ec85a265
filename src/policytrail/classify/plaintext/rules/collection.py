"""Kinds of data, and occasions on which they are collected."""

from __future__ import annotations

import re

from policytrail.classify.plaintext.changed_passage import (
    BROADENS,
    NARROWS,
    NEUTRAL,
    M,
    R,
    Reading,
    Verdict,
    listed,
    rule,
)
from policytrail.classify.plaintext.concepts import is_sensitive

# "credential information", "vaccination status": kinds of data that no list of ours has.
_KIND = re.compile(
    r"\b([a-z]{3,}) (information|data|details|identifiers?|status|records?|history|metadata|metrics|signals|attributes)\b"
)
_ANY_KIND = frozenset(
    "personal the this that your our their such other any certain some all additional more further these those what which "
    "following relevant same necessary collect collects collected collecting use uses using share sharing process processing "
    "provide provided store stored about and for with from into new specific various aggregate aggregated anonymous anonymized "
    "anonymised identified general basic detailed customer user sensitive non private public required requested confidential "
    "contact related receive received accurate inaccurate correct similar limited special different obtain see send sending "
    "delete transfer transferring access protect keep retain disclose disclosing sell combine both its his her hold held".split()
)
_SHARED = re.compile(r"\b(?:shar(?:e|ed|es|ing)|disclos\w+|provid(?:e|ed|es|ing)|transfer\w*|sell|sold|send|sent)\b")


@rule
def data(reading: Reading) -> Verdict | None:
    """Another kind of data is named where something is done with it (Colorado 6.04; CCPA 1798.100)."""
    names = [*reading.names(reading.came, "data"), *_kinds(reading)]
    if not names:
        return None
    sensitive = any(is_sensitive(name) for name in names)
    kind = (
        "collection.sensitive" if sensitive else "disclosure.data" if _SHARED.search(reading.new) else "collection.data"
    )
    unknown = any(not reading.before.names(("data", name)) for name in reading.names(reading.came, "data"))
    if reading.practice and (reading.grew or unknown):
        return Verdict(kind, BROADENS, M, listed(names))
    return Verdict(kind, NEUTRAL, R, listed(names))


def _kinds(reading: Reading) -> list[str]:
    """Kinds of data by their form, that the old policy never named."""
    found = {f"{kind} {noun}" for kind, noun in _KIND.findall(reading.new) if kind not in _ANY_KIND}
    return sorted(each for each in found if not reading.before.says(each))


@rule
def less_data(reading: Reading) -> Verdict | None:
    """A kind of data is no longer named: the practice narrows, unless the sentence was a limit (see `promise`)."""
    names = reading.names(reading.went, "data")
    return Verdict("collection.data", NARROWS, R, listed(names)) if names and reading.did else None


_UNSPECIFIC = re.compile(
    r"\b(?:the|all|any|your|this) (?:personal )?(?:information|data)\b|\b(?:information|data) (?:that )?we collect\b|\bpersonal (?:information|data)\b"
)


@rule
def data_level(reading: Reading) -> Verdict | None:
    """A named kind of data became data of any kind: the specific replaced by the general is a widening."""
    if reading.op != "changed" or not reading.practice or reading.names(reading.came, "data"):
        return None
    went = {f"{kind} {noun}" for kind, noun in _KIND.findall(reading.old) if kind not in _ANY_KIND}
    gone = sorted(each for each in went if each not in reading.new)
    if not gone or _KIND.search(" ".join(_new_kinds(reading))) or not _UNSPECIFIC.search(reading.new):
        return None
    return Verdict("collection.data_level", BROADENS, M, f"{listed(gone)} became data in general")


def _new_kinds(reading: Reading) -> list[str]:
    old = set(_KIND.findall(reading.old))
    return [
        f"{kind} {noun}"
        for kind, noun in _KIND.findall(reading.new)
        if kind not in _ANY_KIND and (kind, noun) not in old
    ]
