"""Characters set right for our sources: one normal form, nothing invisible, broken signs repaired where that is certain."""

from __future__ import annotations

import re
import unicodedata

# UTF-8 once read as Windows-1252 or Latin-1: a lead sign and the signs its continuation bytes turn into. Such a run
# is no word in any language, and it is only repaired if its bytes are one valid character again.
_BYTES = {bytes([each]).decode("cp1252", "replace"): each for each in range(0x80, 0xC0)} | {
    chr(each): each for each in range(0x80, 0xC0)
}
_BYTES.pop("\ufffd", None)
_TAIL = f"[{re.escape(''.join(_BYTES))}]"
_BROKEN = re.compile(rf"[\u00c2-\u00df]{_TAIL}|[\u00e0-\u00ef]{_TAIL}{{2}}|[\u00f0-\u00f4]{_TAIL}{{3}}")
_TRACE = re.compile(r"(?<=\s)[\u00c2\u00c3\u00e2](?=\s)")
_JOINERS = "\u200c\u200d"
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """In: Markdown. Out: the same with clean characters, and a remark for each kind of repair or doubt."""
    remarks: list[str] = []
    text, repaired = _repaired(text)
    if repaired:
        remarks.append(f"Repaired broken characters: {', '.join(repaired)}.")
    text, gone = _visible(_SPACES.sub(" ", unicodedata.normalize("NFC", text)))
    if gone:
        remarks.append(f"Removed {gone} invisible characters.")
    remarks += _doubts(text)
    return text, tuple(remarks)


def _repaired(text: str) -> tuple[str, list[str]]:
    found: dict[str, str] = {}

    def repair(match: re.Match[str]) -> str:
        lead, *tail = list(match.group())
        try:
            right = bytes([ord(lead), *(_BYTES[each] for each in tail)]).decode("utf-8")
        except (UnicodeDecodeError, ValueError):
            return match.group()
        found[match.group()] = right
        return right

    text = _BROKEN.sub(repair, text)
    return text, [f"{wrong!r} to {right!r}" for wrong, right in sorted(found.items())]


def _visible(text: str) -> tuple[str, int]:
    """Without control and format characters; joiners stay out too, except between letters that they join."""
    kept = []
    for place, char in enumerate(text):
        hidden = not char.isprintable() and char not in "\n\t " and unicodedata.category(char) != "Zs"
        if not hidden or (char in _JOINERS and place and "\u0600" <= text[place - 1] <= "\u0dff"):
            kept.append(char)
    return "".join(kept), len(text) - len(kept)


def _doubts(text: str) -> list[str]:
    """Traces of broken signs that can't be repaired for certain, with the words around them."""
    doubts = []
    for match in list(_TRACE.finditer(text))[:5]:
        around = " ".join(text[max(0, match.start() - 20) : match.end() + 20].split())
        doubts.append(f"A broken character stays near {around!r}: correct it in the clause.")
    if "\ufffd" in text:
        doubts.append(f"{text.count(chr(0xFFFD))} characters were lost before the import (shown as \ufffd).")
    return doubts
