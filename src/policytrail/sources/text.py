"""Characters that may stand in a source: what the eye can't see is refused, so that no change can hide."""

from __future__ import annotations

import unicodedata

from ..errors import Problem, SourceError

_ALLOWED_CONTROLS = frozenset("\n\t")
# Zero-width (non-)joiners carry meaning in scripts such as Persian and Hindi; anywhere else they hide.
_JOINERS = frozenset("\u200c\u200d")
_JOINING_SCRIPTS = ("ARABIC", "SYRIAC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA")


def check_characters(path: str, text: str, first_line: int = 1) -> None:
    """Raise SourceError for control, bidirectional, zero-width and other invisible characters, and for text not in NFC."""
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), first_line):
        if line.isascii() and line.isprintable():
            continue
        problems += [_problem(path, number, each) for each in sorted(_hidden(line))]
        if not unicodedata.is_normalized("NFC", line):
            mend = "Save it in normal form C (NFC)."
            problems.append(Problem(path, number, "This line is spelt with decomposed characters.", mend))
    if problems:
        raise SourceError.of(problems)


def without_hidden(text: str) -> str:
    """Text from elsewhere without the characters that `check_characters` refuses."""
    return "".join(each for place, each in enumerate(text) if not _is_hidden(text, place))


def _problem(path: str, line: int, char: str) -> Problem:
    name = unicodedata.name(char, "a control character").lower()
    return Problem(path, line, f"An invisible character stands here: U+{ord(char):04X} ({name}).", "Delete it.")


def _hidden(line: str) -> set[str]:
    return {char for place, char in enumerate(line) if _is_hidden(line, place)}


def _is_hidden(line: str, place: int) -> bool:
    char = line[place]
    if char in _ALLOWED_CONTROLS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return False
    return not (char in _JOINERS and place and unicodedata.name(line[place - 1], "").startswith(_JOINING_SCRIPTS))
