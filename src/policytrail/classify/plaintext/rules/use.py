"""What data is used for, and practices of which no list of ours has the words."""

from __future__ import annotations

import re

from rapidfuzz.distance import Indel

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
from policytrail.classify.plaintext.plain_words import plain_words
from policytrail.text.alignment import steps

_LIKE = 0.8  # a word that much like one that went is the same word, spelt or bent otherwise
_EXPLAINS = re.compile(
    r"^(?:for example|e g|for instance|this means|that means|in other words|that is|note that|such as)\b"
)
_SHARING = re.compile(r"\b(?:shar(?:e|ed|es|ing)|disclos\w+|transfer\w*|sell|sold|third part\w+|partners?)\b")
_USING = re.compile(r"\b(?:us(?:e|ed|es|ing)|purposes?|in order to)\b")
_LETTERS = re.compile(r"[A-Za-z][\w'’-]*")


@rule
def purpose(reading: Reading) -> Verdict | None:
    """A purpose is named that wasn't (GDPR 13(3); WP260)."""
    names = [name for name in reading.names(reading.came, "purpose") if ("purpose", name) in reading.plainly]
    if not names:
        return None
    kind = _kind(names)
    unknown = any(not reading.before.names(("purpose", name)) for name in names)
    if reading.practice and (reading.grew or unknown):
        return Verdict(kind, BROADENS, M, listed(names))
    return Verdict(kind, NEUTRAL, R, listed(names))


def _kind(names: list[str]) -> str:
    if "ai training" in names:
        return "purpose.ai_training"
    return "purpose.automated" if "automated decisions" in names else "purpose.set"


@rule
def unheard(reading: Reading) -> Verdict | None:
    """A practice is told with words that the old policy never used: something new is done, whatever it is called.

    Names don't count (a named vendor inside a category is for a person), nor does what explains a practice.
    """
    if not reading.practice or _EXPLAINS.search(reading.new):
        return None
    words = _unheard(reading)
    if len(words) < (1 if reading.grew else 2):
        return None
    return Verdict(_matter(reading), BROADENS, M, "new words: " + listed(words[:8]))


def _matter(reading: Reading) -> str:
    """The kind of a practice by its verbs: data shared, data used, else data collected."""
    if _SHARING.search(reading.new):
        return "disclosure.data"
    return "purpose.set" if _USING.search(reading.new) else "collection.occasion"


def _unheard(reading: Reading) -> list[str]:
    """Plain words, no names, of the new sentences that the old policy doesn't have in any form."""
    went = set(reading.old.split())
    spoken = {match.group() for match in _LETTERS.finditer(reading.new_text) if match.group()[0].islower()}
    words = [word for text in sorted(spoken) for word in plain_words(text) if len(word) > 3 and word.isalpha()]
    return [
        each for each in words if not _heard(each, reading.before.words) and not any(_alike(each, old) for old in went)
    ]


def _heard(word: str, known: frozenset[str]) -> bool:
    stem = re.sub(r"(?:ing|ed|es|s|ly|ion|e)$", "", word)
    return any(
        f"{stem}{end}" in known for end in ("", "e", "s", "es", "ed", "ing", "ion", "ly", "d", word[len(stem) :])
    )


def _alike(one: str, two: str) -> bool:
    return Indel.normalized_similarity(one, two) >= _LIKE


_HOLDS_BACK = re.compile(
    r"\b(?:only|solely|not|never|unless|except|if|when|where|without|consent|permission|limited|required|until|applicable|example|e g|"
    r"see|learn|click|here|please|visit|section)\b"
)
_LITTLE = frozenset(
    "a an the of to in on at and or for with by from as is are be our your their its this that these such".split()
)


@rule
def widened(reading: Reading) -> Verdict | None:
    """A sentence about a practice only gained words, and none that holds back: one thing more is done, or done in more cases."""
    if reading.op != "changed" or not reading.practice or not reading.did:
        return None
    old, new = reading.old.split(), reading.new.split()
    changed = [step for step in steps(old, new) if not step.same]
    gained = [word for each in changed for word in new[each.j1 : each.j2]]
    if any(each.i1 != each.i2 for each in changed) or not set(gained) - _LITTLE or _HOLDS_BACK.search(" ".join(gained)):
        return None
    return Verdict(_matter(reading), BROADENS, M, f"a practice gained: {' '.join(gained[:12])}")


@rule
def less_use(reading: Reading) -> Verdict | None:
    """A purpose is no longer named."""
    names = reading.names(reading.went, "purpose")
    return Verdict("purpose.set", NARROWS, R, listed(names)) if names and reading.did else None
