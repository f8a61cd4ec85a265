"""The worked example holds every fact of the real policy it was drawn from, in words of our own.

The list of facts and the archived text aren't part of this project: without them these tests skip and say so.
"""

from __future__ import annotations

import csv
import re

from places import ROOT, seed

from policytrail.sources.load import load_draft

RUN = 9  # so many words in a row count as a copy


def test_every_fact_is_held_by_a_practice_or_the_policy() -> None:
    facts = {row["id"] for row in csv.DictReader(seed("facts.csv").open())}
    draft = load_draft(ROOT / "policy")
    held = set(draft.policy.source_refs) | {ref for each in draft.practices.values() for ref in each.source_refs}
    assert len(facts) == 139
    assert sorted(facts - held) == []
    assert sorted(held - facts) == []


def test_the_words_are_our_own() -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", text.lower())

    source = words(seed("stamps-2014-01-01.txt").read_text())
    runs = {tuple(source[place : place + RUN]) for place in range(len(source) - RUN + 1)}
    copied = []
    draft = load_draft(ROOT / "policy")
    addresses = ", ".join(draft.policy.organization.address)
    for clause in draft.clauses.values():
        # An address is a fact, not a sentence.
        own = words(re.sub(r"https?://\S+", " ", clause.text.replace(addresses, " ")))
        copied += [" ".join(own[p : p + RUN]) for p in range(len(own) - RUN + 1) if tuple(own[p : p + RUN]) in runs]
    assert copied == []


def test_a_fact_that_is_unstated_stays_unstated() -> None:
    practices = load_draft(ROOT / "policy").practices
    assert practices["sharing.mailings"].data == "unstated"
    assert practices["usps.collection"].data == "unstated"
