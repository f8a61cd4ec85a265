"""One difference of a practice in words: what came, what went, what one field now says and said until now. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from policytrail.model.difference import Difference

from .grammar import capital, fitting, listed, sentence, sentences, small
from .registry import ADDED, CHANGES, REMOVED, knows, saying
from .saying import Saying
from .speaker import Facts, Speaker

# Inside these a part is no news by itself: the value is told as a whole.
_COMPOUND = frozenset({"period", "deadline", "lifetime", "scope", "on", "redress", "lists", "requires"})
# What limits the rest of what is said; and what has a meaning also where it isn't given.
_CONDITIONS = frozenset(
    {"requires", "trigger", "scope", "hedge", "limit", "standard", "verification", "frequency", "limits"}
)
_ALWAYS_SAID = frozenset({"modality", "exclusive", "actor", "set_by", "technology"})
_NEW = re.compile(r"^New: (\w)")


def practice_words(d: Difference, old: Speaker, new: Speaker) -> str:
    """In: a difference of one practice, and who speaks for each side. Out: whole sentences; empty for no practice."""
    kind = d.type
    if not knows(kind):
        return ""
    if not d.path:
        return finished(_came(d.new or {}, new) if d.op == "added" else _went(d.old or {}, old))
    return finished(_field(d, d.old or {}, d.new or {}, old, new))


def finished(text: str) -> str:
    """Capitals where sentences begin, and no more than one item may have."""
    text = _NEW.sub(lambda found: f"New: {found[1].upper()}", text.strip())
    return fitting([capital(part) for part in sentences(text)])


def _came(facts: Facts, say: Speaker) -> str:
    kind = str(facts["type"])
    return ADDED[kind](facts, say) if kind in ADDED else saying(facts, say).told("New: ")


def _went(facts: Facts, say: Speaker) -> str:
    kind = str(facts["type"])
    if kind in REMOVED:
        return REMOVED[kind](facts, say)
    said = saying(facts, say)
    return no_longer(said.sentences()[0].rstrip("."))


def no_longer(clause: str) -> str:
    """`our policy no longer says that …`."""
    return f"our policy no longer says that {_that(clause)}."


def _that(clause: str) -> str:
    """A clause behind "that": the policy itself is `it` there."""
    clause = clause.strip().rstrip(".")
    clause = _lower(clause)
    for start in ("our policy ", "the policy "):
        clause = f"it {clause.removeprefix(start)}" if clause.startswith(start) else clause
    return clause.replace("it says that ", "", 1)


def _lower(clause: str) -> str:
    return clause if clause.startswith("I ") else small(clause)


def _field(d: Difference, before: Facts, after: Facts, old: Speaker, new: Speaker) -> str:
    """What is told of one field: by its type's own sentence, else by where it stands in what the practice says."""
    name, op = d.field, _op(d)
    if name == "title":
        return f"this part of our policy is now called “{after.get('title')}”. Until now, it was called “{before.get('title')}”."
    entry = d.key if _is_list(d, before, after) else ""
    one_before, one_after = _one(before, name, entry), _one(after, name, entry)
    special = CHANGES.get(d.type, {}).get((name, op))
    one = one_before if op == "removed" else one_after
    said = special(before, after, one, old, new) if special else None
    if said:
        return said
    if _replaced(d, before, after):
        one_before, one_after = _one(before, name, str(d.before)), _one(after, name, str(d.after))
    return _by_place(d, name, op, (one_before, one_after), old, new)


def _replaced(d: Difference, before: Facts, after: Facts) -> bool:
    """Whether one entry of a list took the place of another."""
    sides = ((before.get(d.field), d.before), (after.get(d.field), d.after))
    return all(isinstance(value, Mapping) and isinstance(key, str) and key in value for value, key in sides)


def _op(d: Difference) -> str:
    """What happened to the entry: a part inside of it that came or went is a change of it."""
    if len(d.path) > 2 or (len(d.path) == 2 and d.field in _COMPOUND):
        return "changed"
    return d.op


def _is_list(d: Difference, before: Facts, after: Facts) -> bool:
    values = [value for value in (before.get(d.field), after.get(d.field)) if isinstance(value, Mapping)]
    return len(d.path) > 1 and bool(values) and d.field not in _COMPOUND


def _one(facts: Facts, name: str, entry: str) -> dict[str, Any]:
    """The facts with only one entry in a list, or without the list where it lacks the entry."""
    if not entry:
        return dict(facts)
    value = facts.get(name)
    kept = {key: inner for key, inner in value.items() if key == entry} if isinstance(value, Mapping) else {}
    return {**facts, name: kept} if kept else {key: inner for key, inner in facts.items() if key != name}


def _by_place(d: Difference, name: str, op: str, sides: tuple[Facts, Facts], old: Speaker, new: Speaker) -> str:
    then, now = saying(sides[0], old), saying(sides[1], new)
    bare_then, bare_now = (saying(_less(side, name), speaker) for side, speaker in ((sides[0], old), (sides[1], new)))
    if name == "examples":
        return _example(op, sides, new)
    if now.adjuncts.get(name) != then.adjuncts.get(name):
        return _condition(name, then, now) if name in _CONDITIONS else _adjunct(name, then, now)
    if now.core != then.core:
        return _core(name, op, then, now)
    tails = tuple(_tail(name, full, less) for full, less in ((then, bare_then), (now, bare_now)))
    if tails[0] != tails[1]:
        return _tails(tails[0], tails[1], now.only())
    return _unnamed(d, now)


def _less(facts: Facts, name: str) -> Facts:
    return {key: value for key, value in facts.items() if key != name}


def _tail(name: str, full: Saying, less: Saying) -> str:
    """The sentences that are there because of the field."""
    if name in full.tails:
        return full.tails[name]
    return " ".join(text for key, text in full.tails.items() if less.tails.get(key) != text)


def _condition(name: str, then: Saying, now: Saying) -> str:
    """What limits the rest: that the rest is new, or no longer so, must not be understood."""
    new, old = now.adjuncts.get(name), then.adjuncts.get(name)
    if not new:
        return f"{_main(now.without(name).only())} Our policy no longer says “{old}”."
    if not old:
        return f"{_main(now.only(name))} Until now, our policy did not say “{new}”."
    return _adjunct(name, then, now)


def _example(op: str, sides: tuple[Facts, Facts], say: Speaker) -> str:
    """`As an example, our policy now names …`."""
    facts = sides[0] if op == "removed" else sides[1]
    named = listed([str(text) for text in facts.get("examples") or ()])
    core = _main(saying(facts, say).only())
    return f"{core} As an example, our policy {'no longer' if op == 'removed' else 'now'} names {named}."


def _adjunct(name: str, then: Saying, now: Saying) -> str:
    new, old = now.adjuncts.get(name), then.adjuncts.get(name)
    if old == new or not old:
        return f"New: {_main(now.only(name))}{_after(name, now)}"
    if not new:
        return no_longer(_main(then.only(name)))
    was = then.was or ("this was" if then.core == now.core else "")
    past = f"{was} {old}" if was else f"our policy said that {_that(_main(then.only(name)))}"
    return f"{_main(now.only(name))}{_after(name, now)} Until now, {past}."


def _main(saying: Saying) -> str:
    return saying.sentences()[0] if saying.clause() else ""


def _after(name: str, saying: Saying) -> str:
    return f" {saying.tails[name]}" if name in saying.tails else ""


def _core(name: str, op: str, then: Saying, now: Saying) -> str:
    if op == "added" and name not in _ALWAYS_SAID:
        return f"New: {_main(now.only(name))}{_after(name, now)}"
    if op == "removed" and name not in _ALWAYS_SAID:
        return no_longer(_main(then.only(name)))
    return f"{_main(now.only(name))} Until now, our policy said that {_that(_main(then.only(name)))}."


def _tails(then: str, now: str, context: Saying) -> str:
    core = sentence(context.clause())
    if not then:
        first, *rest = sentences(now)
        return " ".join([f"{core} Our policy now also says that {_that(first)}.", *rest])
    if not now:
        return f"{core} Our policy no longer says that {_that(sentences(then)[0])}."
    return f"{core} {now} Until now, our policy said that {_that(sentences(then)[0])}."


def _unnamed(d: Difference, now: Saying) -> str:
    """The last resort: that something of the practice changes. A test names every field that comes here."""
    return f"what our policy says here changes in a detail: {now.clause()}."
