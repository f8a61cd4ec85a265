"""One sentence of a policy with what gives it its meaning: the headings above, the line that introduces it, its neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from policytrail.classify.wording_checks.carriers import said
from policytrail.compare.sections import TextClause, unnumbered
from policytrail.text.sentences import split

from .plain_words import ends, is_item, plain, plain_words

_SELF_CONTAINED = 6  # words; a shorter sentence says little without what stands around it
_POINTS_BACK = frozenset(
    "this these those that such it its they them their he she above following foregoing same other others however "
    "also therefore addition example".split()
)
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Unit:
    """One sentence, entry, row or heading: its Markdown, where it stands, and the line that introduces it.

    `lead` is the nearest line before it that ends in a colon, or the head of its table; empty where there is none.
    A heading has the text below it there. `source` is the text as the document has it; `raw` may have the last word before it, where a line was broken. `previous` is the sentence or heading before it.
    """

    raw: str
    path: tuple[str, ...]
    lead: str
    heading: bool = False
    source: str = ""
    previous: str = ""

    @property
    def name(self) -> str:
        """The text as the document has it, without the white space around it."""
        return ("# " if self.heading else "") + self.source.strip()

    @cached_property
    def key(self) -> str:
        """What must be equal for two sentences to say the same."""
        whole = said(self.raw)
        if not whole.words:
            return ""
        beside = "".join(f"{carrier.place}{carrier.value}" for carrier in whole.carriers)
        return " ".join([*whole.words, "|", beside])


def units(clauses: Sequence[TextClause], known: frozenset[str]) -> list[Unit]:
    """The sentences of a policy in order. A clause whose text is `known` on the other side counts as one unit."""
    found: list[Unit] = []
    for clause in clauses:
        if clause.title:
            found.append(Unit(clause.title, clause.path, clause.text, True, clause.title))
        if clause.text in known:
            found.append(Unit(clause.text, clause.path, "", source=clause.text))
        else:
            found += sentences(clause)
    return [unit for unit in found if _LETTER.search(unit.raw)]


def sentences(clause: TextClause) -> Iterator[Unit]:
    """The sentences of one section, each with what introduces it."""
    lead, before = "", clause.title
    for source in split(clause.text):
        raw = source
        if before and _runs_on(before, raw):
            raw = f"{before.split()[-1]} {raw}"
        table = raw.lstrip().startswith("|")
        if table and (not before.lstrip().startswith("|") or not plain_words(lead)):
            lead = raw
        yield Unit(raw, clause.path, lead if is_item(raw) or lead.endswith(":") else "", source=source, previous=before)
        if plain(raw).endswith(":"):
            lead = plain(raw)
        elif not is_item(raw) and not table and ends(plain(raw)):
            lead = ""
        before = raw


def _runs_on(before: str, raw: str) -> bool:
    """Whether a line that begins like a numbered entry is the rest of a sentence: "under the age of / 13. We don't"."""
    numbered = re.match(r"\s*\(?[0-9]", raw)
    broken = before.endswith("\n") and not before.rstrip(" ").endswith("\n\n")
    return bool(numbered and broken and not is_item(before) and not ends(before.rstrip()) and before.split())


def same_place(old: Unit, new: Unit) -> bool:
    """Whether a sentence that kept its place among others is introduced alike, and holds for the same people and places."""
    if old.heading or new.heading or (old.path == new.path and old.lead == new.lead):
        return True
    leads = plain_words(old.lead), plain_words(new.lead)
    if all(leads) and leads[0] != leads[1]:
        return False
    # A heading may be no more than a line of text on one side: then the line before says the same as it.
    above = scope_of(old.path[:-1]) == scope_of(new.path[:-1])
    if above and plain_words(old.previous) == plain_words(new.previous):
        return True
    here = scope_of(old.path) == scope_of(new.path) and leads[0] == leads[1]
    return here and (headed(old) == headed(new) or self_contained(old))


def headed(unit: Unit) -> str:
    return unnumbered(unit.path[-1]) if unit.path else ""


def self_contained(unit: Unit) -> bool:
    """Whether it is a full sentence that points to nothing around it."""
    words = plain_words(unit.raw)
    full = len(words) >= _SELF_CONTAINED and ends(plain(unit.raw)) and not is_item(unit.raw)
    return full and not _POINTS_BACK & set(words[:4])


def means_the_same(old: Unit, new: Unit) -> bool:
    """Whether a sentence says the same at both places: nothing around it can give it another meaning.

    A full sentence that points to nothing around it does, between places for the same people; anything else only under
    the same heading and the same introduction, or behind the same sentence.
    """
    if scope_of(old.path) != scope_of(new.path) or old.heading != new.heading:
        return False
    if old.heading:  # a heading for some people or places limits what stands below it
        return not scope_of(old.path[-1:]) or old.lead.split() == new.lead.split()
    if self_contained(old) and not is_item(new.raw):
        return True
    beside = plain(old.lead) or plain(old.previous), plain(new.lead) or plain(new.previous)
    return headed(old) == headed(new) and beside[0] == beside[1]


_SCOPE = re.compile(
    r"\b(?:california|colorado|virginia|connecticut|utah|texas|nevada|oregon|vermont|washington|delaware|montana|"
    r"states?|u\.?s\.?a?|usa|uk|e\.?u\.?|eea|europ\w+|united|swiss|switzerland|brazil|canada|quebec|australia|india|china|"
    r"japan|korea|singapore|turkey|mexico|argentina|south africa|thailand|gdpr|ccpa|cpra|lgpd|pipeda|pipl|jurisdictions?|"
    r"countr(?:y|ies)|regions?|residents?|children|kids|minors?|teens?|parents?|students?|schools?|employees?|"
    r"applicants?|candidates?|job|recruit\w+|business|enterprise|customers?|consumers?|visitors?|members?|partners?|"
    r"vendors?|drivers?|riders?|sellers?|buyers?|hosts?|guests?|apps?|mobile|website|cookies?|not|except\w*|additional)\b"
)


def scope_of(path: Sequence[str]) -> frozenset[str]:
    """The words in headings that say for whom or where the text below them holds."""
    return frozenset().union(*map(_scope_in, path))


@lru_cache(maxsize=4096)
def _scope_in(title: str) -> frozenset[str]:
    return frozenset(_SCOPE.findall(title.casefold()))
