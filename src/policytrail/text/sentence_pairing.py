"""Sentences that changed, paired where they are alike: in order, and with what one of them was split into or joined from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .words import WORD

SIMILAR = 0.45  # sentences that share about half of their words are one sentence, changed
_WORDS = re.compile(WORD)
_REACH = 40  # in long runs a sentence is only compared with so many around its place
_GAIN = 0.02  # a neighbour belongs to a pair when it makes the pair so much more alike

Run = tuple[int, int, int, int]


def alike(old: str, new: str, cutoff: float = 0.0) -> float:
    """The share of words that two texts have in common, in order: 0 to 1, and 0 below the cutoff."""
    return share(words_in(old), words_in(new), cutoff)


def share(old: Sequence[str], new: Sequence[str], cutoff: float = 0.0) -> float:
    """The share of words that two lists of words have in common, in order: 0 to 1, and 0 below the cutoff."""
    from rapidfuzz.distance import Indel  # saves 8 ms: most runs of `check` have no sentences to pair

    return float(Indel.normalized_similarity(old, new, score_cutoff=cutoff))


def words_in(text: str) -> list[str]:
    """The words without signs: commas and list marks make no two sentences alike. Where there are no words, the text."""
    return _WORDS.findall(text.lower()) or [text]


def paired(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """In: changed sentences of both sides. Out: runs old[i1:i2] and new[j1:j2] in order, one side empty where alone."""
    runs: list[Run] = []
    i = j = 0
    for k, best in [*_matches(old, new), (len(old), len(new))]:
        runs += [each for each in ((i, k, j, j), (k, k, j, best)) if each[0] < each[1] or each[2] < each[3]]
        if (k, best) != (len(old), len(new)):
            runs.append((k, k + 1, best, best + 1))
        i, j = k + 1, best + 1
    return list(_grown(old, new, runs))


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The most alike first, none that would cross one taken before."""
    taken: list[tuple[int, int]] = []
    for _, i, j in sorted(_scores(old, new), key=lambda score: (-score[0], score[1], score[2])):
        if all((i < x and j < y) or (i > x and j > y) for x, y in taken):
            taken.append((i, j))
    return sorted(taken)


def _scores(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[float, int, int]]:
    before, after = [[words_in(each) for each in side] for side in (old, new)]
    for i, words in enumerate(before):
        middle = i * len(new) // len(old)
        for j in range(max(0, middle - _REACH), min(len(new), middle + _REACH)):
            score = share(words, after[j], SIMILAR) if _may_be_one(old[i], new[j]) else 0.0
            if score:
                yield score, i, j


def _may_be_one(old: str, new: str) -> bool:
    """Whether two lines may be one that changed: a row of a table is another one where its first cell has other words."""
    if not (old.lstrip().startswith("|") and new.lstrip().startswith("|")):
        return True
    one, two = (words_in(row.lstrip().lstrip("|").partition("|")[0]) for row in (old, new))
    return share(one, two, SIMILAR) > 0


def _grown(old: Sequence[str], new: Sequence[str], runs: list[Run]) -> Iterator[Run]:
    """A lone neighbour joins a pair that it was split from: "A and B." became "A. B."."""
    held: Run | None = None
    for run in runs:
        if held and _belongs(old, new, held, run):
            held = (held[0], run[1], held[2], run[3])
            continue
        if held:
            yield held
        held = run
    if held:
        yield held


def _belongs(old: Sequence[str], new: Sequence[str], left: Run, right: Run) -> bool:
    lone = [each[0] == each[1] or each[2] == each[3] for each in (left, right)]
    if all(lone) or not any(lone):
        return False
    pair = right if lone[0] else left
    return _like(old, new, (left[0], right[1], left[2], right[3])) > _like(old, new, pair) + _GAIN


def _like(old: Sequence[str], new: Sequence[str], run: Run) -> float:
    return alike("".join(old[run[0] : run[1]]), "".join(new[run[2] : run[3]]))
