"""The regimes that ship with policytrail, as data: a new one is one more entry.

`promise` takes its days and channels from the policy's own notice practice; the others are law, regulators' orders or
common practice. Periods that are our default and not fixed by the source say so; a lawyer of the policy's owner
confirms them. Kinds are the first parts of rule ids (see `policytrail diff`).
"""

from __future__ import annotations

from .regime import DEGRADES, Event, Regime

_DIRECT = ("email", "site")
_DATA = ("collection",)
_PURPOSE = ("purpose",)
_RECIPIENTS = ("recipient", "disclosure")
# What regulators ask to be told in either direction: categories, purposes, recipients, how rights are used.
_LISTED = (
    "collection.occasion",
    "collection.data",
    "collection.data_level",
    "purpose.set",
    "purpose.level",
    "recipient.category",
    "recipient.named",
    "choice.mechanism",
    "right.mechanism",
)
_COLORADO = (*_LISTED, "controller.identity", "disclosure.sale")
_EUROPE = (*_LISTED, "controller.identity", "transfer", "legal_basis")

TABLE: tuple[Regime, ...] = (
    Regime("promise", "the policy's own promise; FTC Act s. 5; Cal. B&P 22576"),
    Regime(
        "promise-at-least-30", "the usual 30-day promise of large services", days=30, count="at_least", any_of=_DIRECT
    ),
    Regime("minor", "Wikimedia: 3 days for corrections and minor changes", days=3, other_days=3, any_of=("site",)),
    Regime(
        "ftc",
        "FTC Gateway 2004, Facebook 2012, 2012 report, 1Health 2023: before use",
        days=0,
        any_of=_DIRECT,
        consent="held_data",
        content="categories of data, recipients, that it exceeds the old promise",
    ),
    Regime(
        "truste",
        "TRUSTe programme requirements: a degradation of rights",
        directions=DEGRADES,
        any_of=_DIRECT,
        consent="held_data",
        gate="the seal's approval of the change and of the notice",
    ),
    Regime(
        "caloppa",
        "Cal. B&P 22575-22576: the process that the policy describes",
        content="the effective date on the page",
    ),
    Regime(
        "ccpa",
        "Cal. Civ. Code 1798.100, 1798.130; regs 7013(h)",
        days=0,
        any_of=("site",),
        kinds=(*_DATA, *_PURPOSE, "disclosure.sale"),
        consent="held_data",
        consent_kinds=("disclosure.sale",),
        review_months=12,
        content="notice at collection; the policy's date; a review every 12 months",
    ),
    Regime(
        "colorado",
        "4 CCR 904-3 Rule 6.04: the way of usual interaction (30 days is our default)",
        days=30,
        any_of=("email", "in_app"),
        consent="held_data",
        raises=_COLORADO,
    ),
    Regime(
        "minnesota",
        "Minn. Stat. 325M: direct, by all reasonable electronic measures",
        days=0,
        all_of=_DIRECT,
        consent="withdrawal",
    ),
    Regime("connecticut", "Conn. SB 1295, like Minnesota", days=0, all_of=_DIRECT, consent="withdrawal"),
    Regime(
        "new-jersey", "New Jersey draft rules, June 2025, like Minnesota", days=0, all_of=_DIRECT, consent="held_data"
    ),
    Regime(
        "gdpr",
        "GDPR 13(3), 14(4); WP260 29-31: well in advance (30 days is our default)",
        days=30,
        all_of=_DIRECT,
        raises=_EUROPE,
        consent="basis",
        all_languages=True,
        content="a dedicated message, the impact, rights usable in the window",
    ),
    Regime(
        "uk",
        "UK GDPR; ICO (30 days is our default)",
        days=30,
        all_of=_DIRECT,
        raises=_EUROPE,
        consent="basis",
        content="a dedicated message, the impact, rights usable in the window",
    ),
    Regime(
        "coppa",
        "16 CFR 312.4-5: direct notice to the parent",
        days=0,
        all_of=("email",),
        consent="always",
        content="to the parent's address; consent must be verifiable",
    ),
    Regime(
        "glba",
        "Regulation P, 12 CFR 1016.8: a reasonable opportunity to opt out; 12 CFR 41.24 (30 days)",
        days=30,
        kinds=("collection.data", "collection.data_level", "disclosure.data", "recipient.category"),
        any_of=("email", "post"),
        consent="withdrawal",
        content="former customers, too",
    ),
    Regime(
        "hipaa",
        "45 CFR 164.520: on the site by the effective date, to everyone within 60 days after",
        days=0,
        count="at_least",
        all_of=("site",),
        after_days=60,
        after=("post", "email"),
        content="paper where an email failed; records kept for 6 years",
    ),
    Regime(
        "pipeda",
        "Canada: OPC consent guidelines",
        days=0,
        all_of=("email",),
        consent="always",
        consent_kinds=(*_PURPOSE, *_RECIPIENTS),
    ),
    Regime(
        "quebec",
        "Quebec s. 8.2: notice of any amendment",
        days=0,
        other_days=0,
        all_of=("email",),
        all_languages=True,
        consent="always",
        consent_kinds=(*_PURPOSE, *_RECIPIENTS),
    ),
    Regime(
        "lgpd",
        "LGPD 8(6), 9 I, II, III, V: the content highlighted, consent revocable",
        days=0,
        all_of=("email",),
        kinds=(*_PURPOSE, "retention", "controller", *_RECIPIENTS),
        consent="withdrawal",
    ),
    Regime(
        "korea",
        "Korea PIPA 30(2): easily recognised (7 or 30 days by custom)",
        days=30,
        other_days=7,
        all_of=("site",),
        consent="always",
        consent_kinds=_PURPOSE,
        content="old versions stay comparable",
    ),
    Regime(
        "merger",
        "the policy's own merger notice; FTC Toysmart 2000 (30 days is our default)",
        days=30,
        any_of=_DIRECT,
        consent="held_data",
        event=Event(),
        content="the buyer, the date, which policy applies, the choices",
    ),
    Regime(
        "legal-required",
        "a statute or order that forbids waiting; 45 CFR 164.520(b)(3)",
        days=0,
        count="at_least",
        event=Event(waits=False, signed=True, alone=True),
        content="the citation and who approved",
    ),
    Regime(
        "safety",
        "nobody is worse off: a danger ends, or only narrowing",
        days=0,
        count="at_least",
        event=Event(waits=False, signed=True, narrowing=True),
    ),
)
