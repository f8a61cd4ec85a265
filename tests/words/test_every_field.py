"""The model is walked: a change of any field of any type of practice changes the words that readers get, and they are sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from field_samples import NO_NEWS, changes_of, fields

from policytrail import practice_words
from policytrail.words.grammar import MOST_IN_ITEM, MOST_WORDS, count_words, sentences

_KEY = re.compile(r"\b[a-z]+_[a-z_]+\b")
_DETAIL = "changes in a detail"
_SAID = sorted(set(fields()) - set(NO_NEWS))
_TYPES = sorted({kind for kind, _ in _SAID})


@cache
def words(before: str, after: str) -> tuple[str, ...]:
    return tuple(change["words"] for change in practice_words(before, after))


def changes(kind: str) -> Iterator[tuple[str, str, str, str]]:
    for sort, name in _SAID:
        if sort == kind:
            yield from ((name, *change) for change in changes_of(kind, name))


@pytest.mark.parametrize("kind", _TYPES)
def test_a_change_of_each_field_is_told_in_whole_sentences(kind: str) -> None:
    for name, what, before, after in changes(kind):
        told = words(before, after)
        assert told, f"{name} {what}: nothing is told"
        for text in told:
            assert _DETAIL not in text, f"{name} {what}: {text}"
            assert not _KEY.search(text), f"{name} {what}: a raw key in: {text}"
            assert count_words(text) <= MOST_IN_ITEM, text
            for part in sentences(text):
                assert part[0].isupper() or part[0] == "“", text
                assert part[-1] in ".!?”", text


@pytest.mark.parametrize("kind", _TYPES)
def test_there_and_back_are_told_differently(kind: str) -> None:
    told = {(name, what): words(before, after) for name, what, before, after in changes(kind)}
    for (name, what), said in told.items():
        back = {"changed": "changed back", "came": "went"}.get(what)
        assert back is None or said != told[name, back], name


def test_no_sentence_is_longer_than_people_read() -> None:
    too_long = []
    for kind, name in _SAID:
        for _, before, after in changes_of(kind, name):
            parts = [part for text in words(before, after) for part in sentences(text)]
            too_long += [part for part in parts if count_words(part) > MOST_WORDS]
    assert too_long == []


def test_each_field_without_news_has_a_reason_and_exists() -> None:
    assert set(NO_NEWS) <= set(fields())
    assert all(len(reason) > 20 for reason in NO_NEWS.values())
