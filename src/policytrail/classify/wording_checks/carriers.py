"""What carries the meaning of a text beside its plain words. Every proof must leave it as it is, in its place.

A proof says that two texts differ in nothing that matters. Whatever it passes over, `carriers` of both texts must be
equal: so no proof can forget a sign, and a new one can't either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from policytrail.text.sentences import is_abbreviated

from .force import FORCE, TURNING_INSIDE, is_turning
from .links import IMAGE, LINK, host_of
from .words import FORMED, MARKS, compatible, counted, fold, spelt, word_pattern

Kind = Literal["figure", "force", "border", "sign", "mark", "quotation", "link"]


class Carrier(NamedTuple):
    """One thing that carries meaning: what it is, its value, and how many letters stand before it."""

    kind: Kind
    value: str
    place: int


class Said(NamedTuple):
    """A text as it counts: its words in one spelling, where each begins, and what carries meaning among them."""

    words: tuple[str, ...]
    carriers: tuple[Carrier, ...]

    @property
    def letters(self) -> str:
        """The words without the blanks between them."""
        return "".join(self.words)


_STOPS = r".!?…;:"
_FULL_STOPS = "。！？；।॥؟؛۔．｡"
_HIDDEN = r"<!--|</?(?:del|s|strike)\b[^<>]{0,200}>|<[^<>]{0,200}\b(?:hidden|display:\s?none)\b[^<>]{0,200}>|~~"
_PATTERN = (
    r"(?P<word>(?!\d)WORD)"
    rf"|(?P<mark>{_HIDDEN}|\[[ xX]\](?!\())"
    r"|(?P<tag></?[a-zA-Z][^<>]{0,2000}>)"
    r"|\x1f(?P<link>[0-9]+)\x1f"
    r"|(?P<block>\x1d)"
    r"|(?P<item>[\x1e|]|\n[^\S\n]*\n)"
    rf"|(?P<figure>(?:(?<![\w.,/-])[-−])?\d+(?:[.,:/'’]\d+|\s?[-–—−]\s?\d+)*[{FORMED}]*)"
    rf"|(?P<stop>[{_FULL_STOPS}]|[{_STOPS}]+(?=[\"'“”’»)\]*_]*(?:\s|[\x1e\x1f|]|\Z)))"
    r"|(?P<comma>[,،、，])"
    r"|(?P<quote>[\"“”„«»])"
    r"|(?P<sign>[^\w\s])"
)
_BLOCK = re.compile(r"(?:^[^\S\n]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_QUOTED = re.compile(r"^[^\S\n]*>[^\S\n]?", re.MULTILINE)
_NO_SIGNS = frozenset("|`^~¨´¯¸\\")
_SIGNS_IN_WORDS = frozenset("%‰§¶†‡")
_LOOSE = frozenset("unless except without neither nor ohne außer sans sauf".split())  # a comma before them is a habit
_TWICE = frozenset({"had", "that"})
_LATIN = "\u024f"
_THOUSANDS = re.compile(r"(?<=[0-9])[,'’](?=[0-9]{3}\b)")
_DASHES = re.compile(r"\s?[-–—−]\s?")


def carriers(text: str) -> tuple[Carrier, ...]:
    """In: a piece of Markdown. Out: what in it carries meaning beside plain words, in order, each with its place. Pure.

    Figures with sign, separators and raised figures; words of force, with a comma that cuts one off; ends of sentences,
    clauses, entries and cells; signs; what is struck, hidden or quoted; hosts that it links to. Counted in letters of
    the text in one spelling, so whatever moves is another one.
    """
    return said(text).carriers


def is_weighty(text: str) -> bool:
    """Whether a piece of text that comes or goes as a whole may bind somebody: it has a figure, a limit, a sign or the like."""
    return any(carrier.kind in ("figure", "sign", "mark") or _turns(carrier) for carrier in carriers(text))


def _turns(carrier: Carrier) -> bool:
    value = carrier.value.strip(",")
    return carrier.kind == "force" and (is_turning(value) or bool(TURNING_INSIDE.search(value)))


@lru_cache(maxsize=8192)
def said(text: str) -> Said:
    """A text as it counts, read once."""
    return _Scanner(text).read()


@lru_cache(maxsize=2)
def _scan(ascii_only: bool) -> re.Pattern[str]:
    return re.compile(_PATTERN.replace("WORD", word_pattern("" if ascii_only else "é").pattern))


class _Scanner:
    """One walk over a text."""

    def __init__(self, text: str) -> None:
        self._links: list[str] = []
        self._text = self._readable(text)
        self._words: list[str] = []
        self._found: list[Carrier] = []
        self._place = 0
        self._last = ""  # what the last token was
        self._end = 0  # where the last word ended
        self._opened: tuple[int, int] | None = None  # a quotation that is open: its place, and the carriers before it

    def _readable(self, text: str) -> str:
        """The text without what a reader doesn't see, with a mark where a link, an entry or a quotation begins."""
        text = IMAGE.sub(r"\1", text) if "![" in text else text
        if "](" in text:
            text = LINK.sub(self._linked, text)
        text = compatible(text)
        if ">" in text:
            text = _BLOCK.sub(lambda found: "\x1d" + _QUOTED.sub("", found[0]), text)
        return MARKS.sub("\x1e", text)

    def _linked(self, found: re.Match[str]) -> str:
        self._links.append(found[1])
        return f"]\x1f{len(self._links) - 1}\x1f"

    def read(self) -> Said:
        """Everything, in order."""
        readers: dict[str, Callable[[re.Match[str]], None]] = {
            "mark": self._mark,
            "tag": self._tag,
            "link": self._link,
            "block": self._block,
            "item": self._item,
            "figure": self._figure,
            "word": self._word,
            "stop": self._stop,
            "comma": self._comma,
            "quote": self._quote,
            "sign": self._sign,
        }
        for token in _scan(self._text.isascii()).finditer(self._text):
            kind = str(token.lastgroup)
            readers[kind](token)
            self._last = kind
        inner = (each for each in self._found if each.kind != "border" or 0 < each.place < self._place)
        return Said(tuple(self._words), tuple(inner))

    def _add(self, kind: Kind, value: str) -> None:
        self._found.append(Carrier(kind, value, self._place))

    def _say(self, word: str, token: re.Match[str]) -> None:
        self._words.append(word)
        self._place += len(word)
        self._end = token.end()

    def _mark(self, token: re.Match[str]) -> None:
        text = token[0].casefold()
        self._add("mark", "struck" if text == "~~" or re.match(r"</?(?:del|s|strike)\b", text) else text[:4])

    def _tag(self, token: re.Match[str]) -> None:
        """Markup: nothing is said by it."""

    def _link(self, token: re.Match[str]) -> None:
        host = host_of(self._links[int(token["link"])], self._text)
        if host:
            self._add("link", host)

    def _block(self, token: re.Match[str]) -> None:
        self._add("quotation", "block")

    def _item(self, token: re.Match[str]) -> None:
        self._border("|")

    def _border(self, value: str) -> None:
        if self._found and self._found[-1].kind == "border" and self._found[-1].place == self._place:
            return
        self._add("border", value)

    def _figure(self, token: re.Match[str]) -> None:
        value = _DASHES.sub("-", _THOUSANDS.sub("", _decimal(token[0])))
        again = (
            self._text[self._end : token.start()].strip() == "(" and self._found[-1:] and self._words[-1:] == [value]
        )
        if again and self._found[-1].kind == "figure":  # thirty (30)
            self._end = token.end()
            return
        self._add("figure", value)
        self._say(value, token)

    def _word(self, token: re.Match[str]) -> None:
        word, kind = _read_word(token[0])
        if kind == "figure":
            self._add("figure", word)
        elif kind:
            cut = "," if self._last == "comma" and kind == "turning" and word not in _LOOSE else ""
            self._add("force", cut + word)
        elif not word.isascii() and TURNING_INSIDE.search(word):
            inside = TURNING_INSIDE.finditer(word)
            self._found += [Carrier("force", turn[0], self._place + turn.start()) for turn in inside]
        elif self._twice(word, token):
            self._end = token.end()
            return
        self._say(word, token)

    def _twice(self, word: str, token: re.Match[str]) -> bool:
        """A slip of the pen: the the."""
        blank = self._text[self._end : token.start()].isspace()
        return self._words[-1:] == [word] and blank and word.isascii() and word not in _TWICE

    def _stop(self, token: re.Match[str]) -> None:
        if token[0] == "." and is_abbreviated(self._text[max(0, token.start() - 12) : token.end()]):
            return
        self._border("?" if "?" in token[0] or "？" in token[0] or "؟" in token[0] else "|")

    def _comma(self, token: re.Match[str]) -> None:
        if self._words and self._words[-1][-1] > _LATIN:
            self._border(",")  # of other scripts we don't know which words turn a clause
        elif self._last == "word" and self._words and is_turning(self._words[-1]):
            self._add("border", ",")

    def _quote(self, token: re.Match[str]) -> None:
        if self._opened is None:
            self._opened = self._place, len(self._found)
            return
        place, before = self._opened
        self._opened = None
        held = self._found[before:]
        if any(carrier.kind in ("border", "figure") or _turns(carrier) for carrier in held):
            self._found.insert(before, Carrier("quotation", "", place))
            self._add("quotation", "")

    def _sign(self, token: re.Match[str]) -> None:
        sign = token[0]
        if sign == "&":
            self._add("force", "and")
            self._say("and", token)
        elif sign in _SIGNS_IN_WORDS or (sign not in _NO_SIGNS and unicodedata.category(sign)[0] == "S"):
            self._add("sign", sign)


@lru_cache(maxsize=16_384)
def _read_word(text: str) -> tuple[str, Literal["figure", "turning", "force", ""]]:
    """A word in the form in which it counts, and what it carries."""
    word = spelt(counted(fold(text)))
    if word[:1].isdigit():
        return word, "figure"
    return word, "turning" if is_turning(word) else "force" if word in FORCE else ""


def _decimal(text: str) -> str:
    """Figures of any script as 0 to 9; raised ones stay."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
