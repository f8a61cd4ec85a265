"""Both policies sentence by sentence, whatever their markup: what stayed in its order, what moved, what differs.

The sections of two scraped pages may be cut differently where nothing was said differently. So sentences are compared
once more across the whole text, by their words, signs and the hosts they link to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...compare.sections import TextClause
from ...compare.sentences import split
from ...compare.sequences import steps
from ..cues import editorial_proof, signs_of
from ..links import hosts
from .plaintext import ends, is_item, plain, plain_words

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
    A heading has the text below it there. `source` is the text as the document has it; `raw` may have the last word before it, where a line was broken. `previous` is the sentence before it.
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
        beside = [*sorted(signs_of(self.raw).elements()), *hosts(self.raw)]
        return " ".join([*plain_words(self.raw), "|", *beside]) if beside else " ".join(plain_words(self.raw))


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
    return [each for each in found if _LETTER.search(each.raw)]


def sentences(clause: TextClause) -> Iterator[Unit]:
    """The sentences of one section, each with what introduces it."""
    lead = before = ""
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


class Differences:
    """What differs between two policies, sentence by sentence."""

    def __init__(self, old: Sequence[TextClause], new: Sequence[TextClause]) -> None:
        texts = [frozenset(each.text for each in side if each.text.strip()) for side in (old, new)]
        before, after = units(old, texts[1]), units(new, texts[0])
        self._gone = _Left()
        self._come = _Left()
        self._stayed: dict[str, list[Unit]] = {}
        for step in steps([each.name for each in before], [each.name for each in after], anchored=True):
            self._run(before[step.i1 : step.i2], after[step.j1 : step.j2], step.same)
        self._moved = _moved(self._gone.by_key, self._come.by_key)

    def _run(self, old: list[Unit], new: list[Unit], same: bool) -> None:
        """Sentences that stand at the same place on both sides: alike to the letter, or to be looked at one by one."""
        if same:
            for each in (*old, *new):
                self._stayed.setdefault(each.name, []).append(each)
            return
        for step in steps([each.key for each in old], [each.key for each in new], anchored=True):
            mine, theirs = old[step.i1 : step.i2], new[step.j1 : step.j2]
            if step.same or _together(mine, theirs):
                for each in (*mine, *theirs):
                    self._stayed.setdefault(each.key, []).append(each)
            else:
                self._gone.add(mine)
                self._come.add(theirs)

    def _stays(self, unit: Unit) -> list[Unit]:
        return [*self._stayed.get(unit.name, ()), *self._stayed.get(unit.key, ())]

    def gone(self, text: str, path: tuple[str, ...], heading: bool = False) -> list[Unit]:
        """The sentences of an old passage that the new policy has neither at their place nor at another."""
        return list(self._left(self._gone, text, path, heading))

    def come(self, text: str, path: tuple[str, ...], heading: bool = False) -> list[Unit]:
        """The sentences of a new passage that the old policy had neither at their place nor at another."""
        return list(self._left(self._come, text, path, heading))

    def _left(self, side: _Left, text: str, path: tuple[str, ...], heading: bool) -> Iterator[Unit]:
        for sentence in [text] if heading else split(text):
            mine = Unit(sentence, path, "", heading, sentence)
            unit = side.take(mine)
            stays = self._stays(unit or mine)
            if unit is None and stays:
                continue
            unit = unit or mine
            twice = any(_means_the_same(unit, each) for each in stays)
            if unit.key and unit.key not in self._moved and not twice:
                yield unit


class _Left:
    """The sentences of one side that differ, each to be taken once."""

    def __init__(self) -> None:
        self.by_key: dict[str, list[Unit]] = {}
        self._by_name: dict[str, list[Unit]] = {}
        self._taken: set[int] = set()

    def add(self, found: Sequence[Unit]) -> None:
        for each in found:
            self.by_key.setdefault(each.key, []).append(each)
            self._by_name.setdefault(each.name, []).append(each)

    def take(self, wanted: Unit) -> Unit | None:
        """The sentence as it stands in the document, None where it isn't among those that differ (any more)."""
        for waiting in (self._by_name.get(wanted.name, ()), self.by_key.get(wanted.key, ())):
            for each in waiting:
                if id(each) not in self._taken:
                    self._taken.add(id(each))
                    return each
        return None


def _together(old: Sequence[Unit], new: Sequence[Unit]) -> bool:
    """Whether neighbours that were cut otherwise say the same when read together."""
    one, two = ("\n\n".join(each.raw.strip() for each in side) for side in (old, new))
    return bool(one and two and editorial_proof(one, two))


def _moved(gone: dict[str, list[Unit]], come: dict[str, list[Unit]]) -> set[str]:
    """The sentences that stand elsewhere now and mean the same there."""
    both = gone.keys() & come.keys()
    return {
        each for each in both
        if len(gone[each]) == len(come[each])
        and all(_means_the_same(x, y) for x, y in zip(gone[each], come[each], strict=True))
    }  # fmt: skip


def _means_the_same(old: Unit, new: Unit) -> bool:
    """Whether a sentence says the same at both places: nothing around it can give it another meaning.

    A full sentence that points to nothing around it does, between places for the same people; anything else only under
    the same heading and the same introduction, or behind the same sentence.
    """
    if scope_of(old.path) != scope_of(new.path) or old.heading != new.heading:
        return False
    if old.heading:  # a heading for some people or places limits what stands below it
        return not scope_of(old.path[-1:]) or old.lead.split() == new.lead.split()
    words = plain_words(old.raw)
    alone = len(words) >= _SELF_CONTAINED and ends(plain(old.raw)) and not is_item(old.raw) and not is_item(new.raw)
    if alone and not _POINTS_BACK & set(words[:4]):
        return True
    beside = plain(old.lead) or plain(old.previous), plain(new.lead) or plain(new.previous)
    return old.path[-1:] == new.path[-1:] and beside[0] == beside[1]


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
    return frozenset(word for title in path for word in _SCOPE.findall(title.casefold()))
