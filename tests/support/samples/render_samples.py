"""Three versions of a small made-up policy, by hand: one superseded, one in force, one pending."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from policytrail.model.change import Change, Comparison, Consent, Decision, Direction, Piece, Severity
from policytrail.model.policy import Clause, Policy, RegisteredRecipient, Snapshot
from policytrail.model.practice import AnyPractice, Practice
from policytrail.model.terms.vocabulary import Term, Vocabulary
from policytrail.model.validation.record import read
from policytrail.model.version import Due, Duty, Evidence, Status, Version, VersionState
from policytrail.render.site.site_files import SiteView

FIRST, SECOND, THIRD = "2009-10-27", "2011-09-06", "2014-01-01"
AS_OF = date(2013, 12, 10)
_DUTY = Duty(30, "full_days", ("email", "site"), (), ("promise",))

_POLICY: dict[str, Any] = {
    "title": "Larkspur Mail privacy policy",
    "organization": {
        "name": "Larkspur Mail",
        "legal_name": "Larkspur Mail Inc.",
        "address": ["12 Harbour Street", "Port Anders, CA 90001", "United States"],
        "phone": "+1 555 010 0199",
        "email": "privacy@larkspur.example",
    },
    "site_url": "https://larkspur.example/privacy/",
    "time_zone": "America/Los_Angeles",
    "language": "en-US",
    "disclaimer": "This is sample text for tests. It binds nobody.",
    "sections": [
        {"id": "scope", "title": "What this policy covers", "clauses": ["scope/covers"]},
        {"id": "collection", "title": "What we collect", "clauses": ["collection/registration", "collection/cookies"]},
        {"id": "sharing", "title": "Who gets data from us", "clauses": ["sharing/rule", "sharing/partners"]},
        {"id": "choices", "title": "Your choices and rights", "clauses": ["choices/marketing", "choices/access"]},
        {"id": "about", "title": "Changes and contact", "clauses": ["about/changes", "about/contact"]},
    ],
}

_TEXTS = {
    "scope/covers": (
        "What is covered",
        "This policy covers personal information that **Larkspur Mail** gets when you use its service.",
        ["scope.covers"],
    ),
    "collection/registration": (
        "Registration",
        "When you register or order, we ask for your name and email address.\n\nWe need this to:\n\n"
        "- send you what you ordered,\n- answer your questions.",
        ["collection.registration", "use.service"],
    ),
    "collection/cookies": (
        "Cookies",
        "Our site sets cookies. They tell us your IP address and the pages you open. You can turn them off in "
        "your browser; see [your choices](#choices).",
        ["cookie.site"],
    ),
    "sharing/rule": ("We don't sell data", "We don't sell, rent or lend personal information.", ["disclosure.rule"]),
    "sharing/partners": (
        "Partners",
        "Partners who work for us, such as an email service, get only what they need.",
        ["disclosure.partners"],
    ),
    "choices/marketing": (
        "Marketing mail",
        "You can stop marketing mail at [your account](https://larkspur.example/account).",
        ["choice.marketing", "choice.closure"],
    ),
    "choices/access": (
        "See and correct",
        "You can see and correct what we hold about you in your account.",
        ["right.access"],
    ),
    "about/changes": (
        "Changes of this policy",
        "Before a material change we tell you by email, or on our site, for 30 days prior to the "
        "change becoming effective.",
        ["changes.material"],
    ),
    "about/contact": (
        "Contact",
        "Write to [privacy@larkspur.example](mailto:privacy@larkspur.example).",
        ["contact.main", "program.seal"],
    ),
}

_PRACTICES: list[dict[str, Any]] = [
    {"id": "scope.covers", "type": "scope", "title": "Personal information from using the service"},
    {
        "id": "collection.registration",
        "type": "collection",
        "title": "Data you give when you register",
        "data": ["user.name", "user.contact.email"],
        "purposes": ["essential.service"],
        "source": ["person"],
    },
    {
        "id": "use.service",
        "type": "use",
        "title": "Sending orders and answering questions",
        "data": ["user.name", "user.contact.email"],
        "purposes": ["essential.service", "essential.support"],
    },
    {
        "id": "cookie.site",
        "type": "cookie",
        "title": "Cookies of our site",
        "data": ["user.device.ip_address", "user.behavior.browsing"],
        "purposes": ["analytics"],
    },
    {
        "id": "disclosure.rule",
        "type": "disclosure",
        "title": "We don't sell, rent or lend personal information",
        "modality": "does_not",
        "operations": ["sell", "rent"],
    },
    {
        "id": "disclosure.partners",
        "type": "disclosure",
        "title": "Partners who work for us",
        "data": ["user.contact.email"],
        "purposes": ["essential.service"],
        "recipients": [{"id": "email_service", "role": "processor"}],
    },
    {
        "id": "choice.marketing",
        "type": "choice",
        "title": "Stop marketing mail",
        "kind": "opt_out",
        "mechanisms": [{"kind": "account", "where": "under “Messages”", "url": "https://larkspur.example/account"}],
    },
    {
        "id": "choice.closure",
        "type": "choice",
        "title": "Close your account",
        "kind": "closure",
        "mechanisms": [{"kind": "email", "url": "mailto:privacy@larkspur.example"}],
        "consequence": "You can't use the service any more.",
    },
    {"id": "right.access", "type": "right", "title": "See and correct your data", "kind": ["access", "correct"]},
    {
        "id": "changes.material",
        "type": "notice",
        "title": "Notice before material changes",
        "on": {"severity": "material"},
        "period_days": 30,
        "timing": "before_effective",
        "channels": {"any_of": [{"kind": "email"}, {"kind": "site"}]},
    },
    {
        "id": "contact.main",
        "type": "contact",
        "title": "Contact",
        "entity": "Larkspur Mail Inc.",
        "channels": [{"kind": "email", "value": "privacy@larkspur.example"}],
    },
    {
        "id": "program.seal",
        "type": "program",
        "title": "Privacy seal",
        "name": "SealTrust",
        "status": "holder",
        "redress": {
            "kind": "web",
            "where": "SealTrust hears complaints about us",
            "url": "https://sealtrust.example/complain",
        },
    },
]

_VOCABULARY = Vocabulary(
    {
        "data": {
            key: Term(key, label)
            for key, label in {
                "user.name": "name",
                "user.contact.email": "email address",
                "user.contact.phone_number": "phone number",
                "user.device.ip_address": "IP address",
                "user.behavior.browsing": "pages you open",
            }.items()
        },
        "purposes": {
            key: Term(key, label)
            for key, label in {
                "essential.service": "providing the service",
                "essential.support": "answering questions",
                "analytics": "measuring use of the site",
                "marketing.advertising": "advertising",
            }.items()
        },
        "subjects": {},
        "recipients": {
            key: Term(key, label)
            for key, label in {"email_service": "an email service", "ad_networks": "advertising networks"}.items()
        },
    }
)
_RECIPIENTS = {
    "email_service": RegisteredRecipient(id="email_service", label="an email service"),
    "ad_networks": RegisteredRecipient(id="ad_networks", label="advertising networks"),
}


def snapshot(
    texts: dict[str, str] | None = None, practices: dict[str, dict[str, Any]] | None = None, **policy: Any
) -> Snapshot:
    """The sample policy, with some texts, practices' fields or policy fields replaced."""
    clauses = {
        key: Clause(id=key, title=title, text=(texts or {}).get(key, text), states=tuple(states))
        for key, (title, text, states) in _TEXTS.items()
    }
    made = {each["id"]: read(AnyPractice, each | (practices or {}).get(each["id"], {})) for each in _PRACTICES}
    return Snapshot(Policy(**(_POLICY | policy)), made, clauses, _RECIPIENTS, _VOCABULARY)


def practice(fields: dict[str, Any]) -> Practice:
    """One practice from its fields."""
    return read(AnyPractice, fields)


def change(kind: str, subject: str, severity: Severity, summary: str, **more: Any) -> Change:
    """A change with everything that a page needs."""
    given: dict[str, Any] = {
        "id": f"{subject}#{kind}",
        "clause": None,
        "direction": Direction.BROADENS,
        "before": None,
        "after": None,
        "consent": Consent.NONE,
        "reason": "What is collected is core to a privacy policy.",
        "rule": kind.rpartition(".")[0],
        "source": "promise; TRUSTe; Colorado 6.04",
        "title": subject,
        "proposed": severity,
    }
    return Change(kind=kind, subject=subject, severity=severity, summary=summary, **(given | more))


SECOND_CHANGES = Comparison(
    FIRST,
    SECOND,
    (
        change(
            "link.target.changed",
            "clause:about/contact",
            Severity.EDITORIAL,
            "Contact: the address of a link is renewed.",
            clause="about/contact",
            direction=Direction.NEUTRAL,
            before="mailto:info@larkspur.example",
            after="mailto:privacy@larkspur.example",
        ),
    ),
)

_OLD_TEXT = _TEXTS["collection/registration"][1]
NEW_TEXT = _OLD_TEXT.replace("your name and email address", "your name, email address and phone number")
NEW_COOKIES = (
    _TEXTS["collection/cookies"][1] + " Advertising networks may use them to show our advertisements on other sites."
)

THIRD_CHANGES = Comparison(
    SECOND,
    THIRD,
    (
        change(
            "collection.data.added",
            "collection.registration",
            Severity.MATERIAL,
            "Data you give when you register: “phone number” is added (data).",
            clause="collection/registration",
            after="user.contact.phone_number",
            title="Data you give when you register",
        ),
        change(
            "tracker.third_party.changed",
            "cookie.site",
            Severity.MATERIAL,
            "Cookies of our site: set by was “company” and becomes “advertising networks”.",
            clause="collection/cookies",
            before="company",
            after="ad_networks",
            consent=Consent.REQUIRED,
            title="Cookies of our site",
        ),
        change(
            "wording.force.changed",
            "clause:collection/registration",
            Severity.EDITORIAL,
            "Registration: the wording changes; the redline shows it.",
            clause="collection/registration",
            direction=Direction.NEUTRAL,
            title="Registration",
            proposed=Severity.REVIEW,
            decision=Decision(
                "clause:collection/registration#wording.force.changed",
                "0" * 64,
                Severity.EDITORIAL,
                "The words name what the data says.",
                "R. Counsel",
                "2013-11-20",
            ),
            pieces=(
                Piece("keep", "When you register or order, we ask for your name"),
                Piece("delete", " and"),
                Piece("insert", ","),
                Piece("keep", " email address"),
                Piece("insert", " and phone number"),
                Piece("keep", ".\n\nWe need this to:\n\n- send you what you ordered,\n- answer your questions."),
            ),
        ),
    ),
    notice_days=30,
)


def versions() -> tuple[Version, ...]:
    """Oldest first."""
    site = Evidence("site", date(2013, 11, 25), {"url": "https://larkspur.example/privacy/"}, "d" * 64)
    one = Version(
        FIRST,
        date(2009, 10, 27),
        date(2009, 10, 27),
        snapshot(),
        Comparison(None, FIRST),
        replace(_DUTY, days=0),
        (),
        "a" * 64,
        None,
        reconstructed=True,
    )
    two = replace(
        one,
        id=SECOND,
        effective=date(2011, 9, 6),
        announced=date(2011, 9, 1),
        comparison=SECOND_CHANGES,
        manifest="b" * 64,
        previous_manifest=one.manifest,
        reconstructed=False,
    )
    three = replace(
        two,
        id=THIRD,
        effective=date(2014, 1, 1),
        announced=date(2013, 11, 25),
        comparison=THIRD_CHANGES,
        duty=_DUTY,
        snapshot=third_snapshot(),
        evidence=(site,),
        manifest="c" * 64,
        previous_manifest=two.manifest,
    )
    return one, two, three


def third_snapshot() -> Snapshot:
    """What the pending version says."""
    added = {
        "collection.registration": {"data": ["user.name", "user.contact.email", "user.contact.phone_number"]},
        "cookie.site": {
            "set_by": "ad_networks",
            "purposes": ["analytics", "marketing.advertising"],
            "recipients": [{"id": "ad_networks", "role": "own_purposes"}],
        },
    }
    plan = [
        {
            "id": "ask-on-sign-in",
            "covers": ["user.device"],
            "how": "We ask you in a dialog of its own when you next sign in.",
        }
    ]
    texts = {"collection/registration": NEW_TEXT, "collection/cookies": NEW_COOKIES}
    return snapshot(texts, added, consent_plans=plan)


def view() -> SiteView:
    """The middle of the notice: the second version in force, the third pending."""
    one, two, three = versions()
    standing = VersionState(
        three,
        "noticed",
        date(2013, 11, 25),
        date(2013, 12, 26),
        (Due("Keep the notice on the site", date(2014, 1, 1)),),
    )
    return SiteView((one, two, three), Status(AS_OF, two, (standing,), (one,), ()))


def settled() -> SiteView:
    """After the last version took effect: nothing pending."""
    one, two, three = versions()
    return SiteView((one, two, three), Status(date(2014, 2, 1), three, (), (one, two), ()))
