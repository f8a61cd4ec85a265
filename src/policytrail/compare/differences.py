"""Two snapshots become raw differences: DeepDiff over id-keyed facts, text by clause, moves recognised by id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from policytrail.model.change import Op, canonical
from policytrail.model.comparable import facts
from policytrail.model.difference import Difference
from policytrail.model.policy import Snapshot
from policytrail.model.terms.vocabulary import is_parent
from policytrail.text.alignment import steps

from .sealed import sealed_differences
from .translations import translation_differences

Found = tuple[tuple[str, ...], Op, Any, Any]  # where, what happened, before, after
_OPS: dict[str, Op] = {
    "dictionary_item_added": "added",
    "dictionary_item_removed": "removed",
    "values_changed": "changed",
    "type_changes": "changed",
}
# Values of several parts that mean one thing: 90 days becomes 2 years, not "day" becomes "year".
_COMPOUND = frozenset({"period", "deadline", "lifetime"})
# What the policy file says of other things than data, or says again elsewhere.
_POLICY_NOT_COMPARED = {"sections", "consent_plans", "source_refs", "translations", "proposed", "lints"}


def compare(old: Snapshot, new: Snapshot) -> tuple[Difference, ...]:
    """Every difference between two snapshots, in reading order of the new one. Pure; empty means equal."""
    found = [
        *_keyed("", _practices(old), _practices(new), lambda name: new.clause_of(name) or old.clause_of(name)),
        *_keyed("", {"policy": _policy(old)}, {"policy": _policy(new)}, lambda _: None),
        *_keyed("recipient:", _registry(old, new), _registry(new, old), lambda _: None),
        *_keyed("section:", _sections(old), _sections(new), lambda _: None),
        *_keyed("clause:", _clauses(old), _clauses(new), lambda name: name),
        *_reordered(old, new),
        *translation_differences(old, new),
        *sealed_differences(old, new),
    ]
    place = {clause: number for number, clause in enumerate([*new.clauses, *old.clauses])}
    typed = [replace(d, was=old.practices.get(d.subject), now=new.practices.get(d.subject)) for d in _levels(found)]
    return tuple(sorted(typed, key=lambda d: place.get(d.clause or "", len(place))))


def _practices(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    return {identity: facts(practice) for identity, practice in snapshot.practices.items()}


def _policy(snapshot: Snapshot) -> dict[str, Any]:
    dumped = snapshot.policy.model_dump(mode="json", exclude=_POLICY_NOT_COMPARED)
    dumped["applies_to"] = dumped["applies_to"] or "collected_from_effective"
    dumped["regimes"] = dict.fromkeys(dumped["regimes"], True)
    dumped["organization"]["address"] = ", ".join(dumped["organization"]["address"])
    dumped["organization"]["group"] = dict.fromkeys(dumped["organization"]["group"], True)
    return dumped


def _registry(one: Snapshot, other: Snapshot) -> dict[str, dict[str, Any]]:
    """Recipients that both sides know: one that comes or goes shows in the practice that names it."""
    shared = one.recipients.keys() & other.recipients.keys()
    return {key: one.recipients[key].model_dump(mode="json", exclude={"id"}) for key in sorted(shared)}


def _sections(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    sections = snapshot.policy.sections
    return {
        section.id: {"title": section.title, "scope": {key: list(words) for key, words in section.scope.items()}}
        for section in sections
    }


def _clauses(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    placed = {
        clause: (section.id, number)
        for section in snapshot.policy.sections
        for number, clause in enumerate(section.clauses)
    }
    return {
        each.id: {
            "title": each.title,
            "text": each.text,
            "section": placed[each.id][0],
            "states": dict.fromkeys(each.states, True),
        }
        for each in snapshot.clauses.values()
    }


def _reordered(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """Sections in another order, and clauses in another order within their section, told by what they stood behind."""
    before, after = ({each.id: each.clauses for each in side.policy.sections} for side in (old, new))
    for name, was, now in _moved(tuple(before), tuple(after)):
        yield Difference(f"section:{name}", ("order",), "changed", was, now, _sections(old)[name], _sections(new)[name])
    for section in after:
        for name, was, now in _moved(before.get(section, ()), after[section]):
            yield Difference(
                f"clause:{name}", ("order",), "changed", was, now, _clauses(old)[name], _clauses(new)[name], name
            )


def _moved(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str | None, str | None]]:
    """As few names as explain another order of those that both have, each with the one that it followed and follows."""
    one, two = [each for each in old if each in new], [each for each in new if each in old]
    for step in steps(one, two) if one != two else ():
        for name in () if step.same else two[step.j1 : step.j2]:
            was, now = (side[side.index(name) - 1] if side[0] != name else None for side in (one, two))
            yield name, was, now


def _keyed(
    prefix: str, old: Mapping[str, Any], new: Mapping[str, Any], clause: Callable[[str], str | None]
) -> Iterator[Difference]:
    for name in [*new, *(each for each in old if each not in new)]:
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if before is None or after is None:
            op: Op = "added" if before is None else "removed"
            yield Difference(prefix + name, (), op, before, after, before, after, clause(name))
            continue
        for path, kind, one, two in _fields(before, after):
            yield Difference(prefix + name, path, kind, one, two, before, after, clause(name))


def _fields(before: dict[str, Any], after: dict[str, Any]) -> list[Found]:
    """What differs inside one subject. A list that one side lacks counts as empty, so that its entries show one by one."""
    one, two = _even(before, after), _even(after, before)
    if canonical(one) == canonical(two):
        return []
    found = _plainly(one, two)
    found = _deeply(one, two) if found is None else found
    if not found:
        raise AssertionError("the structures differ, yet no difference was found")  # a fault of ours, never "no change"
    return sorted(_compounded(found, before, after), key=lambda each: each[0])


def _compounded(found: list[Found], before: dict[str, Any], after: dict[str, Any]) -> Iterator[Found]:
    """The same, where a value of several parts that differs in any of them is one difference of the whole value."""
    whole = dict.fromkeys(path[0] for path, *_ in found if path[0] in _COMPOUND)
    yield from (each for each in found if each[0][0] not in whole)
    for name in whole:
        one, two = before.get(name) or None, after.get(name) or None
        op: Op = "added" if one is None else "removed" if two is None else "changed"
        yield (name,), op, one, two


def _plainly(one: dict[str, Any], two: dict[str, Any], path: tuple[str, ...] = ()) -> list[Found] | None:
    """The differences of keyed maps, as DeepDiff tells them; None where lists differ, or a map came for something else.

    Nearly all that a practice says is keyed, and DeepDiff takes as long to import as the rest of `check`.
    """
    found: list[Found] = []
    for name in {**one, **two}:
        here, old, new = (*path, str(name)), one.get(name), two.get(name)
        if name not in one or name not in two:
            found.append((here, "added" if name not in one else "removed", old, new))
        elif isinstance(old, dict) and isinstance(new, dict):
            inner = _plainly(old, new, here)
            if inner is None:
                return None
            found += inner
        elif canonical(old) == canonical(new):
            continue
        elif isinstance(old, dict | list) or isinstance(new, dict | list):
            return None
        else:
            found.append((here, "changed", old, new))
    return found


def _deeply(one: dict[str, Any], two: dict[str, Any]) -> list[Found]:
    from deepdiff import DeepDiff  # saves 90 ms

    # A threshold of 0: else a list whose entries were all replaced comes back as one value, and no entry is judged.
    tree = DeepDiff(one, two, view="tree", ignore_private_variables=False, threshold_to_diff_deeper=0)
    found = []
    for group, levels in tree.items():
        for level in levels:
            path = tuple(str(part) for part in level.path(output_format="list"))
            found.append((path, _OPS[group], _value(level.t1), _value(level.t2)))
    return found


def _even(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    missing: dict[str, Any] = {name: {} for name, value in other.items() if isinstance(value, dict) and name not in one}
    return one | missing


def _value(value: Any) -> Any:
    return None if type(value).__name__ == "NotPresent" else value


def _levels(found: list[Difference]) -> list[Difference]:
    """A key replaced by its parent or child is one difference, not an addition and a removal."""
    kept = list(found)
    for gone in [difference for difference in found if difference.op == "removed" and len(difference.path) == 2]:
        for come in [
            difference for difference in kept if difference.op == "added" and difference.subject == gone.subject
        ]:
            related = is_parent(gone.key, come.key) or is_parent(come.key, gone.key)
            if come.path[:-1] == gone.path[:-1] and related and gone in kept:
                kept[kept.index(come)] = replace(come, op="changed", before=gone.key, after=come.key)
                kept.remove(gone)
                break
    return kept
