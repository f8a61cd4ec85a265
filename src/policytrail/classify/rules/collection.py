"""Kinds of change in what is collected, about whom, from where."""

from __future__ import annotations

from policytrail.model.change import Direction
from policytrail.model.difference import Difference
from policytrail.model.terms.field_names import PracticeType

from .registry import BROADENS, NARROWS, NEUTRAL, About, Judgement, M, grows, negative, protects, rule, whole, wider

# Types whose `data` says what is collected or held; a disclosure's data is judged as a disclosure.
_COLLECTS: tuple[PracticeType, ...] = ("collection", "use", "cookie", "communication")
_OTHERS = ("x_mail_recipient", "x_referred_friend")


@rule(
    "collection.occasion",
    "An occasion on which data is collected is named or dropped.",
    "the policy's own promise on collection; TRUSTe; Colorado 6.04; CCPA 1798.100",
)
def occasion(d: Difference, about: About) -> Direction | None:
    return grows(d) if whole(d, "collection") or d.field == "occasion" else None


@rule(
    "collection.data",
    "Another kind of data is collected, or one no longer is.",
    "Colorado 6.04; CCPA 1798.100(a); Regulation P 1016.8",
    consent=True,
)
def data(d: Difference, about: About) -> Direction | None:
    return grows(d) if d.field == "data" and d.is_of(*_COLLECTS) and wider(d) is None else None


@rule(
    "collection.data_level",
    "A kind of data is replaced by a wider or narrower one.",
    "the taxonomy's own order: a wider key is an addition",
)
def data_level(d: Difference, about: About) -> Direction | None:
    # The wide key speaks of more data than the narrow one; narrower is what a child key says.
    return wider(d) if d.field == "data" else None


@rule(
    "collection.sensitive", "Sensitive data is added.", "FTC 1Health 2023; COPPA; state laws", consent=True, raises=True
)
def sensitive(d: Difference, about: About) -> Direction | None:
    if negative(d) or d.op == "removed" or not d.is_of(*_COLLECTS, "disclosure"):
        return None
    keys = [str(d.after)] if d.op == "changed" else [d.key]
    whole_data = d.now.data if d.now and not d.path else ()
    named = keys if d.field == "data" else () if isinstance(whole_data, str) else whole_data
    return BROADENS if any(about.new.vocabulary.is_sensitive(key) for key in named) else None


@rule("collection.subjects", "Data about other people is added or dropped.", "TRUSTe names third-party data")
def subjects(d: Difference, about: About) -> Direction | None:
    if d.field == "subjects":
        return grows(d)
    if whole(d, "collection") and d.practice and any(subject in _OTHERS for subject in d.practice.subjects):
        return grows(d)
    return None


@rule(
    "collection.source",
    "Data comes from another source than before.",
    "GDPR art. 14 by WP260; CCPA categories of sources",
    consent=True,
)
def source(d: Difference, about: About) -> Direction | None:
    return grows(d) if d.field == "source" else None


@rule(
    "collection.voluntary",
    "Giving the data becomes a duty or automatic, or becomes free.",
    "FTC Deception Statement 1983: an express limit",
)
def voluntary(d: Difference, about: About) -> Direction | None:
    if d.field == "requires" and d.type == "collection":
        return protects(d)
    if d.field == "necessity":
        return BROADENS if d.after == "required" else NARROWS if d.after == "optional" else NEUTRAL
    return None


@rule(
    "collection.linking",
    "Data that stood apart, or in aggregate, is tied to a person, or no longer is.",
    "the type case is a company merging its policies in 2012; TRUSTe",
    consent=True,
)
def linking(d: Difference, about: About) -> Direction | Judgement | None:
    if d.type == "cookie" or not d.touches("aggregated", "personal", "linkage"):
        return None
    if d.field == "aggregated":
        return NARROWS if d.after is True else BROADENS
    if d.field == "linkage":
        return NARROWS if d.after == "not_tied" else BROADENS
    # What was claimed to be no personal data, or no longer is: the claim decides which promises cover it.
    return Judgement(NEUTRAL, M)


@rule(
    "children",
    "Something about children's data changes.",
    "COPPA 16 CFR 312.4-5: new verifiable consent",
    consent=True,
    raises=True,
)
def children(d: Difference, about: About) -> Direction | None:
    names = [d.key, *(d.practice.subjects if d.practice and not d.path else ())]
    concerned = any(part in str(name) for name in names for part in ("child", "minor"))
    audience = d.path[:2] == ("scope", "audiences") and "child" in str([d.before, d.after, *d.path])
    return grows(d) if concerned or audience else None
