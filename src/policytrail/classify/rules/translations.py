"""Kinds of change in translations. The governing text is judged by itself; these say what readers of a translation miss."""

from __future__ import annotations

from policytrail.compare.translations import PREFIX
from policytrail.model.change import Direction
from policytrail.model.difference import Difference

from .registry import NEUTRAL, About, E, Judgement, rule

_SOURCE = "WP260 para 13: a translation must be accurate, so that its readers needn't work out what is meant"


def _what(d: Difference) -> str:
    return d.path[0] if d.subject.startswith(PREFIX) else ""


@rule("translation.behind", "A translation is of an older text than its source.", _SOURCE)
def behind(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if _what(d) in ("behind", "words") else None


@rule("translation.reworded", "A translation says it in other words, while the source stays.", _SOURCE)
def reworded(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if _what(d) == "reworded" else None


@rule("translation.dropped", "A translation isn't there any more.", _SOURCE)
def dropped(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if _what(d) == "dropped" else None


@rule("translation.follows", "A translation comes, or follows its source, which is judged by itself.", _SOURCE)
def follows(d: Difference, about: About) -> Direction | Judgement | None:
    if _what(d) != "follows":
        return None
    language = d.subject.removeprefix(PREFIX)
    if language == about.new.governing != about.new.policy.language:
        return NEUTRAL  # the translation is what counts: a person reads it
    return Judgement(NEUTRAL, E, "every clause names the source's text, and the source governs")
