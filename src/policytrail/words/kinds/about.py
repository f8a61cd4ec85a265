"""What the policy says of itself: what it covers, what its words mean, whom to ask, seals, links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from policytrail.words import forms
from policytrail.words.common import more
from policytrail.words.grammar import capital, listed, small, spaced
from policytrail.words.saying import QUIET, Saying
from policytrail.words.speaker import Facts, Speaker

from .choices import mechanism_words

_KINDS = {
    "post": "postal address",
    "mail": "postal address",
    "phone": "telephone number",
    "telephone": "telephone number",
    "email": "email address",
    "fax": "fax number",
    "form": "form",
    "web_form": "form",
}


def _more(facts: Facts, say: Speaker) -> dict[str, str]:
    """What any practice can add, without a word on its data: the types here have none of their own."""
    return {name: text for name, text in more(facts, say).items() if name != "data"}


def _thing(key: str, say: Speaker) -> str:
    if say.vocabulary.knows("data", key) or key.startswith("user."):
        return forms.data_phrase(say.vocabulary, key)
    return forms.form("things", key)


def scope(facts: Facts, say: Speaker) -> Saying:
    """`our policy does not cover the cookies of our advertising partners`."""
    out, covered = list(facts.get("not_covered") or ()), list(facts.get("covers") or ())
    whom, data = say.recipients(facts), say.phrases(facts) if facts.get("data") != "unstated" else []
    merged = len(out) == 1 and len(data) == 1 and bool(whom) and data[0].split(" ")[-1] in spaced(out[0])
    if merged:
        things = f"the {data[0].removeprefix('the ')} of {whom}"
    else:
        things = listed([_thing(key, say) for key in out], "or")
    covers = listed([_thing(key, say) for key in covered])
    core = (
        f"our policy does not cover {things}"
        if out
        else f"our policy covers {covers or 'more: “' + str(facts.get('title', '')) + '”'}"
    )
    tails = {"covers": f"It covers {covers}." if out and covers else "", **_more(facts, say)}
    told = bool(whom) and bool(things) and (whom in things or things in whom)
    quiet = QUIET | {"purposes", "data"} | ({"recipients"} if told else set())
    return Saying(core, {}, {name: text for name, text in tails.items() if text}, again="this holds", quiet=quiet)


def entry_came(what: str, before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    """One entry of what is covered or not covered."""
    words = {"covers": "covers", "not_covered": "does not cover"}[what]
    came = set(one.get(what) or ()) & set(after.get(what) or ())
    things = listed([_thing(key, new if came else old) for key in one.get(what) or ()], "or")
    return f"New: our policy {words} {things}." if came else f"our policy no longer says that it {words} {things}."


def _covers(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    return entry_came("covers", before, after, one, old, new)


def _not_covered(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    return entry_came("not_covered", before, after, one, old, new)


def definition(facts: Facts, say: Speaker) -> Saying:
    """`in our policy, “cookie” means a file …`."""
    return Saying(
        f"in our policy, “{facts.get('term', '')}” means {str(facts.get('meaning', '')).rstrip('.')}",
        {},
        _more(facts, say),
        again="this holds",
    )


def meaning_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """The new meaning and the old."""
    return f"{definition(after, new).core}. Until now, it meant {str(before.get('meaning', '')).rstrip('.')}."


def term_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """The word that is defined is another one."""
    return f"{definition(after, new).core}. Until now, the word for this was “{before.get('term', '')}”."


def contact(facts: Facts, say: Speaker) -> Saying:
    """`for questions, you can reach Example Inc. by email (privacy@example.org)`."""
    unit = f" ({facts['unit']})" if facts.get("unit") else ""
    ways = []
    for key, rest in (facts.get("channels") or {}).items():
        value = rest.get("value") if isinstance(rest, Mapping) else None
        kind = str(key).partition("#")[0]
        way = forms.form("ways", kind) if forms.has_form("ways", kind) else f"by {spaced(kind)}"
        ways.append(way + (f" ({value})" if value else ""))
    serves = say.titles_of(facts.get("serves") or ())
    tails = {"serves": f"This is the place for {serves}." if serves else "", **_more(facts, say)}
    return Saying(
        f"for questions, you can reach {facts.get('entity', 'us')}{unit}",
        {
            name: text
            for name, text in {
                "channels": listed(ways, "or"),
            }.items()
            if text
        },
        tails,
        again="you can do this",
    )


def channel_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`Our postal address for questions is now …`; the old one is of no use to readers."""
    said = []
    channels: Mapping[str, Any] = one.get("channels") or {}
    for key, rest in channels.items():
        kind = _KINDS.get(str(key).partition("#")[0], spaced(str(key).partition("#")[0]))
        value = rest.get("value") if isinstance(rest, Mapping) else None
        if key in (after.get("channels") or {}):
            said.append(f"our {kind} for questions is now {value}." if value else f"you can now reach us by {kind}.")
        else:
            said.append(f"our policy no longer names a {kind} for questions.")
    return " ".join(capital(text) for text in said)


def _stop(name: object) -> str:
    """A name with one full stop behind it, also where it ends in one."""
    return f"{str(name).rstrip('.')}."


def entity_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """Whom to ask."""
    return f"for questions, our policy now names {_stop(after.get('entity'))} Until now, it named {_stop(before.get('entity'))}"


def unit_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """Which office to ask."""
    now, then = after.get("unit"), before.get("unit")
    if not now:
        return f"for questions, our policy no longer names {then}."
    until = f" Until now, it named {then}." if then else ""
    return f"for questions, our policy now names {now}.{until}"


def program(facts: Facts, say: Speaker) -> Saying:
    """`our company takes part in TRUSTe`."""
    name, key = str(facts.get("name", "")), str(facts.get("status", ""))
    core = (
        f"our company {forms.form('status', key)} {name}"
        if forms.has_form("status", key)
        else f"our company and {name}: {spaced(key)}"
    )
    covers, out = (listed([_thing(word, say) for word in facts.get(part) or ()]) for part in ("covers", "not_covered"))
    redress = facts.get("redress")
    tails = {
        "redress": f"You can complain {_redress(redress)}." if redress else "",
        "covers": f"This covers {covers}." if covers else "",
        "not_covered": f"This does not cover {out}." if out else "",
        "approval_gate": f"{name} must approve changes of our policy." if facts.get("approval_gate") else "",
        **_more(facts, say),
    }
    return Saying(core, {}, {part: text for part, text in tails.items() if text}, again="this holds")


def _redress(redress: Mapping[str, Any]) -> str:
    kind = str(redress.get("kind", "web_link"))
    return mechanism_words({"mechanisms": {kind: {name: text for name, text in redress.items() if name != "kind"}}})


def redress_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """Where complaints go now."""
    name, now, then = after.get("name"), after.get("redress"), before.get("redress")
    if not now:
        return f"our policy no longer says where you can complain to {name}."
    until = f" Until now, it was {_redress(then)}." if then else " Until now, our policy named no place."
    return f"you can now complain to {name} {_redress(now)}.{until}"


def link(facts: Facts, say: Speaker) -> Saying:
    """`our policy links to “The program's requirements” (www.example.org)`."""
    target = str(facts.get("target", "unstated"))
    host = urlsplit(target).hostname or ("" if target == "unstated" else target)
    title = re.sub(r"^links? to ", "", str(facts.get("title", "")), flags=re.IGNORECASE)
    where = (
        f"{small(title)}"
        if small(title).startswith(("the ", "our ", "your ", "other "))
        else f"“{title}”"
        if title
        else "another page"
    )
    part = f"This belongs to {say.titles_of([str(facts['part_of'])])}." if facts.get("part_of") else ""
    kind = spaced(str(facts.get("kind", "")))
    mode = {
        "may": "may link",
        "will": "will link",
        "does_not": "does not link",
        "will_not": "will not link",
        "prohibited": "must not link",
        "unable": "cannot link",
    }
    tails = {
        "kind": f"The link is about {kind}." if kind and kind not in title.lower() else "",
        "part_of": part,
        **_more(facts, say),
    }
    return Saying(
        f"our policy {mode.get(str(facts.get('modality')), 'links')} to {where}{f' at {host}' if host else ''}",
        {},
        {name: text for name, text in tails.items() if text},
        again="this is",
    )


def target_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """Where a link leads now."""
    now, then = str(after.get("target", "unstated")), str(before.get("target", "unstated"))
    title = after.get("title", "")
    if now == "unstated":
        return f"the link “{title}” no longer has an address in our policy."
    return f"the link “{title}” now leads to {now}." + (f" Until now, it led to {then}." if then != "unstated" else "")


def kind_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """What is behind a link."""
    now, then = (spaced(str(side.get("kind"))) for side in (after, before))
    return f"the link “{after.get('title', '')}” is now about {now}. Until now, it was about {then}."


def link_added(facts: Facts, say: Speaker) -> str:
    """`Our policy now links to …`."""
    return link(facts, say).only().told().replace(" links to ", " now links to ", 1)


def link_removed(facts: Facts, say: Speaker) -> str:
    """`Our policy no longer links to …`."""
    return link(facts, say).only().told().replace(" links to ", " no longer links to ", 1)


def definition_removed(facts: Facts, say: Speaker) -> str:
    """The word has no meaning of its own any more."""
    meaning = str(facts.get("meaning", "")).rstrip(".")
    return f"our policy no longer says what “{facts.get('term', '')}” means. Until now, it meant {meaning}."


def contact_removed(facts: Facts, say: Speaker) -> str:
    """Nobody to turn to there."""
    return f"our policy no longer says that {contact(facts, say).clause()}."


def assurance_removed(facts: Facts, say: Speaker) -> str:
    """The sentence is gone."""
    return f"our policy no longer explains “{facts.get('title', '')}”."


SCOPE_CHANGES = {
    (name, op): judge
    for name, judge in (("covers", _covers), ("not_covered", _not_covered))
    for op in ("added", "removed")
}
DEFINITION_CHANGES = {("meaning", "changed"): meaning_changed, ("term", "changed"): term_changed}
CONTACT_CHANGES = {
    **{("channels", op): channel_changed for op in ("added", "removed", "changed")},
    ("entity", "changed"): entity_changed,
    **{("unit", op): unit_changed for op in ("added", "removed", "changed")},
}
PROGRAM_CHANGES = {("redress", op): redress_changed for op in ("added", "removed", "changed")}
LINK_CHANGES = {
    **{("target", op): target_changed for op in ("added", "removed", "changed")},
    ("kind", "changed"): kind_changed,
}
