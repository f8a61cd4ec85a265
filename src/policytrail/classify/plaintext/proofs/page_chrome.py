"""The page around the policy: menus, footers, tables of contents, and the text that belongs to none of the policy.

Positive evidence only: a line counts as furniture where it stands before the policy's first words, in a run of short
lines that holds several entries which menus have, or behind the policy's last words and speaks of nothing that
policies speak of. A list in the policy's own text never counts, nor does a line that names a practice, a choice or an
entity.
"""

from __future__ import annotations

import re
from functools import cached_property

from policytrail.classify.plaintext.concepts import ACTS, concepts
from policytrail.classify.plaintext.plain_words import ends, is_item, plain, plain_words
from policytrail.classify.plaintext.sentence_context import scope_of
from policytrail.classify.wording_checks.carriers import is_weighty
from policytrail.classify.wording_checks.dates import DATE

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
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{10,}")  # scripts that need no blanks
_SIGNS = re.compile(r"[.,;:]")
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
    "privacy|privacy policy|cookie policy|all rights reserved|get a quote|locations|app store|google play|print|install".split(
        "|"
    )
)
_LABELS = re.compile(
    r"^(?:skip to (?:main )?content|back to top|share(?: this)?(?: page| article| post)?|print(?: this page)?|read more|"
    r"see (?:more|all)|view all|load more|close|menu|search|log ?in|sign (?:in|up)|download(?: as)? pdf|table of contents|"
    r"contents|on this page|in this article|related (?:articles|content|posts|links)|was this (?:article|page)? ?helpful|"
    r"[0-9]+ min(?:ute)?s? read|copy link|expand all|collapse all|loading|retrieved from .{0,200}|jump to .{0,40}|"
    r"select language|languages?|follow us|get started|learn more|updated)$"
)
_LISTS = re.compile(
    r"\b(?:vendors|(?:sub-?)?processors|third[- ]part(?:y|ies)|recipients?|providers?|collect\w*|shar(?:e|ed|ing)|disclos\w+|purposes?|"
    r"categor(?:y|ies)|subsidiaries|affiliates|trackers?|personal|your (?:data|information)|cookie (?:list|table))\b"
)
_NEAR = 4  # lines above a short one in which something may introduce it
_COPYRIGHT = re.compile(r"©|\(c\)\s*(?:19|20)[0-9]{2}|all rights reserved", re.IGNORECASE)
_WEIGHTY = re.compile(
    r"\b(?:opt(?:ing)? ?(?:out|in)|do not (?:sell|share|track)|unsubscribe|withdraw\w*|consent\w*|inc|ltd|llc|gmbh|limited|"
    r"corp|plc|not|never|only|except|unless)\b|@|[0-9]{5,}|\+[0-9]|%"
)
_WEIGHTY_CONCEPTS = frozenset(
    {"sale", "transfer", "legal basis", "controller", "dnt", "acceptance", "arbitration", "policy change"}
)
_YEARS = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_PERIOD = re.compile(r"[0-9]\W*(?:days?|weeks?|months?|years?|hours?|minutes?)\b|%", re.IGNORECASE)
_TOC = re.compile(r"^\s*+(?:[-*+]|[0-9.]++)?\s*+\[[^\]]{2,140}\]\([^)\s]*#[^)\s]*\)\s*$")
_TITLE = re.compile(
    r"(?:title: )?(?:[A-Z][\w.&’'-]* ){0,3}(?:Privacy|Cookie|Data Protection) (?:Policy|Notice|Statement)$",
    re.IGNORECASE,
)
_HEAD = 6  # lines in which a document may say its title
_FRONT = re.compile(r"\A---\n(.{0,4000}?)\n---\n", re.DOTALL)
_LETTER = re.compile(r"[^\W_]")
_MENU_LINES = 4
_LINE = 14  # words: what is longer is no entry of a menu, unless it has none of the words that sentences have


class Page:
    """One document, line by line: what of it is the policy, and what the page around it. Worked out where asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._menus: dict[int, bool] = {}

    def is_furniture(self, raw: str) -> bool:
        """Whether a piece of the document stands only among the furniture of the page."""
        if _is_toc(raw) or self.is_title(raw):
            return True
        if _is_prose(raw) and not _says_nothing(raw):
            return False
        lines = [line.strip() for line in raw.split("\n") if plain(line)]
        return bool(lines) and all(
            _is_label(plain(line)) or line in self._front or self._only_around(line) for line in lines
        )

    def is_title(self, raw: str) -> bool:
        """The document's own title: at its very beginning, and for nobody in particular ("Acme Privacy Policy")."""
        named = _TITLE.match(plain(raw))
        head = {plain(line) for line in self._lines[:_HEAD]}
        return bool(named and plain(raw) in head and not scope_of((plain(raw),)))

    @cached_property
    def _front(self) -> frozenset[str]:
        """The lines of a YAML block above a Markdown document: settings of the site that shows it."""
        block = _FRONT.match(self._text)
        return frozenset(line.strip() for line in block[1].split("\n") if line.strip()) if block else frozenset()

    def _only_around(self, line: str) -> bool:
        if _is_weighty(line):
            return False
        places = self._places.get(line) or [n for n, each in enumerate(self._lines) if line in each]
        return bool(places) and all(map(self._is_around, places))

    @cached_property
    def _lines(self) -> list[str]:
        return [line for line in self._text.split("\n") if _LETTER.search(line)]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines):
            places.setdefault(line.strip(), []).append(number)
        return places

    @cached_property
    def _body(self) -> tuple[int, int]:
        """The first and the last line that speak of what policies speak of; the whole document where none does."""
        numbers = range(len(self._lines))
        first = next((n for n in numbers if self._is_policy(n)), None)
        last = next((n for n in reversed(numbers) if self._is_policy(n)), None)
        return (0, len(self._lines)) if first is None or last is None else (first, last)

    def _is_policy(self, number: int) -> bool:
        line = self._lines[number]
        return _is_prose(line) and (_is_about(line) or not _is_english(line))

    def _is_around(self, number: int) -> bool:
        """Whether the line with that number is furniture."""
        first, last = self._body
        if not _is_prose(self._lines[number]):
            if self._introduces(number) or self._introduced(number):
                return False
            return not _is_weighty(self._lines[number]) and self._in_menu(number)
        outside = number < first or (number > last and self._has_tail)
        return outside and _says_nothing(self._lines[number])

    def _introduces(self, number: int) -> bool:
        """Whether a short line stands right above the policy's own text, as headings do."""
        below = number + 1 < len(self._lines) and self._is_policy(number + 1)
        return below and plain(self._lines[number]).casefold() not in _MENU

    def _introduced(self, number: int) -> bool:
        """Whether a short line belongs to a list that says what it lists, or to a table: to the policy, wherever it stands."""
        if self._lines[number].lstrip().startswith("|") or _tells(self._lines[number]):
            return True
        above, nearby = number, number - _NEAR
        while above > 0 and (is_item(self._lines[above]) or above > nearby):
            above -= 1
            if _is_prose(self._lines[above]):
                return plain(self._lines[above]).endswith(":")
            if not is_item(self._lines[above]) and _tells(self._lines[above]):
                return True
        return False

    def _run(self, number: int) -> tuple[int, int]:
        """The run of lines around one that are no running text, as (start, end)."""
        start = end = number
        while start > 0 and not _is_prose(self._lines[start - 1]):
            start -= 1
        while end < len(self._lines) and not _is_prose(self._lines[end]):
            end += 1
        return start, end

    @cached_property
    def _has_tail(self) -> bool:
        """Whether the page goes on behind the policy: with a copyright line, or a menu."""
        first = self._body[1] + 1
        if any(_COPYRIGHT.search(line) for line in self._lines[first:]):
            return True
        return any(not _is_prose(self._lines[n]) and self._in_menu(n) for n in range(first, len(self._lines)))

    def _in_menu(self, number: int) -> bool:
        """Whether the run of short lines around one is a menu; asked once a run."""
        if number not in self._menus:
            start, end = self._run(number)
            self._menus.update(dict.fromkeys(range(start, end), self._is_menu(start, end)))
        return self._menus[number]

    def _is_menu(self, start: int, end: int) -> bool:
        """Whether a run of short lines is a menu: by its entries, or because no policy has begun yet."""
        lines = self._lines[start:end]
        first, last = self._body
        entries = {plain(line).casefold() for line in lines} & _MENU
        introduced = start > 0 and plain(self._lines[start - 1]).endswith(":")
        if end <= first and not introduced:
            return len(entries) >= 1 or all("](" in line for line in lines)
        outside = end <= first or start > last
        if len(lines) < _MENU_LINES or len(entries) < (2 if outside else 3):
            return False
        return outside or (not introduced and sum(map(_names_data, lines)) <= len(lines) / 8)


def _is_prose(line: str) -> bool:
    """Whether a line belongs to running text: it has the small words of English sentences, or in any language their signs."""
    words = len(line.split())
    if _UNSPACED.search(line):
        return True
    if words < 5:
        return False
    signs = len(_SIGNS.findall(line))
    if words >= 2 * _LINE and signs >= words / 25:
        return True
    spoken = len(_SPOKEN.findall(line))
    if words > 3 * _LINE and spoken < words / 25:
        return False  # an endless list of products
    if words >= 8 and spoken >= 2:
        return True
    return (spoken >= 1 or words >= 10) and ends(plain(line))


def _is_about(line: str) -> bool:
    return bool(_ABOUT.search(line)) or bool(_WE.search(line) and _YOU.search(line))


def _names_data(line: str) -> bool:
    return any(family == "data" for family, _ in concepts(" ".join(plain_words(line))))


def _tells(line: str) -> bool:
    """Whether a short line says what the lines below it list."""
    shown = plain(line).casefold()
    return (shown.endswith(":") and shown[:-1].strip() not in _MENU) or bool(not is_item(line) and _LISTS.search(shown))


def _is_english(line: str) -> bool:
    """Whether it has small words of English: of another language no list of ours knows what it says."""
    return len(_SPOKEN.findall(line)) >= 2


def _is_label(shown: str) -> bool:
    if shown.startswith("{{") and shown.endswith("}}"):
        return True  # a template that the page didn't fill in
    return len(shown) < 240 and bool(_LABELS.match(" ".join(plain_words(shown))))


def _is_toc(line: str) -> bool:
    """An entry of the table of contents: nothing but a link inside the page; the heading itself is compared by itself."""
    return bool(_TOC.match(line)) and not plain(line).endswith(".")


def _is_weighty(line: str) -> bool:
    """Whether a short line may say something even in a menu."""
    bare = DATE.sub(" ", _YEARS.sub("", line))
    if _COPYRIGHT.search(line):
        return is_weighty(bare)
    words = " ".join(plain_words(line))
    named = {name for family, name in concepts(words) if family == "other"} & _WEIGHTY_CONCEPTS
    weighs = is_weighty(bare) if _is_prose(line) else _PERIOD.search(bare)
    return bool(named or weighs or _WEIGHTY.search(plain(line).casefold()))


def _says_nothing(line: str) -> bool:
    """Whether a sentence outside the policy speaks of nothing that policies speak of."""
    words = " ".join(plain_words(line))
    return _is_english(line) and not (_is_about(line) or concepts(words) or ACTS.search(words) or _is_weighty(line))
