"""What differs between two policies sentence by sentence, whatever their markup: what stayed, what moved, what is left.

The sections of two scraped pages may be cut differently where nothing was said differently. So sentences are compared
once more across the whole text, by their words, signs and the hosts they link to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policytrail.classify.wording_checks.strength_words import editorial_proof
from policytrail.compare.sections import TextClause
from policytrail.text.alignment import steps
from policytrail.text.sentences import split

from .plain_words import plain_words
from .sentence_context import Unit, headed, means_the_same, same_place, units


class Differences:
    """What differs between two policies, sentence by sentence."""

    def __init__(self, old: Sequence[TextClause], new: Sequence[TextClause]) -> None:
        texts = [frozenset(clause.text for clause in side if clause.text.strip()) for side in (old, new)]
        before, after = units(old, texts[1]), units(new, texts[0])
        self._gone = _Left()
        self._come = _Left()
        self._stayed: dict[str, list[Unit]] = {}
        self._leads = [
            {plain_words(unit.lead) for unit in side if unit.lead and not unit.heading} for side in (before, after)
        ]
        self._heads = [{clause.name for clause in side if clause.title} for side in (old, new)]
        for step in steps([unit.name for unit in before], [unit.name for unit in after], anchored=True):
            self._run(before[step.i1 : step.i2], after[step.j1 : step.j2], step.same)
        self._moved = _moved(self._gone.by_key, self._come.by_key)

    def _run(self, old: list[Unit], new: list[Unit], same: bool) -> None:
        """Sentences that stand at the same place on both sides: alike to the letter, or to be looked at one by one."""
        if same:
            for x, y in zip(old, new, strict=True):
                self._keep(x, y, x.name)
            return
        for step in steps([unit.key for unit in old], [unit.key for unit in new], anchored=True):
            mine, theirs = old[step.i1 : step.i2], new[step.j1 : step.j2]
            if step.same:
                for x, y in zip(mine, theirs, strict=True):
                    self._keep(x, y, x.key)
            elif _together(mine, theirs):
                for their in (*mine, *theirs):
                    self._stayed.setdefault(their.key, []).append(their)
            else:
                self._gone.add(mine)
                self._come.add(theirs)

    def _keep(self, old: Unit, new: Unit, name: str) -> None:
        """A sentence stays if what introduces it, and for whom it holds, stays as well."""
        if same_place(old, new):
            self._stayed.setdefault(name, []).extend((old, new))
        else:
            self._gone.add([old])
            self._come.add([new])

    def _stays(self, unit: Unit) -> list[Unit]:
        return [*self._stayed.get(unit.name, ()), *self._stayed.get(unit.key, ())]

    def gone(self, text: str, path: tuple[str, ...], heading: bool = False) -> list[Unit]:
        """The sentences of an old passage that the new policy has neither at their place nor at another."""
        return list(self._left(self._gone, text, path, heading))

    def come(self, text: str, path: tuple[str, ...], heading: bool = False) -> list[Unit]:
        """The sentences of a new passage that the old policy had neither at their place nor at another."""
        return list(self._left(self._come, text, path, heading))

    def placed_otherwise(self) -> Iterator[tuple[Unit, Unit]]:
        """Sentences that stayed, and that another heading or line of the same policy introduces now.

        Asked when all passages have taken theirs. A heading or line that was itself reworded is a passage of its own.
        """
        for key in self._gone.by_key.keys() & self._come.by_key.keys() - self._moved:
            for old, new in zip(self._gone.waiting(key), self._come.waiting(key), strict=False):
                one, two = plain_words(old.lead), plain_words(new.lead)
                other = one and two and one != two and (one in self._leads[1] or two in self._leads[0])
                heads = headed(old), headed(new)
                below = heads[0] != heads[1] and (heads[0] in self._heads[1] or heads[1] in self._heads[0])
                if other or below:
                    yield old, new

    def _left(self, side: _Left, text: str, path: tuple[str, ...], heading: bool) -> Iterator[Unit]:
        one = heading or side.knows(text.strip()) or text.strip() in self._stayed
        for sentence in [text] if one else split(text):
            mine = Unit(sentence, path, "", heading, sentence)
            unit = side.take(mine)
            stays = self._stays(unit or mine)
            if unit is None and stays:
                continue
            unit = unit or mine
            twice = any(means_the_same(unit, stay) for stay in stays)
            if unit.key and unit.key not in self._moved and not twice:
                yield unit


class _Left:
    """The sentences of one side that differ, each to be taken once."""

    def __init__(self) -> None:
        self.by_key: dict[str, list[Unit]] = {}
        self._by_name: dict[str, list[Unit]] = {}
        self._taken: set[int] = set()

    def add(self, found: Sequence[Unit]) -> None:
        for unit in found:
            self.by_key.setdefault(unit.key, []).append(unit)
            self._by_name.setdefault(unit.name, []).append(unit)

    def knows(self, name: str) -> bool:
        """Whether a text is one of them as a whole: a section that is equal on both sides counts as one."""
        return name in self._by_name

    def waiting(self, key: str) -> list[Unit]:
        """Those with a key that no passage has taken."""
        return [unit for unit in self.by_key.get(key, ()) if id(unit) not in self._taken]

    def take(self, wanted: Unit) -> Unit | None:
        """The sentence as it stands in the document, None where it isn't among those that differ (any more)."""
        for waiting in (self._by_name.get(wanted.name, ()), self.by_key.get(wanted.key, ())):
            for unit in waiting:
                if id(unit) not in self._taken:
                    self._taken.add(id(unit))
                    return unit
        return None


def _together(old: Sequence[Unit], new: Sequence[Unit]) -> bool:
    """Whether neighbours that were cut otherwise say the same when read together."""
    one, two = ("\n\n".join(unit.raw.strip() for unit in side) for side in (old, new))
    return bool(one and two and editorial_proof(one, two))


def _moved(gone: dict[str, list[Unit]], come: dict[str, list[Unit]]) -> set[str]:
    """The sentences that stand elsewhere now and mean the same there."""
    both = gone.keys() & come.keys()
    return {
        each
        for each in both
        if len(gone[each]) == len(come[each])
        and all(means_the_same(x, y) for x, y in zip(gone[each], come[each], strict=True))
    }
