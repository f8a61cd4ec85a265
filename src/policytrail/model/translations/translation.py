"""A translation of the policy: its clauses, each naming the text that it was made from, and the other words of the policy.

Short words (titles, labels) are found by the source's own words, so that one whose source was reworded is simply not
there any more; a clause names the digest of its source, so that it is known to be behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from policytrail.model.practice_fields import Plain
from policytrail.model.validation.field_types import Text
from policytrail.model.validation.record import NOTHING, Part

Tag = Annotated[str, Text(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", max_length=35)]
_TAG = re.compile(r"(?P<language>[a-z]{2,3})(-(?P<script>[A-Z][a-z]{3}))?(-(?P<region>[A-Z]{2}|[0-9]{3}))?")
# ISO 639-1. Of three letters any will do: there are thousands.
_TWO_LETTERS = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo "
    "es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg "
    "ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn "
    "no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta "
    "te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())
_RIGHT_TO_LEFT_SCRIPTS = frozenset("Adlm Arab Hebr Nkoo Rohg Syrc Thaa".split())
# The first part of an address of the site that isn't a language's.
_TAKEN = frozenset({"api"})


# What the source says in 400 characters may take more in another language.
Said = Annotated[str, Text(min_length=1, max_length=1200)]


class TranslatedClause(Part):
    """One clause in another language. `of`: the digest of the source text that it was made from (`Clause.digest`)."""

    of: Annotated[str, Text(r"[0-9a-f]{16}")]
    title: Said
    text: Annotated[str, Text(min_length=1)]


class Translation(Part):
    """The policy in one other language, as far as it is translated.

    `name` is what the language calls itself; `words` has the policy's other words (title, headings, labels), each by
    the words of the source.
    """

    language: Tag
    name: Plain | None = None
    words: Mapping[Plain, Said] = NOTHING
    clauses: Mapping[str, TranslatedClause] = NOTHING


def tag_problem(tag: str, source: str) -> tuple[str, str] | None:
    """What is wrong with a language's tag (BCP 47: language, script, region), and how to mend it; None where it is right.

    In: the tag as the folder is named, the language of the source.
    """
    found = _TAG.fullmatch(tag)
    if found is None:
        language, *more = tag.replace("_", "-").split("-")
        spelt = "-".join([language.lower(), *(each.title() if len(each) == 4 else each.upper() for each in more)])
        fits = spelt != tag and tag_problem(spelt, source) is None
        hint = f"Write it as {spelt}." if fits else "Name the folder by the language, such as fr, pt-BR or zh-Hant."
        return f"{tag!r} is no language tag.", hint
    if len(found["language"]) == 2 and found["language"] not in _TWO_LETTERS:
        return f"There is no language {found['language']!r}.", "Use a code of ISO 639, such as fr or es."
    if tag in _TAKEN:
        return f"The address /{tag}/ of the site is taken.", f"Add a region or script, such as {tag}-Latn."
    if tag == source:
        return f"{tag!r} is the language of the source itself.", "Change the clauses in policy/clauses/."
    return None


def direction(tag: str) -> str:
    """`rtl` for a language that is written from right to left, else `ltr`."""
    language, *more = tag.split("-")
    scripts = [each for each in more if len(each) == 4]
    right = scripts[0] in _RIGHT_TO_LEFT_SCRIPTS if scripts else language in _RIGHT_TO_LEFT
    return "rtl" if right else "ltr"


def closest(tag: str, known: Mapping[str, object] | frozenset[str]) -> str | None:
    """The one of the known languages that a reader of `tag` gets: itself, else the same without its region or script."""
    by_lower = {each.lower(): each for each in known}
    parts = tag.lower().split("-")
    while parts:
        if "-".join(parts) in by_lower:
            return by_lower["-".join(parts)]
        parts.pop()
    return None
