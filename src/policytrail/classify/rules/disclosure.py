"""Kinds of change in what goes to others, to whom, and under which limits."""

from __future__ import annotations

from policytrail.model.change import Direction
from policytrail.model.difference import Difference
from policytrail.model.practice import Disclosure, Notice

from .registry import (
    BROADENS,
    NARROWS,
    NEGATIVE,
    NEUTRAL,
    About,
    Judgement,
    M,
    R,
    grows,
    negative,
    protects,
    rule,
    switched,
    whole,
    wider,
)

_LEGAL = frozenset({"legal_process", "legal_claim", "required_by_law", "terms_violation", "fraud", "safety"})
MERGER = frozenset({"merger", "acquisition", "bankruptcy", "sale_of_assets"})


def _triggers(d: Difference) -> frozenset[str]:
    return frozenset(d.practice.trigger if d.practice else ())


def _is_category(d: Difference) -> bool:
    about = d.after if d.after is not None else d.before
    return not isinstance(about, dict) or about.get("kind", "category") == "category"


@rule(
    "disclosure.exception",
    "An exception to a promise not to share is added or dropped.",
    "Gateway 2004; FTC 2012 report: a promise weakened by the back door",
    consent=True,
)
def exception(d: Difference, about: About) -> Direction | None:
    if whole(d, "disclosure") and d.practice and d.practice.exception_to and not negative(d):
        return grows(d)
    if d.field == "exceptions":
        return BROADENS if d.op == "added" else NARROWS
    return NEUTRAL if d.field == "exception_to" else None


@rule(
    "recipient.category",
    "Another category of recipients gets data, or one no longer does.",
    "Colorado 6.04; FTC 1Health 2023; Regulation P 1016.8(b)",
    consent=True,
)
def category(d: Difference, about: About) -> Direction | None:
    if whole(d, "disclosure"):
        return grows(d)
    if d.field == "recipients" and len(d.path) == 2 and wider(d) is None and _is_category(d):
        return grows(d)
    if d.field == "recipients" and len(d.path) == 1:
        return NEUTRAL
    return None


@rule(
    "recipient.named",
    "A recipient is named, or no longer named, inside a category that is described already.",
    "Regulation P 1016.8(b)(2); WP260 prefers names",
    broadens=R,
)
def named(d: Difference, about: About) -> Direction | None:
    if d.field == "recipients" and len(d.path) == 2 and not _is_category(d):
        return grows(d)
    return NEUTRAL if d.subject.startswith("recipient:") and d.field == "label" else None


@rule("recipient.role", "What a recipient may do with the data changes.", "CCPA: service or sale", consent=True)
def role(d: Difference, about: About) -> Direction | None:
    if d.field == "recipients" and len(d.path) > 2 and d.path[2] in ("role", "affiliate", "kind"):
        return NARROWS if d.after == "processor" else BROADENS if d.before == "processor" else NEUTRAL
    return NEUTRAL if d.subject.startswith("recipient:") and d.touches("affiliate", "category") else None


@rule(
    "recipient.qualifier",
    "A word that says who may be a recipient is added, dropped or changed.",
    "it sets who is covered; the direction needs reading",
    broadens=R,
)
def qualifier(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if d.field == "recipients" and len(d.path) > 2 and d.path[2] == "qualifier" else None


@rule("disclosure.data", "More or fewer data go to the same recipient.", "Regulation P 1016.8; TRUSTe", consent=True)
def data(d: Difference, about: About) -> Direction | None:
    return grows(d) if d.field == "data" and d.is_of("disclosure", "commitment") and wider(d) is None else None


@rule(
    "disclosure.rule",
    "A promise not to do something is weakened, dropped, tightened or made.",
    "Gateway 2004; FTC 2012 report: material at the least",
    consent=True,
)
def promise(d: Difference, about: About) -> Direction | None:
    if d.field == "modality" and not d.is_of("security", "cookie"):
        was, now = str(d.before or "does") in NEGATIVE, str(d.after or "does") in NEGATIVE
        return BROADENS if was and not now else NARROWS if now and not was else None
    if d.field == "operations":
        return grows(d)
    if whole(d, "commitment"):
        return protects(d)
    if whole(d, "disclosure", "use", "collection", "communication", "retention") and negative(d):
        return protects(d)
    return protects(d) if d.field == "promises" else None


@rule(
    "disclosure.exclusion",
    "Something that was never included is taken off that list, or put on it.",
    "a deletion that looks like tidying; FTC Deception Statement",
    consent=True,
)
def exclusion(d: Difference, about: About) -> Direction | None:
    return protects(d) if d.field == "excludes" else None


@rule(
    "disclosure.sale",
    "Data is sold, or shared for advertising across sites, or no longer is.",
    "CCPA 1798.120; Colorado 6.04",
    consent=True,
)
def sale(d: Difference, about: About) -> Direction | None:
    if d.touches("is_sale", "is_ads"):
        return switched(d)
    if not d.path and isinstance(d.practice, Disclosure) and True in (d.practice.is_sale, d.practice.is_ads):
        return grows(d)
    return None


@rule(
    "disclosure.condition",
    "A condition or safeguard of sharing is added, dropped or changed.",
    "TRUSTe (choice); FTC Facebook 2012",
    consent=True,
)
def condition(d: Difference, about: About) -> Direction | None:
    if d.touches("requires", "safeguard") and d.type != "collection":
        return protects(d)
    if d.touches("limit", "standard") and d.type == "disclosure":
        return NARROWS if d.before is None else BROADENS if d.after is None else NEUTRAL
    return None


@rule("disclosure.public", "Data becomes public, or no longer is.", "FTC Facebook 2012", consent=True)
def public(d: Difference, about: About) -> Direction | None:
    if d.field == "public":
        return switched(d)
    return grows(d) if not d.path and isinstance(d.practice, Disclosure) and d.practice.public else None


@rule(
    "disclosure.legal",
    "The terms for legal process, fraud or safety become wider or tighter.",
    "each qualifier is a lever of its own",
    broadens=R,
)
def legal(d: Difference, about: About) -> Direction | None:
    if d.type == "disclosure" and d.field == "trigger":
        return grows(d)
    return grows(d) if whole(d, "disclosure") and _triggers(d) & _LEGAL else None


@rule(
    "merger.term",
    "The terms for a merger or acquisition become weaker or stronger.",
    "FTC Toysmart 2000; FTC letter on WhatsApp 2014",
)
def merger(d: Difference, about: About) -> Direction | None:
    event = d.practice.on.event if isinstance(d.practice, Notice) else None
    if event in MERGER:
        return protects(d) if not d.path else NEUTRAL
    return grows(d) if whole(d, "disclosure") and _triggers(d) & MERGER else None


@rule("transfer", "A country, or the mechanism of a transfer, is added, dropped or changed.", "WP260 para 30")
def transfer(d: Difference, about: About) -> Direction | Judgement | None:
    if d.field == "countries":
        return grows(d)
    if d.field == "transfer_mechanism":
        return NARROWS if d.before is None else BROADENS
    return Judgement(NEUTRAL, M) if d.subject.startswith("recipient:") and d.field == "country" else None
