"""Uses: which data, what for; models and machines that decide."""

from __future__ import annotations

from collections.abc import Mapping

from policytrail.words.common import conditions, more
from policytrail.words.grammar import listed, small
from policytrail.words.saying import QUIET, Saying
from policytrail.words.speaker import Facts, Speaker

_DETERMINED = ("your ", "the ", "our ", "what ", "how ", "whether ", "who ", "a ", "an ")
_CONTACT = {"user.contact.email": "email", "user.contact.phone_number": "phone", "user.contact.address": "post"}
_REACHING = (
    "sales",
    "marketing.communications",
    "essential.service.notifications",
    "essential.service.operations.support",
)


def use(facts: Facts, say: Speaker) -> Saying:
    """`we use your past orders to choose ads for you`."""
    if facts.get("automated_decision") is True:
        return machine(facts, say)
    adjuncts = {"purposes": _purposes(facts, say), **conditions(facts, say)}
    adjuncts["limit"] = say.forms(facts, "limit")
    tails = more(facts, say)
    ways = _ways_of_contact(facts)
    if ways:
        return Saying(
            f"{say.does(facts, 'contact')} {_whom(facts, say)} {ways}{' only' if facts.get('exclusive') else ''}",
            {name: text for name, text in adjuncts.items() if text},
            {name: text for name, text in tails.items() if text},
            say.past(facts, f"contacted {_whom(facts, say)}", f"contact {_whom(facts, say)}"),
            again=f"{say.who(facts)} do this",
            context=frozenset({"purposes", "trigger"}),
            quiet=QUIET | ({"subjects"} if facts.get("trigger") else set()),
        )
    return Saying(
        f"{say.does(facts, 'use')} {say.data(facts)}{' only' if facts.get('exclusive') else ''}",
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        say.past(facts, f"used {say.it(facts)}", f"use {say.it(facts)}"),
        again=f"{say.who(facts)} do this",
        context=frozenset({"purposes"}),
    )


def _whom(facts: Facts, say: Speaker) -> str:
    """`you`, where what sets it off says who that is."""
    return "you" if facts.get("trigger") else say.people(facts) or "you"


def _ways_of_contact(facts: Facts) -> str:
    """`by email or phone`, where contact details are used to reach people: the act is told, not the processing."""
    data, purposes = facts.get("data") or {}, facts.get("purposes") or {}
    if not isinstance(data, Mapping) or not isinstance(purposes, Mapping) or not data or not purposes:
        return ""
    if set(data) - set(_CONTACT) or not all(key.startswith(_REACHING) for key in purposes):
        return ""
    return f"by {listed([_CONTACT[key] for key in data], 'or')}"


def _purposes(facts: Facts, say: Speaker) -> str:
    return say.purposes(facts)


def machine(facts: Facts, say: Speaker) -> Saying:
    """`a computer program decides on your credit limit from your financial information`."""
    mode = {
        "may": "may decide",
        "does_not": "does not decide",
        "will_not": "will not decide",
        "prohibited": "must not decide",
    }
    verb = mode.get(str(facts.get("modality")), "decides")
    adjuncts = {"purposes": say.purposes(facts), **conditions(facts, say), "limit": say.forms(facts, "limit")}
    adjuncts = {
        name: text for name, text in adjuncts.items() if text and not (name == "purposes" and _is_general(facts))
    }
    alone = "" if say.is_negative(facts) else "No person takes part in the decision."
    tails = {"automated_decision": alone}
    later = {name: text for name, text in more(facts, say).items() if name != "automated_decision"}
    return Saying(
        f"a computer program {verb} {_matter(facts, say)} from {say.data(facts)}{' only' if facts.get('exclusive') else ''}",
        adjuncts,
        {name: text for name, text in (tails | later).items() if text},
        again="this happens",
        quiet=QUIET | ({"purposes"} if _is_general(facts) else set()),
    )


def _matter(facts: Facts, say: Speaker) -> str:
    title = say.title(facts)
    if not title:
        return "about you"
    return f"on {title}" if small(title).startswith(_DETERMINED) else f"on your {title}"


def _is_general(facts: Facts) -> bool:
    return set(facts.get("purposes") or ()) <= {"essential.service", "essential"}


def decided_by_machine(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    """A machine that comes to decide, or no longer does."""
    if after.get("automated_decision") is True:
        return f"New: {fitting_told(machine(after, new))}"
    if before.get("automated_decision") is True:
        return f"our policy no longer says that {machine(before, old).clause()}."
    return None


def fitting_told(saying: Saying) -> str:
    """The saying with only what a machine's decision needs."""
    return saying.only("automated_decision").told()


CHANGES = {("automated_decision", op): decided_by_machine for op in ("added", "removed", "changed")}
