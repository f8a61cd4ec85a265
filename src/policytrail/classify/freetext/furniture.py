"""The page around the policy: menus, footers, tables of contents, and the text that belongs to none of the policy.

Positive evidence only: a line counts as furniture where it stands before the policy's first words, in a run of short
lines that holds several entries which menus have, or behind the policy's last words and speaks of nothing that
policies speak of. A list in the policy's own text never counts, nor does a line that names a practice, a choice or an
entity.
"""

from __future__ import annotations

import re
from functools import cached_property

from .concepts import ACTS, concepts
from .plaintext import ends, plain, plain_words

_SPOKEN = re.compile(
    r"\b(?:we|you|your|our|us|is|are|be|may|will|can|has|have|was|were|this|that|which|it|they|do|does|if|by|their|when|from|about|"
    r"not|any|with|as|or)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:information|data|privacy|cookies?|personal\w*|details|info|consent\w*|polic(?:y|ies)|collect\w*|laws?|rights?|"
    r"complain\w*|translat\w*|prevails?|govern\w*|appl(?:y|ies)|agree\w*|accounts?)\b",
    re.IGNORECASE,
)
_WE = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_YOU = re.compile(r"\byour?\b", re.IGNORECASE)
_MENU = frozenset(
    "home|about|about us|contact|contact us|careers|jobs|press|press room|newsroom|news|blog|events|help|help center|support|"
    "customer support|customer service|faq|faqs|sitemap|site map|terms|terms of use|terms of service|terms & conditions|"
    "terms and conditions|legal|accessibility|investors|investor relations|media|media kit|media center|products|solutions|"
    "pricing|features|resources|documentation|docs|developers|partners|company|community|forum|forums|customer forums|log in|"
    "login|sign in|sign up|register|my account|account|download|downloads|get started|learn more|read more|more|view all|"
    "see all|search|cart|shop|store|stores|store locator|gift cards|deals|sale|new|men|women|kids|english|español|deutsch|"
    "français|italiano|português|日本語|中文|facebook|twitter|x|instagram|youtube|linkedin|tiktok|pinterest|follow us|share|"
    "newsletter|subscribe|feedback|advertise|advertise with us|affiliates|our team|team|leadership|mission|sustainability|"
    "overview|enterprise|security|status|tutorials|webinars|case studies|customers|customer stories|mobile app|copyright|"
    "trademarks|imprint|impressum|skip to content|skip to main content|back to top|close|menu|go|continue|next|previous|"
    "privacy|privacy policy|cookie policy|all rights reserved|get a quote|locations|app store|google play|print|install".split("|")
)
_LABELS = re.compile(
    r"^(?:skip to (?:main )?content|back to top|share(?: this)?(?: page| article| post)?|print(?: this page)?|read more|"
    r"see (?:more|all)|view all|load more|close|menu|search|log ?in|sign (?:in|up)|download(?: as)? pdf|table of contents|"
    r"contents|on this page|in this article|related (?:articles|content|posts|links)|was this (?:article|page)? ?helpful|"
    r"[0-9]+ min(?:ute)?s? read|copy link|expand all|collapse all|loading|retrieved from .{0,200}|jump to .{0,40}|"
    r"select language|languages?|follow us|get started|learn more|updated)$"
)
_COPYRIGHT = re.compile(r"©|\(c\)\s*(?:19|20)[0-9]{2}|all rights reserved", re.IGNORECASE)
_WEIGHTY = re.compile(
    r"\b(?:opt(?:ing)? ?(?:out|in)|do not (?:sell|share|track)|unsubscribe|withdraw\w*|consent\w*|inc|ltd|llc|gmbh|limited|"
    r"corp|plc|not|never|only|except|unless)\b|@|[0-9]{5,}|\+[0-9]|%"
)
_WEIGHTY_CONCEPTS = frozenset({"sale", "transfer", "legal basis", "controller", "dnt", "acceptance", "arbitration", "policy change"})
_TOC = re.compile(r"^\s*(?:[-*+]|[0-9.]+)?\s*\[[^\]]{2,140}\]\([^)\s]*#[^)\s]*\)\s*$")
_MENU_LINES = 4
_LINE = 14  # words: what is longer is no entry of a menu, unless it has none of the words that sentences have


class Page:
    """One document, line by line: what of it is the policy, and what the page around it."""

    def __init__(self, text: str) -> None:
        self._lines = [line for line in text.split("\n") if plain(line)]

    def is_furniture(self, raw: str) -> bool:
        """Whether a piece of the document stands only among the furniture of the page."""
        if _is_toc(raw):
            return True
        if _is_prose(raw) and _is_about(raw):
            return False
        lines = [plain(line) for line in raw.split("\n") if plain(line)]
        return bool(lines) and all(self._mark(line) or _is_label(line) for line in lines)

    def _mark(self, shown: str) -> bool:
        """The mark of a line, or of every line that a sentence stands in."""
        if shown in self._marks:
            return self._marks[shown]
        holding = [mark for line, mark in self._marks.items() if shown in line]
        return bool(holding) and all(holding)

    @cached_property
    def _marks(self) -> dict[str, bool]:
        """For each line as people see it, whether it is furniture wherever it stands."""
        marks: dict[str, bool] = {}
        for line, mark in zip(self._lines, self._found(), strict=True):
            shown = plain(line)
            mark = mark or _is_label(shown) or _is_toc(line)
            marks[shown] = mark and marks.get(shown, True)
        return marks

    def _found(self) -> list[bool]:
        prose = [_is_prose(line) for line in self._lines]
        about = [number for number, line in enumerate(self._lines) if prose[number] and _is_about(line)]
        first, last = (about[0], about[-1]) if about else (0, len(self._lines))
        found = [False] * len(self._lines)
        for start, end in _runs(prose):
            outside = end <= first or start > last
            if self._is_menu(start, end, outside, head=end <= first):
                found[start:end] = [not _is_weighty(line) for line in self._lines[start:end]]
        tail = any(found[last + 1 :]) or any(_COPYRIGHT.search(line) for line in self._lines[last:])
        for number, line in enumerate(self._lines):
            outside = number < first or (number > last and tail)
            if outside and prose[number] and about:
                found[number] = _says_nothing(line)
        return found

    def _is_menu(self, start: int, end: int, outside: bool, head: bool) -> bool:
        """Whether a run of short lines is a menu: by its entries, or because no policy has begun yet."""
        lines = self._lines[start:end]
        entries = {plain(line).casefold() for line in lines} & _MENU
        introduced = start > 0 and plain(self._lines[start - 1]).endswith(":")
        if head and not introduced:
            return len(entries) >= 1 or all("](" in line for line in lines)
        if len(lines) < _MENU_LINES or len(entries) < (2 if outside else 3):
            return False
        return outside or (not introduced and sum(map(_names_data, lines)) <= len(lines) / 8)


def _is_prose(line: str) -> bool:
    """Whether a line belongs to running text: it has the small words of sentences."""
    words = len(line.split())
    if words < 5:
        return False
    spoken = len(_SPOKEN.findall(line))
    if words > 3 * _LINE and spoken < words / 25:
        return False  # an endless list of products
    return (words >= 8 and spoken >= 2) or (spoken >= 1 and ends(plain(line)))


def _is_about(line: str) -> bool:
    return bool(_ABOUT.search(line)) or bool(_WE.search(line) and _YOU.search(line))


def _names_data(line: str) -> bool:
    return any(family == "data" for family, _ in concepts(" ".join(plain_words(line))))


def _is_label(shown: str) -> bool:
    return len(shown) < 240 and bool(_LABELS.match(" ".join(plain_words(shown))))


def _is_toc(line: str) -> bool:
    """An entry of the table of contents: nothing but a link inside the page; the heading itself is compared by itself."""
    return bool(_TOC.match(line)) and not plain(line).endswith(".")


def _is_weighty(line: str) -> bool:
    """Whether a short line may say something even in a menu."""
    words = " ".join(plain_words(line))
    named = {name for family, name in concepts(words) if family == "other"} & _WEIGHTY_CONCEPTS
    return bool(named or _WEIGHTY.search(plain(line).casefold())) and not _COPYRIGHT.search(line)


def _says_nothing(line: str) -> bool:
    """Whether a sentence outside the policy speaks of nothing that policies speak of."""
    words = " ".join(plain_words(line))
    return not (_is_about(line) or concepts(words) or ACTS.search(words) or _is_weighty(line))


def _runs(prose: list[bool]) -> list[tuple[int, int]]:
    """Runs of lines that are no running text, as (start, end)."""
    runs: list[tuple[int, int]] = []
    start = None
    for number, each in enumerate([*prose, True]):
        if each and start is not None:
            runs.append((start, number))
            start = None
        elif not each and start is None:
            start = number
    return runs
