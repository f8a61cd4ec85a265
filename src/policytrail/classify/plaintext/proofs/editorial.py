"""Which proof, if any, shows that a changed passage says nothing about data. What none shows is for a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from policytrail.classify.plaintext.changed_passage import Document
from policytrail.classify.plaintext.passages import Passage
from policytrail.classify.plaintext.plain_words import plain, plain_words
from policytrail.classify.plaintext.sentence_context import Unit, same_place
from policytrail.classify.wording_checks.carriers import carriers
from policytrail.classify.wording_checks.links import hosts
from policytrail.classify.wording_checks.strength_words import Proof, editorial_proof
from policytrail.compare.sections import TextClause
from policytrail.text.unicode import hidden

from .contact import same_way
from .document_metadata import courtesy, dates, figures, obfuscated_mail, rights_line, titles, versions
from .page_chrome import Page
from .pointers import log_entry, pointer
from .rewriting import rewritten
from .wording import References, conjunction, headings, slips

Prove = Callable[[str, str], Proof | None]
_ALONE: tuple[Prove, ...] = (dates, titles, versions, courtesy)
# They look at words: asked where signs, what is struck or quoted, and the hosts of links are equal.
WORD_PROOFS: tuple[Prove, ...] = (dates, rights_line, titles, versions, conjunction, slips, same_way)
FURNITURE = Proof("structure", "only menus or other furniture of the page differ")
ELSEWHERE = Proof("structure", "the same words stand in the policy as before, in the same sense")


@dataclass(frozen=True)
class Left:
    """What no proof shows of a passage: the sentences of both sides that a rule must judge."""

    gone: tuple[Unit, ...]
    come: tuple[Unit, ...]


class Proofs:
    """The proofs for one pair of policies."""

    def __init__(self, old: str, new: str, clauses: tuple[tuple[TextClause, ...], tuple[TextClause, ...]]) -> None:
        self._pages = Page(old), Page(new)
        self._documents = Document(old), Document(new)
        self._references = References(*clauses)
        self._clauses = clauses

    @cached_property
    def _titles(self) -> frozenset[str]:
        """The sections of both policies, without their numbers."""
        return frozenset(" ".join(clause.name.split()) for side in self._clauses for clause in side)

    def of(self, passages: Sequence[Passage]) -> list[Proof | Left]:
        """For each passage its proof, or what is left of it. Neighbours of which one went and one came count as a pair."""
        found = [self._judge(passage) for passage in passages]
        for place, (one, two) in enumerate(pairwise(passages)):
            undecided = isinstance(found[place], Left) or isinstance(found[place + 1], Left)
            pair = (one.gone or two.gone, one.come or two.come)
            if undecided and _one_sided(one, two) and (proof := self._both(*pair, one)):
                found[place] = found[place + 1] = proof
        return found

    def _judge(self, passage: Passage) -> Proof | Left:
        """The proof for a passage, or what is left of it without one."""
        if passage.moved and not (passage.gone or passage.come):
            return ELSEWHERE
        if _turned(passage):
            return Left(passage.gone or (_whole(passage.old),), passage.come or (_whole(passage.new),))
        found: list[Proof] = []
        gone = self._open(passage.gone, 0, found)
        come = self._open(passage.come, 1, found)
        if gone and come:
            proof = self._both(gone, come, passage)
            if proof is None:
                return Left(tuple(gone), tuple(come))
            return proof
        if gone or come:
            return Left(tuple(gone), tuple(come))
        if FURNITURE not in found and _leads_elsewhere(passage):
            return self._both(passage.gone, passage.come, passage) or Left(passage.gone, passage.come)
        return found[0] if found else editorial_proof(passage.old, passage.new) or ELSEWHERE

    def _open(self, side: Sequence[Unit], page: int, found: list[Proof]) -> list[Unit]:
        """The sentences of one side that no proof shows by themselves to say nothing."""
        left = []
        for unit in side:
            proof = self._alone(unit, page)
            if proof:
                found.append(proof)
            else:
                left.append(unit)
        return left

    def _alone(self, unit: Unit, page: int) -> Proof | None:
        sides = ("", unit.raw) if page else (unit.raw, "")
        proof = next((proof for prove in _ALONE if (proof := prove(*sides))), None)
        if proof is None:
            proof = pointer(unit, self._documents[1 - page]) or (log_entry(unit) if page else None)
        if proof is None and unit.heading:
            proof = headings(*sides)
        if proof is None and self._is_furniture(unit, self._pages[page]):
            return FURNITURE
        return proof

    def _is_furniture(self, unit: Unit, page: Page) -> bool:
        """A heading is furniture if it is the document's title, or if what stands below it is furniture as well."""
        if not unit.heading:
            return page.is_furniture(unit.raw)
        empty = not plain(unit.lead)
        return page.is_title(unit.raw) or ((empty or page.is_furniture(unit.lead)) and page.is_furniture(unit.raw))

    def _both(self, gone: Sequence[Unit], come: Sequence[Unit], passage: Passage) -> Proof | None:
        if not _same_ground(gone, come):
            return None
        old, new = _text(gone), _text(come)
        proof = editorial_proof(old, new) or obfuscated_mail(old, new) or figures(old, new)
        proof = proof or rewritten(old, new, self._titles)
        if proof or _beside(old) != _beside(new):
            return proof
        found = next((proof for prove in WORD_PROOFS if (proof := prove(old, new))), None)
        if found is None and passage.heading and passage.same_below:
            found = headings(old, new)
        return found or self._references.proof(old, new)


def _beside(text: str) -> list[tuple[str, str]]:
    """What no proof of words may pass over, wherever it stands: signs, what is struck or quoted, hosts of links."""
    return [carrier[:2] for carrier in carriers(text) if carrier.kind in ("sign", "mark", "quotation", "link")]


def _same_ground(gone: Sequence[Unit], come: Sequence[Unit]) -> bool:
    """Whether both sides stand where words mean the same. Equal sentences that are left here didn't (see `units`)."""
    if [unit.key for unit in gone] == [unit.key for unit in come]:
        return False
    old, new = gone[0], come[0]
    return old.heading or new.heading or same_place(old, new)


def _leads_elsewhere(passage: Passage) -> bool:
    """Whether words that say nothing by themselves link to another host than they did."""
    old, new = _text(passage.gone), _text(passage.come)
    return bool(old and new) and plain_words(old) == plain_words(new) and hosts(old) != hosts(new)


def _one_sided(one: Passage, two: Passage) -> bool:
    """Whether of two neighbours one only went and one only came."""
    return bool(one.gone) != bool(two.gone) and bool(one.come) != bool(two.come) and bool(one.gone) != bool(one.come)


def _text(side: Sequence[Unit]) -> str:
    return "".join(unit.raw if unit.raw[-1:].isspace() else unit.raw + "\n" for unit in side)


def _whole(text: str) -> Unit:
    return Unit(text, (), "")


def _turned(passage: Passage) -> bool:
    """Whether characters came that turn the reading direction or hide text: no proof sees what people see then."""
    return _turning(passage.new) > _turning(passage.old)


def _turning(text: str) -> int:
    return sum(found.kind in ("direction", "tag") for found in hidden(text))
