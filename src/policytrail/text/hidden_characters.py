"""Characters that may stand in a source: what the eye can't see is refused, so that no change can hide."""

from __future__ import annotations

import re
import unicodedata

from policytrail.errors import Problem, SourceError

# What git writes where two people changed the same lines; it would be read as words of the policy.
_CONFLICT = re.compile(r"(<{7}|\|{7}|>{7})( |$)")
_ALLOWED_CONTROLS = frozenset("\n\t")
# Zero-width (non-)joiners carry meaning in scripts such as Persian and Hindi; anywhere else they hide.
_JOINERS = frozenset("\u200c\u200d")
_JOINING_SCRIPTS = ("ARABIC", "SYRIAC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA")
# Letters and signs by category, but without a shape: fillers, a blank Braille cell, joiners that never show.
_SHAPELESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# They choose the look of the sign before them (an emoji, a Chinese character); after a letter they only hide.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def check_characters(path: str, text: str, first_line: int = 1) -> None:
    """Raise SourceError for control, bidirectional, zero-width and other invisible characters, for text not in NFC,
    and for merge conflicts.
    """
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), first_line):
        if _CONFLICT.match(line):
            hint = "Choose what is right, and take the lines of <, =, | and > out."
            problems.append(Problem(path, number, "A merge conflict isn't resolved here.", hint))
        if line.isascii() and line.isprintable():
            continue
        problems += [_problem(path, number, each) for each in sorted(_hidden(line))]
        if not unicodedata.is_normalized("NFC", line):
            hint = "Save it in normal form C (NFC)."
            problems.append(Problem(path, number, "This line is spelt with decomposed characters.", hint))
    if problems:
        raise SourceError.of(problems)


def without_hidden(text: str) -> str:
    """Text from elsewhere without the characters that `check_characters` refuses."""
    return "".join(each for place, each in enumerate(text) if not _is_hidden(text, place))


def _problem(path: str, line: int, char: str) -> Problem:
    name = unicodedata.name(char, "a control character").lower()
    return Problem(path, line, f"An invisible character stands here: U+{ord(char):04X} ({name}).", "Delete it.")


def _hidden(line: str) -> set[str]:
    # Most lines of any language: nothing in them that isn't seen, but for the spaces that French puts before a colon.
    if line.replace("\u00a0", " ").isprintable() and _SHAPELESS.isdisjoint(line) and not _SELECTORS.search(line):
        return set()
    return {char for place, char in enumerate(line) if _is_hidden(line, place)}


def _is_hidden(line: str, place: int) -> bool:
    char = line[place]
    if char in _SHAPELESS or (_SELECTORS.match(char) and not _takes_selector(line[place - 1 : place])):
        return True
    if char in _ALLOWED_CONTROLS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return False
    return not (char in _JOINERS and place and unicodedata.name(line[place - 1], "").startswith(_JOINING_SCRIPTS))


def _takes_selector(before: str) -> bool:
    category = unicodedata.category(before) if before else ""
    return (
        category in ("So", "Sm", "Po")
        or unicodedata.name(before or " ").startswith("CJK")
        or before in tuple("0123456789#*")
    )
