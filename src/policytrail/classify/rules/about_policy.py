"""Kinds of change in what the policy says about itself: notice, acceptance, redress, seals."""

from __future__ import annotations

from policytrail.compare.change_summary import INVENTORY
from policytrail.model.change import Direction
from policytrail.model.comparable import channel_keys
from policytrail.model.difference import Difference
from policytrail.model.json_value import texts_of
from policytrail.model.practice import Notice, Practice, Program
from policytrail.model.practice_fields import Channels

from .disclosure import MERGER
from .registry import BROADENS, NARROWS, NEUTRAL, About, Judgement, M, protects, rule, whole

# How long and where a channel must carry the notice; without these, anywhere and for a moment is enough.
_PLACED = frozenset({"for_whole_window", "places"})


def _days(practice: Practice | None) -> int:
    return (practice.period_days or 0) if isinstance(practice, Notice) else 0


def _merger(d: Difference) -> bool:
    return isinstance(d.practice, Notice) and d.practice.on.event in MERGER


@rule(
    "notice.period",
    "Fewer or more days of notice are promised, or they are counted otherwise.",
    "CalOPPA (b)(3); TRUSTe; judged under the old promise",
)
def period(d: Difference, about: About) -> Direction | None:
    if d.type == "notice" and d.field == "period_days":
        return BROADENS if _days(d.now) < _days(d.was) else NARROWS
    if d.type == "notice" and d.field == "count":
        return BROADENS if d.after == "at_least" else NARROWS
    if d.type == "notice" and d.field == "timing":
        return NARROWS if d.after == "before_effective" else BROADENS
    if d.subject == "policy" and d.field == "regimes":
        return protects(d)
    return NEUTRAL if d.subject == "policy" and d.field == "time_zone" else None


@rule(
    "notice.channel", "Fewer or more channels of notice are promised, or 'and' becomes 'or'.", "CalOPPA (b)(3); TRUSTe"
)
def channel(d: Difference, about: About) -> Direction | None:
    if d.type != "notice":
        return None
    if not d.path:
        return None if _merger(d) else protects(d)
    if d.field == "always":
        return protects(d)
    if d.field != "channels":
        return None
    if d.op == "changed":
        was, now = (isinstance(side, dict) and not _PLACED.isdisjoint(side) for side in (d.before, d.after))
        return BROADENS if was and not now else NARROWS if now and not was else NEUTRAL
    if len(d.path) > 3:
        return NEUTRAL if _PLACED.isdisjoint(d.path) else protects(d)
    if d.key != "any_of" or not (isinstance(d.was, Notice) and d.was.channels != Channels()):
        return protects(d)
    # One more way that is enough by itself loosens "any of"; one way fewer is what people may have waited for.
    needed = channel_keys(d.now.channels.all_of) if isinstance(d.now, Notice) else ()
    went = d.path[2:] or tuple(texts_of(d.before))
    return NARROWS if d.op == "removed" and all(each in needed for each in went) else BROADENS


@rule("notice.trigger", "What sets the promise of notice off becomes narrower or wider.", "CalOPPA (b)(3); TRUSTe")
def trigger(d: Difference, about: About) -> Direction | Judgement | None:
    if d.type != "notice":
        return None
    if d.field == "discretion":
        return BROADENS if d.after is True else NARROWS
    if d.field != "on":
        return None
    if "scope" in d.path:
        # Without a scope the promise is about anything.
        was, now = (isinstance(side, Notice) and bool(side.on.scope) for side in (d.was, d.now))
        return protects(d) if was and now else BROADENS if now else NARROWS
    if d.path[-1] == "severity" and "any" in (d.before, d.after):
        return NARROWS if d.after == "any" else BROADENS
    return Judgement(NEUTRAL, M)


@rule(
    "inventory",
    "The practices are declared for a text of which only the words were known: a person must see that they "
    "say what it says.",
    "FTC Deception Statement: what no rule can prove editorial, a person reads",
)
def inventory(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if d.subject == INVENTORY else None


@rule(
    "acceptance.rule",
    "'Using the service means agreeing' is added or dropped.",
    "Douglas 2007, Rodman 2014: it mostly doesn't work, and worsens the position",
)
def acceptance(d: Difference, about: About) -> Direction | None:
    return (BROADENS if d.after is True else NARROWS) if d.field == "acceptance_by_use" else None


@rule(
    "application.retroactive",
    "The text reaches data that is already held.",
    "Gateway 2004; FTC 2012 report; Minnesota",
    consent=True,
)
def retroactive(d: Difference, about: About) -> Direction | None:
    if d.field == "applies_to":
        return BROADENS if d.after == "all_data" else NARROWS
    added = not d.path and d.op == "added" and d.now is not None and d.now.applies_to == "all_data"
    return BROADENS if added else None


@rule("redress", "Where a person can complain, or how disputes are settled, changes.", "TRUSTe (redress)")
def redress(d: Difference, about: About) -> Direction | None:
    if d.field == "redress" and d.type == "program":
        # DeepDiff shows a redress that comes or goes whole as its entries: the last of them decides.
        if d.op == "removed" and not (isinstance(d.now, Program) and d.now.redress):
            return BROADENS
        return NEUTRAL
    return NEUTRAL if d.subject == "policy" and d.field == "complaints" else None


@rule("program.seal", "A seal or framework is lost, gained, or its status changes.", "FTC cases on false seals")
def seal(d: Difference, about: About) -> Direction | None:
    if whole(d, "program"):
        return protects(d)
    if d.type != "program":
        return None
    if d.field == "approval_gate":
        return NARROWS if d.after is True else BROADENS
    return NEUTRAL if d.touches("status", "name") else None
