"""What the eye can't see in a text: characters without a shape, letters that pass for others, other encodings.

Sources: Unicode TR 36 and TR 39 (security), TR 9 (direction), TR 15 (normal forms). Nothing here changes a text
that is compared: `normal_form` only proves that two texts differ in encoding alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "invisible", "direction", "tag", "soft hyphen", "space", "control", "mixed scripts", "look-alike", "encoding"
]

_KINDS: dict[Kind, str] = {
    "direction": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "tag": "\U000e0000-\U000e007f",
    "soft hyphen": "\u00ad",
    "space": "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000",
    "invisible": "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0100-\U000e01ef",
    "control": "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ue000-\uf8ff",
}
SIGNS = re.compile("|".join(f"(?P<k{place}>[{signs}])" for place, signs in enumerate(_KINDS.values())))
_NAMES = list(_KINDS)
_WORD = re.compile(r"[^\W\d_\x00-\x7f]")
_AROUND = re.compile(r"[^\s\x21-\x26\x28-\x2c\x2e\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7e]+")
SPACES = re.compile(f"[{_KINDS['space']}]")
# Letters of other scripts, and other forms of Latin ones, that look like plain Latin (from TR 39's confusables).
_LIKE_LATIN = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf\u0410\u0412\u0415\u041a"
        "\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405\u04ae\u03bf\u03b1\u03bd\u03c1\u03b9\u03ba\u03c5"
        "\u03f2\u03f3\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u0585\u057d\u0570"
        "\u0251\u0261\u017f",
        "aeopcyxijshdqwlABEKMHOPCTYXIJSYoavpikucjABEZHIKMNOPTYXouhagf",
        strict=True,
    )
)
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"})
_JOINING = frozenset(
    {
        "ARABIC",
        "SYRIAC",
        "THAANA",
        "DEVANAGARI",
        "BENGALI",
        "GURMUKHI",
        "GUJARATI",
        "ORIYA",
        "TAMIL",
        "TELUGU",
        "KANNADA",
        "MALAYALAM",
        "SINHALA",
        "KHMER",
        "MYANMAR",
        "MONGOLIAN",
        "TIBETAN",
        "CJK",
    }
)
_NEUTRAL = frozenset(
    {"MICRO", "OHM", "KELVIN", "ANGSTROM", "FEMININE", "MASCULINE", "MODIFIER", "SUPERSCRIPT", "COMBINING"}
)


@dataclass(frozen=True)
class Finding:
    """One thing the eye can't see: its kind, its code points, the word around it, and its place (both from 1)."""

    kind: Kind
    codepoints: tuple[int, ...]
    word: str
    line: int
    column: int

    @property
    def names(self) -> str:
        """The code points in words: `U+200B zero width space`."""
        return ", ".join(describe(chr(codepoint)) for codepoint in self.codepoints)

    @property
    def sentence(self) -> str:
        """What stands where, for people."""
        return f"Line {self.line}, column {self.column}: {_WHAT[self.kind]} ({self.names}) in {spelled(self.word)}."


_WHAT: dict[Kind, str] = {
    "invisible": "an invisible character",
    "direction": "a character that turns the reading direction",
    "tag": "an invisible tag character",
    "soft hyphen": "a soft hyphen",
    "space": "a space that isn't the plain one",
    "control": "a control or private character",
    "mixed scripts": "letters of more than one script",
    "look-alike": "letters that pass for Latin ones",
    "encoding": "letters that are composed in another way (not NFC)",
}


def describe(char: str) -> str:
    """`U+200B zero width space`: a character's code point and name."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'without a name').lower()}"


def spelled(text: str) -> str:
    """The text in quotation marks, with every character that can't be seen as `<U+200B>`."""
    shown = "".join(f"<U+{ord(char):04X}>" if SIGNS.match(char) else char for char in text)
    return f'"{shown}"'


def normal_form(text: str) -> str:
    """One spelling for texts that differ in encoding alone: NFC, line ends, a byte order mark, kinds of space.

    Soft hyphens, invisible and direction characters and look-alikes stay: whoever puts one in changes the text.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", SPACES.sub(" ", lines))


def hidden(text: str) -> tuple[Finding, ...]:
    """Everything in a text that the eye can't see, in order of place."""
    if text.isascii() and not SIGNS.search(text):
        return ()
    ends = [match.start() for match in re.finditer("\n", text)]
    found = [*_signs(text), *_words(text)]
    return tuple(_finding(text, ends, *each) for each in sorted(found, key=lambda each: each[1]))


def disguised(text: str) -> frozenset[str]:
    """The characters of a text that pass for others or are composed in another way, and that a redline must spell out."""
    kinds = ("mixed scripts", "look-alike", "encoding")
    return frozenset(
        chr(each) for found in hidden(text) if found.kind in kinds for each in found.codepoints if each > 0x7F
    )


Raw = tuple[Kind, int, tuple[int, ...]]


def _finding(text: str, ends: list[int], kind: Kind, start: int, codepoints: tuple[int, ...]) -> Finding:
    line = bisect_left(ends, start)
    column = start - (ends[line - 1] + 1 if line else 0) + 1
    return Finding(kind, codepoints, _word_at(text, start), line + 1, column)


def _word_at(text: str, place: int) -> str:
    """The word around a place, no more than 30 characters on either side."""
    start, near = max(0, place - 30), text[max(0, place - 30) : place + 31]
    spans = [match.span() for match in _AROUND.finditer(near)]
    around = next((near[low:high] for low, high in spans if low <= place - start < high), near[place - start])
    if around.strip():
        return around
    before, after = text[max(0, place - 12) : place].rpartition("\n")[2], text[place : place + 13].partition("\n")[0]
    return before + after or around


def _signs(text: str) -> Iterator[Raw]:
    for sign in SIGNS.finditer(text):
        kind = _NAMES[int(str(sign.lastgroup)[1:])]
        if not (kind == "invisible" and _at_home(text, sign.start())):
            yield kind, sign.start(), (ord(sign[0]),)


def _at_home(text: str, place: int) -> bool:
    """Joiners and selectors belong to some scripts and to emoji; a byte order mark may stand first."""
    if text[place] == "\ufeff":
        return place == 0
    before = text[place - 1] if place else " "
    used = "\u200c\u200d\ufe00\ufe0e\ufe0f" + text[place] * (text[place] >= "\U000e0100")
    return text[place] in used and (_script(before) in _JOINING or unicodedata.category(before) in ("So", "Sk", "Mn"))


def _words(text: str) -> Iterator[Raw]:
    """Words with letters that aren't ASCII: another encoding, several scripts, or look-alikes of Latin."""
    latin = len(re.findall("[a-zA-Z]", text)) > len(_WORD.findall(text))
    stop = 0
    for letter in _WORD.finditer(text):
        if letter.start() < stop:
            continue
        start = _first(text, letter.start())
        word = _LETTERS.match(text, start)
        stop = word.end() if word else letter.end()
        yield from _odd(text[start:stop], start, latin)
    for mark in _UNCOMPOSED.finditer(text):
        if unicodedata.normalize("NFC", mark[0]) != mark[0]:
            yield "encoding", mark.start(), tuple(map(ord, mark[0]))


_LETTERS = re.compile(r"[\w\u200b-\u200d\u00ad\u2060]+")
_UNCOMPOSED = re.compile(
    r"\w[\u0300-\u036f\u3099\u309a\u1161-\u11ff]+|[\u037e\u0387\u1fef\u2126\u212a\u212b\uf900-\ufaff]"
)


def _first(text: str, place: int) -> int:
    while place and _LETTERS.match(text[place - 1]):
        place -= 1
    return place


def _odd(word: str, start: int, latin: bool) -> Iterator[Raw]:
    letters = [char for char in word if char.isalpha()]
    scripts = {_script(char) for char in letters} - _NEUTRAL
    if scripts & _EAST_ASIAN:
        scripts = scripts - _EAST_ASIAN - {"LATIN"}
    foreign = tuple(dict.fromkeys(ord(char) for char in letters if not char.isascii() and _passes(char)))
    if len(scripts) > 1:
        others = tuple(dict.fromkeys(ord(char) for char in letters if _script(char) != "LATIN"))
        yield "mixed scripts", start, others
    elif latin and foreign and (scripts == {"LATIN"} or all(map(_passes, letters))):
        yield "look-alike", start, foreign


def _passes(char: str) -> bool:
    return char in _LIKE_LATIN or _script(char) in ("FULLWIDTH", "MATHEMATICAL", "CIRCLED")


def _script(char: str) -> str:
    return unicodedata.name(char, "?").partition(" ")[0]


def warnings(old: str, new: str) -> tuple[str, ...]:
    """A sentence for each kind of hidden character that came with the new text or went with the old one."""
    before, after = hidden(_unlike(old, new)), hidden(_unlike(new, old))
    return (*_said("The new text has", _more(after, before)), *_said("The old text had", _more(before, after)))


def _unlike(here: str, there: str) -> str:
    """The text with every line that the other side has as well emptied: places stay as they are."""
    known = set(there.split("\n"))
    return "\n".join("" if line in known else line for line in here.split("\n"))


def _more(here: Iterable[Finding], there: Iterable[Finding]) -> dict[tuple[Kind, tuple[int, ...]], list[Finding]]:
    """What is found here more often than there, by kind and code points; a space counts wherever it stands."""
    known = Counter(_known_by(finding) for finding in there)
    found: dict[tuple[Kind, tuple[int, ...]], list[Finding]] = {}
    for finding in here:
        known[_known_by(finding)] -= 1
        if known[_known_by(finding)] < 0:
            found.setdefault((finding.kind, finding.codepoints), []).append(finding)
    return found


def _known_by(found: Finding) -> tuple[Kind, tuple[int, ...], str]:
    return found.kind, found.codepoints, "" if found.kind == "space" else found.word


def _said(who: str, found: dict[tuple[Kind, tuple[int, ...]], list[Finding]]) -> Iterator[str]:
    for (kind, _), group in found.items():
        first = group[0]
        often = f", {len(group)} times, first" if len(group) > 1 else ""
        yield (
            f"{who} {_WHAT[kind]} ({first.names}){often} in line {first.line}, column {first.column}: "
            f"{spelled(first.word)}."
        )
