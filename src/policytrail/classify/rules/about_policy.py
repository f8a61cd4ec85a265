"""Kinds of change in what the policy says about itself: notice, acceptance, redress, seals."""

from __future__ import annotations

from ...model.change import Difference, Direction
from ..registry import BROADENS, NARROWS, NEUTRAL, About, Judgement, M, protects, rule, whole
from .disclosure import MERGER


def _merger(d: Difference) -> bool:
    return (d.new or d.old or {}).get("on", {}).get("event") in MERGER


@rule("notice.period", "Fewer or more days of notice are promised, or they are counted otherwise.",
      "CalOPPA (b)(3); TRUSTe; judged under the old promise")  # fmt: skip
def period(d: Difference, about: About) -> Direction | None:
    if d.type == "notice" and d.field == "period_days":
        return BROADENS if (d.after or 0) < (d.before or 0) else NARROWS
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
    required = d.key == "all_of"
    if d.op == "changed" or len(d.path) > 3:
        return NEUTRAL if d.after is not False else BROADENS
    # One more way that is enough by itself loosens "any of"; one more that is needed tightens "all of".
    return protects(d) if required else BROADENS if d.op == "added" else NARROWS


@rule("notice.trigger", "What sets the promise of notice off becomes narrower or wider.", "CalOPPA (b)(3); TRUSTe")
def trigger(d: Difference, about: About) -> Direction | Judgement | None:
    if d.type != "notice":
        return None
    if d.field == "discretion":
        return BROADENS if d.after is True else NARROWS
    if d.field == "on":
        return protects(d) if "scope" in d.path else Judgement(NEUTRAL, M)
    return None


@rule("acceptance.rule", "'Using the service means agreeing' is added or dropped.",
      "Douglas 2007, Rodman 2014: it mostly doesn't work, and worsens the position")  # fmt: skip
def acceptance(d: Difference, about: About) -> Direction | None:
    return (BROADENS if d.after is True else NARROWS) if d.field == "acceptance_by_use" else None


@rule("application.retroactive", "The text reaches data that is already held.", "Gateway 2004; FTC 2012 report; Minnesota",
      consent=True)  # fmt: skip
def retroactive(d: Difference, about: About) -> Direction | None:
    if d.field == "applies_to":
        return BROADENS if d.after == "all_data" else NARROWS
    added = not d.path and d.op == "added" and (d.new or {}).get("applies_to") == "all_data"
    return BROADENS if added else None


@rule("redress", "Where a person can complain, or how disputes are settled, changes.", "TRUSTe (redress)")
def redress(d: Difference, about: About) -> Direction | None:
    if d.field == "redress" and d.type == "program":
        # DeepDiff shows a redress that comes or goes whole as its entries: the last of them decides.
        if d.op == "removed" and not (d.new or {}).get("redress"):
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
    return NEUTRAL if d.field in ("status", "name") else None
