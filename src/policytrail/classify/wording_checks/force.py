"""Words of force: they decide what a sentence binds anybody to. A difference in them is never editorial."""

from __future__ import annotations

import re
from collections import Counter

from .words import words_of

FORCE = frozenset(
    "may might can could will would shall must should not no never none neither nor only always solely exclusively any all "
    "every generally usually typically normally certain some reasonable reasonably appropriate necessary required unless "
    "except if including include includes and or without before after until expressly voluntarily optional immediately "
    "promptly designed cannot both either each".split()
)
# Words that turn or limit the clause that they stand in, in the languages that policies are most often written in.
TURNING = frozenset(
    "not no never none neither nor only solely exclusively unless except without cannot hardly "
    "nicht nie niemals kein keine keinen keiner keinem nur ohne außer ausschließlich weder noch "
    "ne pas non jamais aucun aucune sans sauf seulement uniquement rien ni "
    "nunca jamás ningún ninguna sin solo sólo solamente únicamente excepto salvo nada "
    "nessun nessuno nessuna mai senza soltanto eccetto niente "
    "não nem nenhum nenhuma sem somente apenas exceto "
    "niet geen nooit zonder alleen slechts "
    "inte ej aldrig utan endast bara ikke aldri uten kun ei eikä vain "
    "nie nigdy bez tylko żaden oprócz ne ani nikdy pouze jen "
    "не ни нет никогда только без кроме лишь ні ніколи тільки лише "
    "لا لن لم ليس غير فقط إلا بدون نه فقط बिना नहीं न मत केवल सिर्फ".split()
)
# The same inside the words of languages that write none apart.
TURNING_INSIDE = re.compile(
    "[不没沒未无無非勿仅僅只除]|ない|なく|ません|のみ|だけ|以外|ไม่|เท่านั้น|ห้าม|ยกเว้น|않|없|아니|មិន|ບໍ່|မ"
)
_PHRASES = (
    "such as",
    "for example",
    "at least",
    "at most",
    "up to",
    "as needed",
    "as long as",
    "in our discretion",
    "opt out",
    "opt in",
)
_NUMBER = re.compile(r"\b[0-9][0-9.,]*\b(?:\s+(?:days?|months?|years?|hours?|weeks?|percent|%))?")


def is_turning(word: str) -> bool:
    """Whether a word turns or limits its clause: a negation, or a word like "only"."""
    return word in TURNING or word.endswith("n't")


def force_cues(old: str, new: str) -> tuple[str, ...]:
    """Which cues of force differ between two texts, in plain words ("'may' added"); empty when none does."""
    one, two = (_cues(text) for text in (old, new))
    gone = [f"'{cue}' removed" for cue in sorted(one - two)]
    come = [f"'{cue}' added" for cue in sorted(two - one)]
    return (*gone, *come)


def _is_month(words: list[str], place: int) -> bool:
    """Whether "may" is the month: May 5, 5 May."""
    beside = words[max(0, place - 1) : place] + words[place + 1 : place + 2]
    return words[place] == "may" and any(word[:1].isdigit() for word in beside)


def _cues(text: str) -> Counter[str]:
    words = words_of(text)
    found = Counter(word for place, word in enumerate(words) if word in FORCE and not _is_month(words, place))
    found.update("not" for word in words if word.endswith("n't"))
    lowered = " ".join(words)
    found.update({phrase: count for phrase in _PHRASES if (count := lowered.count(phrase))})
    found.update(match.group().strip(".,") for match in _NUMBER.finditer(lowered))
    return found
