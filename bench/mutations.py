"""Small edits to a policy whose effect on the meaning is known: what a classifier must never call editorial, and what it should.

Each edit is a function (rng, text) -> text, or None where the text has no place for it. `CHANGING` edits alter what the
policy says about data; `KEEPING` edits alter the page, the marks or the order and nothing else. Used by
`bench/materiality.py --mutate` and by the tests.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

Edit = Callable[[random.Random, str], "str | None"]
CHANGING: dict[str, Edit] = {}
KEEPING: dict[str, Edit] = {}

_NEW_PRACTICES = (
    "We collect your fingerprints when you sign in.",
    "We also share your purchase history with data brokers.",
    "Your messages are used to train artificial intelligence models.",
    "We sell your personal information to advertisers.",
    "Your data may be transferred to servers in Brazil.",
    "We keep your account data for ten years after you leave.",
    "Children from the age of twelve may register.",
    "We may record your calls.",
    "By using the service you agree to this policy.",
    "Disputes are settled by arbitration.",
    "Our insurers receive your location.",
    "Acme Data Limited is the controller of your data.",
)
_NEW_ENTRIES = (
    "your vaccination status",
    "Fingerprints",
    "Credit score",
    "Insurance companies",
    "Hotjar",
    "Voice recordings",
    "Brazil",
)
_COUNTRIES = ("Ireland", "Germany", "United States", "France", "Canada", "Australia")
_SPELLINGS = (
    ("organization", "organisation"),
    ("authorize", "authorise"),
    ("personalize", "personalise"),
    ("behavior", "behaviour"),
    ("analyze", "analyse"),
    ("license", "licence"),
    ("color", "colour"),
    ("fulfill", "fulfil"),
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_LABELS = r"Last [Uu]pdated|Last [Mm]odified|Effective(?: [Dd]ate)?|Last [Rr]evised|Updated"
_MENU = r"Careers|Contact Us|Investors|Press|Blog|FAQ|Sitemap|About Us|Help Center|Pricing"


def changing(edit: Edit) -> Edit:
    """Enter an edit that alters what the policy says."""
    CHANGING[edit.__name__] = edit
    return edit


def keeping(edit: Edit) -> Edit:
    """Enter an edit that alters nothing of what the policy says."""
    KEEPING[edit.__name__] = edit
    return edit


def _swap(rng: random.Random, text: str, pattern: str, replace: Callable[[re.Match[str]], str]) -> str | None:
    """One of the places where a pattern stands, chosen by chance, replaced."""
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    place = rng.choice(found)
    changed = text[: place.start()] + replace(place) + text[place.end() :]
    return changed if changed != text else None


_SENTENCE = r"(?<=[.!?]) [A-Z][^.!?\n|]{20,300}[.!?](?= |\n)"


@changing
def insert_not(rng: random.Random, text: str) -> str | None:
    """ "We will share" becomes "We will not share"."""
    return _swap(rng, text, r"\b[Ww]e (?:will|may|can|do) (?!not)(?=[a-z])", lambda found: f"{found[0]}not ")


@changing
def remove_not(rng: random.Random, text: str) -> str | None:
    """ "We do not sell" becomes "We do sell"."""
    return _swap(rng, text, r"\b(do|does|will|may|shall|are|is) not\b", lambda found: found[1])


@changing
def remove_only(rng: random.Random, text: str) -> str | None:
    """A limit goes."""
    return _swap(rng, text, r"\b(?:only|solely|never|unless) ", lambda _: "")


@changing
def other_period(rng: random.Random, text: str) -> str | None:
    """Another number of days, months or years."""
    return _swap(
        rng,
        text,
        r"(?<=[a-z] )([0-9]{1,3}) (days|months|years|hours)\b",
        lambda found: f"{int(found[1]) + 7} {found[2]}",
    )


@changing
def raised_figure(rng: random.Random, text: str) -> str | None:
    """ "30 days" becomes "30\u00b2 days"."""
    return _swap(
        rng, text, r"(?<=[a-z] )([0-9]{1,3})(?= (?:days|months|years|hours)\b)", lambda found: f"{found[1]}\u00b2"
    )


@changing
def end_moved(rng: random.Random, text: str) -> str | None:
    """ "It is ours. We never sell" becomes "It is ours never. We sell": a word of force crosses a sentence's end."""
    pattern = r"([a-z]{3,})([.;]) ([A-Z][a-z]*(?: do| will| may)?) (not|never|only) (?=[a-z])"
    return _swap(rng, text, pattern, lambda found: f"{found[1]} {found[4]}{found[2]} {found[3]} ")


@changing
def other_age(rng: random.Random, text: str) -> str | None:
    """Another age of children."""
    return _swap(
        rng, text, r"\b(under(?: the age of)?|age of|aged) (1[0-9])\b", lambda found: f"{found[1]} {int(found[2]) - 2}"
    )


@changing
def weaker(rng: random.Random, text: str) -> str | None:
    """ "Will" becomes "may", or the other way round."""
    return _swap(rng, text, r"\b[Ww]e (will|may) ", lambda found: "We may " if found[1] == "will" else "We will ")


@changing
def other_country(rng: random.Random, text: str) -> str | None:
    """Another country in a sentence."""
    pattern = rf"(?<=in |to )(?:the )?({'|'.join(_COUNTRIES)})\b(?=[^\n]*\.)"
    return _swap(rng, text, pattern, lambda _: "Singapore")


@changing
def other_recipient(rng: random.Random, text: str) -> str | None:
    """ "Service providers" become "advertisers"."""
    return _swap(
        rng,
        text,
        r"(?<= )(?:service providers|affiliates|processors|business partners)(?=[ ,.;])",
        lambda _: "advertisers",
    )


@changing
def drop_promise(rng: random.Random, text: str) -> str | None:
    """A sentence that promises or limits something goes."""
    found = [
        each for each in re.finditer(_SENTENCE, text) if re.search(r"\b(?:not|never|only|will|right|delete)\b", each[0])
    ]
    if not found:
        return None
    place = rng.choice(found)
    return None if text.count(place[0]) > 1 else text[: place.start()] + text[place.end() :]


@changing
def add_practice(rng: random.Random, text: str) -> str | None:
    """A new sentence behind one that stands there."""
    return _swap(rng, text, r"(?<=[a-z][.!?])(?= [A-Z]|\n)", lambda _: f" {rng.choice(_NEW_PRACTICES)}")


@changing
def add_at_an_end(rng: random.Random, text: str) -> str | None:
    """A new sentence above or below everything, where pages have their furniture."""
    said = rng.choice(_NEW_PRACTICES)
    return f"{said}\n\n{text}" if rng.random() < 0.5 else f"{text.rstrip()}\n\n{said}\n"


@changing
def add_entry(rng: random.Random, text: str) -> str | None:
    """A new entry in a list that a sentence of the policy introduces."""
    pattern = r"(?<=:\n\n)([*\-] +)(?=[A-Za-z])(?![^\n]*\]\()"
    return _swap(rng, text, pattern, lambda found: f"{found[1]}{rng.choice(_NEW_ENTRIES)}\n{found[1]}")


@changing
def other_link(rng: random.Random, text: str) -> str | None:
    """A link in a sentence leads to another host."""
    return _swap(
        rng,
        text,
        r"(?<=[a-zA-Z]\]\()https?://[^/)\s]+(?=/(?!cdn-cgi)[^)\s]*\) [^\n]*\.)",
        lambda _: "https://elsewhere.example",
    )


@changing
def strike_out(rng: random.Random, text: str) -> str | None:
    """A sentence is struck out."""
    return _swap(rng, text, _SENTENCE, lambda found: f" ~~{found[0].strip()}~~")


@changing
def other_word(rng: random.Random, text: str) -> str | None:
    """A word of a sentence goes, or becomes another one."""
    sentence = re.compile(_SENTENCE)
    found = [each for each in sentence.finditer(text) if re.search(r" [a-z]{5,}\b", each[0])]
    if not found:
        return None
    place = rng.choice(found)
    new = _swap(rng, place[0], r"(?<= )[a-z]{5,}\b", lambda _: rng.choice(["", "insurers", "quarterly", "refuse"]))
    return text[: place.start()] + (new or "") + text[place.end() :]


@keeping
def spaces(rng: random.Random, text: str) -> str | None:
    """Two spaces for one, no-break spaces, or another blank line."""
    return _swap(rng, text, r"(?<=[a-z,]) (?=[a-z])", lambda _: rng.choice(["  ", " ", "\u2009"]))


@keeping
def quotes(rng: random.Random, text: str) -> str | None:
    """Curly quotes for straight ones and dashes for hyphens."""
    changed = text.replace("'", "’").replace(" - ", " – ")
    return changed if changed != text else None


@keeping
def composition(rng: random.Random, text: str) -> str | None:
    """Letters composed in the other way."""
    changed = unicodedata.normalize("NFD", text)
    return changed if changed != text else None


@keeping
def emphasis(rng: random.Random, text: str) -> str | None:
    """Some words in bold."""
    return _swap(rng, text, r"(?<=[a-z] )[a-z]+ [a-z]+(?= [a-z])", lambda found: f"**{found[0]}**")


@keeping
def bullets(rng: random.Random, text: str) -> str | None:
    """Another sign before the entries of lists."""
    changed = re.sub(r"^(\s*)\*(\s+)(?=\w)", r"\1-\2", text, flags=re.MULTILINE)
    return changed if changed != text else None


@keeping
def document_date(rng: random.Random, text: str) -> str | None:
    """Another date behind a label."""
    label = rf"[*_#> ]*(?:{_LABELS})[:*_ ]*(?:on )?[*_ ]*"
    pattern = rf"(?<=\n)({label})(?:{_MONTHS}) [0-9]{{1,2}}, 20[0-9]{{2}}(?=[*_]*\n)"
    return _swap(rng, text, pattern, lambda found: f"{found[1]}March 3, 2027")


@keeping
def menu_entry(rng: random.Random, text: str) -> str | None:
    """Another entry in a menu."""
    entry = rng.choice(["Gift Cards", "Spring Collection", "Winter Games 2026", "Our Story", "Kafka", "Baby & Toddler"])
    pattern = rf"(?<=\n)(\s*\* +)(?=\[?(?:{_MENU})\b[^\n]{{0,90}}\n)"
    return _swap(rng, text, pattern, lambda found: f"{found[1]}{entry}\n{found[1]}")


@keeping
def spelling(rng: random.Random, text: str) -> str | None:
    """British for American."""
    usable = [(us, uk) for us, uk in _SPELLINGS if re.search(rf" {us}", text)]
    if not usable:
        return None
    us, uk = rng.choice(usable)
    return re.sub(rf"(?<= ){us}", uk, text)


@keeping
def link_path(rng: random.Random, text: str) -> str | None:
    """A link leads elsewhere on the same host."""
    return _swap(
        rng, text, r"(?<=\]\()(https?://[^/)\s]+)/[^)\s]*(?=\))", lambda found: f"{found[1]}/moved?utm_source=mail"
    )


@keeping
def moved_section(rng: random.Random, text: str) -> str | None:
    """Two neighbouring sections change places."""
    parts = re.split(r"(?m)^(?=#{1,3} )", text)
    if len(parts) < 4:
        return None
    place = rng.randrange(1, len(parts) - 2)
    levels = [len(each) - len(each.lstrip("#")) for each in parts[place : place + 3]]
    if len(set(levels)) != 1 or not all(each.endswith("\n\n") for each in parts[place : place + 2]):
        return None
    parts[place], parts[place + 1] = parts[place + 1], parts[place]
    return "".join(parts)


@keeping
def wrapped(rng: random.Random, text: str) -> str | None:
    """A line of a paragraph is broken at another place."""
    return _swap(rng, text, r"(?<=[a-z]{3}) (?=[a-z]{3}[^\n|]{40})", lambda _: "\n")


@keeping
def renumbered(rng: random.Random, text: str) -> str | None:
    """The numbers of all headings move up by one."""
    changed = re.sub(r"(?m)^(#{1,4} )([0-9]{1,2})(?=[.)] )", lambda found: f"{found[1]}{int(found[2]) + 1}", text)
    return changed if changed != text else None
