"""The subject of a notice and its first sentence: the day first, and at most three topics."""

from __future__ import annotations

from datetime import date

from policytrail.languages import ENGLISH, Catalogue
from policytrail.model.change import Comparison, Severity
from policytrail.render.shared.phrases import tally, worst_first

from . import outline

_TOPICS_IN_SUBJECT = 3
_LONGEST_SUBJECT = 70


def subject(comparison: Comparison, effective: date, words: Catalogue = ENGLISH) -> str:
    """Plain and specific: the date first, what document, and which subjects change."""
    if comparison.old is None:
        return words.say("{day}: our privacy policy takes effect", day=words.day(effective))
    return _with_topics(words.say("{day}: our privacy policy changes", day=words.day(effective)), comparison, words)


def subject_afterwards(comparison: Comparison, effective: date, words: Catalogue = ENGLISH) -> str:
    """The same, said when it has happened."""
    if comparison.old is None:
        return subject(comparison, effective, words)
    return _with_topics(words.say("{day}: our privacy policy changed", day=words.day(effective)), comparison, words)


def also_subject(comparison: Comparison, effective: date, words: Catalogue = ENGLISH) -> str:
    """The same of a further change, said after the first."""
    return _with_topics(words.say("It also changes on {day}", day=words.day(effective)), comparison, words)


def _with_topics(said: str, comparison: Comparison, words: Catalogue) -> str:
    """With as many topics, three at most and the worst first, as 70 characters hold."""
    changes = worst_first(comparison.of(Severity.MATERIAL) or comparison.changes)
    named = [words.say(name) for name in outline.topics_of(changes)]
    for number in range(min(_TOPICS_IN_SUBJECT, len(named)), 0, -1):
        longer = words.say("{head} ({topics})", head=said, topics=", ".join(named[:number]))
        if len(longer) <= _LONGEST_SUBJECT:
            return longer
    return said


def summary(comparison: Comparison, effective: date, words: Catalogue = ENGLISH) -> str:
    """One sentence for banner and feeds: what, when, how many changes of which weight."""
    said = subject(comparison, effective, words)
    if comparison.old is None:
        return f"{said}."
    if comparison.changes:
        return f"{said}. " + words.say("It has {changes}.", changes=tally(comparison, words))
    return f"{said}. " + words.say("No change was found in what it says.")
