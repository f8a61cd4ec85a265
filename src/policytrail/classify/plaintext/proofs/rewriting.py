"""Harmless rewritings of a sentence, one kind at a time: each makes two texts more alike, and only in what it proves.

A step takes both texts and gives both back, with what it proved harmless written alike. When all have had their turn,
the texts must say the same, carriers and all. So steps add up, and none can hide what it wasn't made for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from policytrail.classify.wording_checks.carriers import is_weighty
from policytrail.classify.wording_checks.strength_words import Proof, same_but
from policytrail.classify.wording_checks.words import folded

from .spelling import put_right

Texts = tuple[str, str]
Step = Callable[[Texts, frozenset[str]], Texts]

_MAIL = re.compile(
    r"\(?(?<![\w.+-])([\w.+-]{1,64})\s?(?:\[at\]|\(at\)|\{at\}|<at>|\s(?:at|AT)\s(?=[\w-]{1,63}\s(?:dot|DOT)\s))\s?"
    r"([\w-]{1,63}(?:\s?(?:\[dot\]|\(dot\)|\{dot\}|\.|\s(?:dot|DOT)\s)\s?[\w-]{1,63}){1,4})\)?"
)
_DOT = re.compile(r"\s?(?:\[dot\]|\(dot\)|\{dot\}|\.|\s(?:dot|DOT)\s)\s?")
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\(\s*<?([^()\s<>]{0,2000}(?:\([^()\s]{0,200}\)[^()\s<>]{0,2000})?)>?\s*\)")
_BINDS = re.compile(
    r"\b(?:subject to|govern\w*|agree\w*|accept\w*|accordance|incorporat\w*|bound|terms|opt|consent\w*|unsubscrib\w*)\b",
    re.IGNORECASE,
)
_SHORT_FORMS = {
    "repos": "repositories",
    "repo": "repository",
    "info": "information",
    "docs": "documentation",
    "apps": "applications",
    "app": "application",
    "admin": "administrator",
    "admins": "administrators",
    "org": "organization",
    "orgs": "organizations",
    "demo": "demonstration",
    "pics": "pictures",
    "specs": "specifications",
    "ads": "advertisements",
    "ad": "advertisement",
    "id": "identifier",
    "ids": "identifiers",
    "faq": "frequently asked questions",
    "faqs": "frequently asked questions",
}
_SHORT_FORM = re.compile(rf"\b(?:{'|'.join(sorted(_SHORT_FORMS, key=len, reverse=True))})\b", re.IGNORECASE)
_PHRASES = (
    (re.compile(r"\be\.\s?g\.,?", re.IGNORECASE), "for example"),
    (re.compile(r"\bfor instance\b,?", re.IGNORECASE), "for example"),
    (re.compile(r"\bi\.\s?e\.,?", re.IGNORECASE), "that is"),
    (re.compile(r"\b(?:can['’]t|can not)\b", re.IGNORECASE), "cannot"),
    (re.compile(r"\bwon['’]t\b", re.IGNORECASE), "will not"),
    (
        re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|must|need)n['’]t\b", re.IGNORECASE),
        r"\1 not",
    ),
    (re.compile(r"\b(we|you|they|it|that|there|who|what)['’](re|ll|ve|s)\b", re.IGNORECASE), None),
)
_CONTRACTED = {"re": "are", "ll": "will", "ve": "have", "s": "is"}
_TOLD = r"(?:described|set out|set forth|explained|listed|detailed|outlined|mentioned|discussed|identified|specified|stated|noted)"
_NAMED = r"[\"“'‘]?(?P<{0}>[A-Z][\w &’'/,-]{{1,80}}?)[\"”'’]?"
_POINTER = re.compile(
    rf"\b(?:as |further |also )*{_TOLD}(?: further| in (?:more|greater) detail)*"
    rf" (?:below|above|here|herein|in (?:the |our )?{_NAMED.format('one')} sections?|in the sections? (?:titled |called |entitled |named )?"
    rf"{_NAMED.format('two')}(?=[\s.,;:)—–-]*(?:$|[a-z.,;:)—–-])))",
)
_ABOVE = re.compile(
    r"\b(?:the above|the foregoing|these described|the above[- ]described|these above|the aforementioned|the above[- ]mentioned)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:[,;]\s*(?:and|or)\b|[,;]|\band\b|\bor\b)\s*", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:respectively|former|latter|first|second|last|this|that|these|those|it|they|them|such|same|other|others|then|if|unless|"
    r"only|not|never|no|without|except)\b",
    re.IGNORECASE,
)


def rewritten(old: str, new: str, titles: frozenset[str]) -> Proof | None:
    """A proof that two texts differ only in harmless ways; `titles` are those of both policies' sections, folded."""
    texts, used = (old, new), []
    for rule, sentence, step in _STEPS:
        after = step(texts, titles)
        if after != texts:
            used.append(Proof(rule, sentence))
        texts = after
    if not used or not same_but(*texts):
        return None
    said = list(dict.fromkeys(proof.sentence for proof in used))
    return Proof(used[0].rule, "only " + " and ".join(said) + " differ")


def _both(change: Callable[[str], str]) -> Step:
    return lambda texts, _: (change(texts[0]), change(texts[1]))


def _mail(text: str) -> str:
    """An address that is hidden from robots, in the open."""
    return _MAIL.sub(lambda found: f"{found[1]}@{_DOT.sub('.', found[2])}", text)


def _links(texts: Texts, titles: frozenset[str]) -> Texts:
    """Links to the same place are written alike: the same last part of the path, on the same site."""
    one, two = (list(_LINK.finditer(text)) for text in texts)
    if len(one) != len(two):
        return _added(texts)
    old = texts[0]
    for before, after in zip(reversed(one), reversed(two), strict=True):
        if before[2] != after[2] and _same_place(before[2], after[2]):
            old = old[: before.start(2)] + after[2] + old[before.end(2) :]
    return old, texts[1]


def _added(texts: Texts) -> Texts:
    """Words that now link to something, and linked to nothing before: nobody loses a way, and the words stay."""
    old, new = texts
    one, two = ([found[0] for found in _LINK.finditer(text)] for text in texts)
    kept = iter(two)
    if len(one) >= len(two) or not all(link in kept for link in one) or _BINDS.search(new):
        return texts
    return old, _LINK.sub(lambda found: found[0] if found[0] in one else found[1], new)


def _same_place(one: str, two: str) -> bool:
    try:
        a, b = urlsplit(one), urlsplit(two)
    except ValueError:
        return False
    if a.scheme == "mailto" or b.scheme == "mailto":
        return False
    last = [_last(part.path) for part in (a, b)]
    sites = [_site(part.hostname or "") for part in (a, b)]
    near = sites[0] == sites[1] or "" in sites
    return near and (last[0] == last[1] != "" or (sites[0] == sites[1] and a.hostname == b.hostname))


def _last(path: str) -> str:
    return re.sub(r"\.(?:html?|md|php|aspx?)$", "", path.rstrip("/").rpartition("/")[2].casefold())


def _site(host: str) -> str:
    """The name that somebody registered: the last two parts of a host, or three below co.uk and its like."""
    parts = host.casefold().split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and len(parts[-2]) <= 3 and len(parts[-1]) == 2 else parts[-2:])


def _short_forms(text: str) -> str:
    text = _SHORT_FORM.sub(lambda found: _SHORT_FORMS[found[0].casefold()], text)
    for pattern, put in _PHRASES:
        text = pattern.sub(put if put else lambda found: f"{found[1]} {_CONTRACTED[found[2].casefold()]}", text)
    return text


def _pointers(texts: Texts, titles: frozenset[str]) -> Texts:
    """ "Described below" and "described in the section X" are one, where the policy has a section X."""
    found = [list(_POINTER.finditer(text)) for text in texts]
    named = [pointer["one"] or pointer["two"] for side in found for pointer in side]
    if len(found[0]) == len(found[1]) and all(" ".join(folded(name).split()) in titles for name in named if name):
        texts = (_POINTER.sub("described below", texts[0]), _POINTER.sub("described below", texts[1]))
    return _ABOVE.sub("these", texts[0]), _ABOVE.sub("these", texts[1])


def _order(texts: Texts, titles: frozenset[str]) -> Texts:
    """The entries of a list inside a sentence in another order; none points to another."""
    old, new = texts
    plain = [" ".join(text.split()) for text in texts]  # the expression looks back over white space
    one, two = (_SEPARATOR.split(text) for text in plain)
    joins = [
        sorted(filter(None, (part.strip(" ,;").casefold() for part in _SEPARATOR.findall(text)))) for text in plain
    ]
    if len(one) != len(two) or len(one) < 3 or joins[0] != joins[1] or is_weighty(old):
        return texts
    return (new, new) if _permuted(one, two) else texts


def _permuted(one: list[str], two: list[str]) -> bool:
    heads = _shared(one[0].split(" "), two[0].split(" "))
    tails = _shared(one[-1].split(" ")[::-1], two[-1].split(" ")[::-1])
    sides = ((_entries(one, i, j), _entries(two, i, j)) for i in range(heads + 1) for j in range(tails + 1))
    return any(sorted(a) == sorted(b) and not any(map(_POINTS.search, a)) for a, b in sides)


def _shared(one: list[str], two: list[str]) -> int:
    count = 0
    while count < min(len(one), len(two)) and one[count] == two[count]:
        count += 1
    return count


def _entries(parts: list[str], head: int, tail: int) -> list[str]:
    first, last = parts[0].split(" ")[head:], parts[-1].split(" ")
    entries = [" ".join(first), *parts[1:-1], " ".join(last[: len(last) - tail])]
    return [entry.strip(" .:").casefold() for entry in entries]


def _spelling(texts: Texts, titles: frozenset[str]) -> Texts:
    return put_right(*texts), texts[1]


_STEPS: tuple[tuple[str, str, Step], ...] = (
    ("typography", "how a mail address is hidden from robots", _both(_mail)),
    ("link.target", "links to the same place", _links),
    ("typography", "short forms of a word", _both(_short_forms)),
    ("structure", "references to other parts of the policy", _pointers),
    ("structure", "the order of a list", _order),
    ("typography", "misspelt words", _spelling),
)
