"""Clauses that came, went or moved in an edited Word file: which sections hold which clauses afterwards. Pure.

A clause that isn't in the document was taken out only if the document was written with it, in the words that it still
has; else the draft got or changed it since, and it stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from policytrail.model.policy import Snapshot
from policytrail.render.documents.docx_package.blocks import CLAUSE, INSIDE, SECTION, Block, blocks, markdown
from policytrail.render.documents.docx_package.layout import short, words_of
from policytrail.text.alignment import steps
from policytrail.text.sentence_pairing import SIMILAR, alike

from .assign import Part, Sorted, Stray

Arrangement = dict[str, list[str]]  # the clauses of each section, in order


@dataclass(frozen=True)
class NewClause:
    """A clause that the document has and the draft hasn't: its id and title, its section, what it says."""

    id: str
    title: str
    section: str
    body: str


@dataclass
class Structure:
    """What becomes of the order: `arrangement` has the draft's sections in theirs, each with its clauses.

    `sections`: new ones by id, each with its title and the section that it follows.
    """

    new: list[NewClause] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    sections: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    headless: list[str] = field(default_factory=list)  # sections whose heading was taken out
    gone: list[str] = field(default_factory=list)  # those of them that have no clause left
    doubtful: list[str] = field(default_factory=list)  # clauses that may be in the document under another heading
    arrangement: Arrangement = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def structure(found: Sorted, draft: Snapshot, write: Callable[[list[Block]], str | None]) -> Structure:
    """In: the sorted document, the draft, what writes blocks as clause text (None where that can't be). Out: what changes.

    A heading that was renamed and lost its bookmark is found again by its text, and then `found` has its clause.
    """
    made = Structure(arrangement={section.id: list(section.clauses) for section in draft.policy.sections})
    _rename(found, draft, made)
    made.headless = [section.id for section in draft.policy.sections if section.id not in found.titles]
    _move(found, draft, made)
    _remove(found, draft, made)
    for stray in found.nowhere:
        _add(stray, draft, made, write)
    return made


def _rename(found: Sorted, draft: Snapshot, made: Structure) -> None:
    """A stray whose text is, to the word, that of one clause which isn't in the document, is that clause.

    Where the text is only much alike, nobody can tell a rewritten clause from a new one: both are left to a person.
    """
    for clause in (each for each in draft.clauses.values() if each.id not in found.parts and each.text.strip()):
        text = list(blocks(clause.text, INSIDE))
        headed = [each for each in found.nowhere if len(each.blocks) > 1 and each.blocks[0].kind == "heading"]
        same = [each for each in headed if each.blocks[1:] == text]
        near = [each for each in headed if alike(markdown(each.blocks[1:]), markdown(text)) >= SIMILAR]
        if len(same) == 1 and (same[0].section or same[0].blocks[0].level == SECTION):
            _found_again(found, draft, clause.id, same[0])
        elif near:
            made.doubtful.append(clause.id)
            found.nowhere = [each for each in found.nowhere if each not in near]
            made.open += [
                f"{clause.id}: it isn't in the document, but what stands there may be it, rewritten; it was left. "
                + _listed(each)
                for each in near
            ]


def _found_again(found: Sorted, draft: Snapshot, clause: str, stray: Stray) -> None:
    head, *rest = stray.blocks
    section = draft.policy.section_of(clause)
    found.nowhere.remove(stray)
    if head.level == CLAUSE:
        found.parts = _behind(found.parts, stray.after, Part(clause, None, head.text, rest))
        found.homes[clause] = stray.section
        return
    found.parts = _behind(found.parts, stray.after, Part(clause, None, draft.clauses[clause].title, rest))
    found.titles.setdefault(section.id, head.text)  # the heading was its section's
    found.homes[clause] = section.id


def _behind(parts: dict[str, Part], after: str | None, part: Part) -> dict[str, Part]:
    names = list(parts)
    names.insert(names.index(after) + 1 if after in parts else 0, part.clause)
    return {name: part if name == part.clause else parts[name] for name in names}


def _move(found: Sorted, draft: Snapshot, made: Structure) -> None:
    """Clauses in another order or section than they were written in, where the draft still has them as they were."""
    ids = {short(each): each for each in draft.clauses}
    sections = {short(each.id): each.id for each in draft.policy.sections}
    there = [(ids[each.key], sections.get(each.section)) for each in found.written if ids.get(each.key) in found.parts]
    here = [(part, found.homes[part]) for part in found.parts if any(part == clause for clause, _ in there)]
    now = [
        (clause, section.id)
        for section in draft.policy.sections
        for clause in section.clauses
        if any(clause == each for each, _ in there)
    ]
    if not there:
        made.open += _listed_moves(list(found.parts), [each for each in draft.clauses if each in found.parts])
    elif here in (there, now):
        return
    elif now != there:
        made.open.append(
            "Both the document and the draft changed the order of clauses since the document was written; "
            f"the draft's was left. The document has: {', '.join(each for each, _ in here)}."
        )
    else:
        if lost := [each for each, home in here if home is None]:
            made.open.append(
                f"{', '.join(lost)}: it stands below a heading that is no section. Move it in policy.yaml."
            )
            return
        _arrange(here, draft, made)


def _listed_moves(here: list[str], there: list[str]) -> Iterator[str]:
    """Moves in a document that doesn't tell what was written into it."""
    for step in steps(there, here):
        for place in range(step.j1, step.j2) if not step.same else ():
            after = f"behind {here[place - 1]}" if place else "first"
            yield f"{here[place]}: it stands {after} in the document. Move its entry in policy.yaml."


def _arrange(here: list[tuple[str, str | None]], draft: Snapshot, made: Structure) -> None:
    """The document's order; a clause that it doesn't have stays behind the one that it stood behind."""
    known = {clause for clause, _ in here}
    clauses = {section.id: section.clauses for section in draft.policy.sections}
    order = list(dict.fromkeys(home for _, home in here if home))
    order = _with_rest(order, list(clauses), set(order))
    if order != list(clauses):
        made.warnings.append(
            f"Sections moved; they stand in this order now: {', '.join(order)}. Check words such as "
            "'above' and 'below' in the text."
        )
    made.arrangement = {
        section: _with_rest([clause for clause, home in here if home == section], clauses[section], known)
        for section in order
    }
    places = {clause: section.id for section in draft.policy.sections for clause in section.clauses}
    made.warnings += [
        f"{clause}: it moved to the section {home!r}; check its id, and what it states."
        for clause, home in here
        if places[clause] != home
    ]


def _with_rest(wanted: list[str], whole: Sequence[str], known: Collection[str]) -> list[str]:
    """What is wanted, in its order, and what isn't known of the whole, each behind the one that it stood behind."""
    made = list(wanted)
    for place, each in enumerate(whole):
        if each not in known:
            before = next((one for one in reversed(whole[:place]) if one in made), None)
            made.insert(made.index(before) + 1 if before else 0, each)
    return made


def _remove(found: Sorted, draft: Snapshot, made: Structure) -> None:
    written = {each.key: each for each in found.written}
    for clause in draft.clauses.values():
        if clause.id in found.parts or clause.id in made.doubtful:
            continue
        told = written.get(short(clause.id))
        if told and told.words == short(words_of(clause.title, blocks(clause.text, INSIDE))):
            take_out(made, clause.id)
        elif told:
            made.open.append(
                f"{clause.id}: the document took this clause out, and the draft changed it since; it was left."
            )
        elif found.written:
            made.warnings.append(f"{clause.id}: the draft got this clause after the document was written; it stays.")
        else:
            made.open.append(
                f"{clause.id}: this clause isn't in the document any more; it was left as it is, because the "
                "document doesn't tell whether it was written with it. To take it out, delete its file, its "
                "entry in policy.yaml and the practices that only it states."
            )


def _add(stray: Stray, draft: Snapshot, made: Structure, write: Callable[[list[Block]], str | None]) -> None:
    """A heading with text becomes a clause; one of the highest level a section with it. Else the words are listed."""
    head, *rest = stray.blocks
    body = write(rest) if rest and head.kind == "heading" and head.level in (SECTION, CLAUSE) else None
    home = _home(head, stray, draft, made) if body else None
    if body is None or home is None:
        made.open.append(_listed(stray))
        return
    section, identity = home
    made.new.append(NewClause(identity, head.text, section, body))
    listed = made.arrangement.setdefault(section, [])
    place = listed.index(stray.after) + 1 if stray.after in listed else 0
    while place < len(listed) and any(each.id == listed[place] for each in made.new):  # new ones stay in their order
        place += 1
    listed.insert(place, identity)
    known = next((each.clauses for each in draft.policy.sections if each.id == section), ())
    if len(known) == 1:  # a clause that is alone in its section is shown without its title
        made.warnings.append(
            f"{known[0]}: its title, {draft.clauses[known[0]].title!r}, will be shown; it was alone so far."
        )
    made.warnings.append(
        f"{identity}: a new clause, {head.text!r}. It states no practice yet: declare what it says, and "
        "name it under 'states'."
    )


def _home(head: Block, stray: Stray, draft: Snapshot, made: Structure) -> tuple[str, str] | None:
    """The section and the id of a new clause; None where no id can be made of its heading, or it stands in no section."""
    slug = _slug(head.text)
    taken = {*draft.clauses, *(each.id for each in made.new)}
    if not slug:
        return None
    if head.level == SECTION:
        free = _free(slug, {*made.arrangement, *taken})
        made.sections[free] = (head.text, _section_of(stray.after, made.arrangement))
        return free, free
    if stray.section is None:
        return None
    return stray.section, _free(f"{stray.section}/{slug}", taken)


def _section_of(clause: str | None, arrangement: Arrangement) -> str | None:
    return next((section for section, listed in arrangement.items() if clause in listed), None)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")


def _free(name: str, taken: set[str]) -> str:
    return next(
        each for each in (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))) if each not in taken
    )


def _listed(stray: Stray) -> str:
    where = f"behind {stray.after}" if stray.after else "before the first clause"
    head = "A new heading" if stray.blocks[0].kind == "heading" else "Text"
    return f"{head} stands {where} and fits no clause that exists. The document says:\n{markdown(stray.blocks)}"


def take_out(made: Structure, clause: str) -> None:
    """The clause goes, from its section too; a section that has no heading left and gets empty goes with it."""
    made.removed.append(clause)
    for section, listed in made.arrangement.items():
        if clause in listed:
            listed.remove(clause)
            if not listed and section in made.headless:
                made.gone.append(section)


def put_back(made: Structure, draft: Snapshot, clause: str) -> None:
    """The clause stays, where it stood in the draft: behind what it stood behind."""
    section = draft.policy.section_of(clause)
    listed = made.arrangement[section.id]
    before = next((each for each in reversed(section.clauses[: section.clauses.index(clause)]) if each in listed), None)
    if clause not in listed:
        listed.insert(listed.index(before) + 1 if before else 0, clause)
    made.gone = [each for each in made.gone if each != section.id]


def unstated(removed: list[str], draft: Snapshot) -> list[str]:
    """The practices that only these clauses state: without them nothing says so any more."""
    return [practice for practice in draft.practices if set(draft.stating(practice)) <= set(removed)]
