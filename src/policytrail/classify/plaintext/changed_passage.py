"""One changed passage as the rules see it, the verdicts they give, and the list of all rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from policytrail.classify.wording_checks.dates import DATE
from policytrail.model.change import Direction, Severity

from .concepts import ACT, ACTS, FAMILIES, concepts
from .plain_words import is_fragment, is_item, plain, plain_words
from .sentence_context import Unit

M, R = Severity.MATERIAL, Severity.REVIEW
BROADENS, NARROWS, NEUTRAL = Direction.BROADENS, Direction.NARROWS, Direction.NEUTRAL
Concept = tuple[str, str]
NEGATED = re.compile(r"\b(?:not|never|no longer|cannot|without|neither|nor|\w+n't|prohibit\w*|refrain\w*)\b")
_COMPANY_ACTS = re.compile(
    r"(?<!data )(?<!information )(?<!details )(?<!how )(?<!why )(?<!what )(?<!when )(?<!where )(?<!which )(?<!that )"
    r"\b(?:we|they|it|who|which|partners?|providers?|vendors?|compan(?:y|ies)|affiliates?|parties|tools?|app|application|"
    r"services?|platform|features?)\s+(?:(?:may|will|can|could|might|shall|also|now|then|both|either|automatically|sometimes|"
    rf"and|only)\s+)*{ACT}\b"
)
_OFFERS = re.compile(
    r"\byou (?:can|may|could|might|have (?:the|a) (?:right|option|choice)|are entitled|wish)\b|\bright to\b|\bcontact us\b|\bclick(?:ing)? here\b"
    r"|^(?:to opt|to un|please|click|visit|contact|e ?mail|write|use the|go to|select|learn|see|read|for more)\b"
)
_ASKS = re.compile(
    r"^(?:to (?:opt|unsubscribe|learn|read|view|see|exercise|find)|please|click|visit|contact|e ?mail|write|use the|go to|select|learn|see|read)\b"
)
_LISTS = re.compile(
    r"\b(?:information|data|categor(?:y|ies)|purposes?|collect\w*|shar(?:e|ed|ing)|disclos\w+|use[ds]?|process\w*|cookies|recipients?|"
    r"receiv\w+|third parties|stor(?:e|ed|ing|age)|access)\b"
)
_NAME = re.compile(r"(?<=[a-z,(] )[A-Z][\w.’']*(?: (?:& |of |for )?[A-Z][\w.’']*)+")
_LOG = re.compile(r"\b(?:chang(?:e|es|ed)|revision|version|history|changelog|updates?|amendments?)\b")


class Document:
    """The words of a whole policy, for asking whether it ever spoke of something."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _flat(self) -> str:
        return re.sub(r"\W+", " ", self._text.casefold())

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that it uses."""
        return frozenset(self._flat.split())

    def names(self, concept: Concept) -> bool:
        """Whether it speaks of a concept anywhere."""
        return bool(FAMILIES[concept[0]][concept[1]].search(self._flat))

    def says(self, words: str) -> bool:
        """Whether some words stand anywhere in it, side by side."""
        return words in self._flat


@dataclass(frozen=True)
class Reading:
    """One changed passage: the sentences of both sides that no proof explains, and both policies for reference."""

    gone: tuple[Unit, ...]
    come: tuple[Unit, ...]
    before: Document
    after: Document

    @cached_property
    def old(self) -> str:
        """The old sentences as lower-case words."""
        return _words(self.gone)

    @cached_property
    def new(self) -> str:
        """The new sentences as lower-case words."""
        return _words(self.come)

    @cached_property
    def old_text(self) -> str:
        """The old sentences as people read them."""
        return " ".join(plain(unit.raw) for unit in self.gone)

    @cached_property
    def new_text(self) -> str:
        """The new sentences as people read them."""
        return " ".join(plain(unit.raw) for unit in self.come)

    @cached_property
    def plainly(self) -> frozenset[Concept]:
        """What the new sentences speak of in plain words: what is part of a name ("Acme Shipping & Tax") says nothing."""
        return concepts(" ".join(plain_words(_NAME.sub(" ", self.new_text))))

    @property
    def op(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if not self.gone else "removed" if not self.come else "changed"

    @cached_property
    def came(self) -> frozenset[Concept]:
        """What only the new sentences speak of."""
        return concepts(self.new) - concepts(self.old)

    @cached_property
    def went(self) -> frozenset[Concept]:
        """What only the old sentences speak of."""
        return concepts(self.old) - concepts(self.new)

    @cached_property
    def about(self) -> frozenset[Concept]:
        """What either side speaks of."""
        return concepts(self.new) | concepts(self.old)

    @property
    def grew(self) -> bool:
        """Whether more is said than before."""
        return len(self.new.split()) > len(self.old.split())

    @cached_property
    def around(self) -> str:
        """The headings above, and the line that introduces the passage, as words."""
        unit = (self.come or self.gone)[0]
        lead = "" if unit.heading else unit.lead
        return " ".join(plain_words(" ".join([*unit.path[-2:], lead])))

    @cached_property
    def log(self) -> bool:
        """Whether it is an entry of the policy's own list of changes: what it tells stands in the text as well."""
        dated = DATE.search(self.new_text or self.old_text)
        return bool(dated and _LOG.search(self.around))

    @cached_property
    def practice(self) -> bool:
        """Whether the new words say that something is done with data, and not what a person can do against it."""
        return not self.log and any(self._does(unit) for unit in self.come)

    @cached_property
    def did(self) -> bool:
        """Whether the old words said that something is done with data."""
        return any(self._does(unit) for unit in self.gone)

    def _does(self, unit: Unit) -> bool:
        words = " ".join(plain_words(unit.raw))
        if unit.heading or _ASKS.search(words):
            return False
        if _COMPANY_ACTS.search(words):
            return True
        if _OFFERS.search(words) or NEGATED.search(words):
            return False
        listed = is_item(unit.raw) or is_fragment(unit.raw)
        return self._introduced(unit) if listed else bool(ACTS.search(words))

    def _introduced(self, unit: Unit) -> bool:
        """Whether an entry of a list says what is done with data, by what introduces it."""
        above = " ".join(plain_words(unit.lead or " ".join(unit.path[-1:])))
        return bool(_LISTS.search(above)) and not NEGATED.search(above) and not _OFFERS.search(above)

    def names(self, side: frozenset[Concept], *families: str) -> list[str]:
        """The concepts of these families (or `family:NAME`), in order."""
        return sorted(name for family, name in side if family in families or f"{family}:{name}" in families)


@dataclass(frozen=True)
class Verdict:
    """What a rule says of a passage. `rule` is the id of a kind; `evidence` the words it goes by."""

    rule: str
    direction: Direction
    severity: Severity
    evidence: str
    reason: str = ""  # where that of the kind would say more than the words do


Rule = Callable[[Reading], "Verdict | None"]
RULES: list[Rule] = []


def rule(judge: Rule) -> Rule:
    """Enter a rule."""
    RULES.append(judge)
    return judge


def listed(words: Sequence[str]) -> str:
    """Evidence as one line."""
    return ", ".join(words)


def _words(side: Sequence[Unit]) -> str:
    return " ".join(word for unit in side for word in plain_words(unit.raw))
