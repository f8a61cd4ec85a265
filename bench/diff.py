"""How the redline compares with other ways: time, words changed against the fewest possible, and separate pieces.

    python bench/diff.py [PAIRS.jsonl]

PAIRS.jsonl has one JSON object a line with `old_text` and `new_text`. Without it, policies are made up.
Every time is the least of three runs. The git line counts the whole process, as a user of git would pay it. A piece of
nothing but white space is counted apart: git's word diff doesn't show them. Packages that aren't installed are named.
"""

from __future__ import annotations

import difflib
import html
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from rapidfuzz.distance import Indel

from policytrail.text.redline import redline

WORD = re.compile(r"\w+|[^\w\s]")
GIT_WORD = r"[[:alnum:]_]+|[^[:alnum:]_[:space:]]"
Marked = list[tuple[str, str]]  # (keep, insert or delete; the text) in turn
Way = Callable[[str, str], Marked]
RUNS = 3


@dataclass
class Score:
    """What one way needed over all pairs, and in how many of them it has more pieces with words than git."""

    seconds: float = 0.0
    changed: int = 0
    pieces: int = 0
    blank: int = 0
    more_than_git: int = 0


def policytrail(old: str, new: str) -> Marked:
    """This project's redline."""
    return [(each.op, each.text) for each in redline(old, new)]


def rapidfuzz(old: str, new: str) -> Marked:
    """The fewest changed words there can be."""
    a, b = WORD.findall(old), WORD.findall(new)
    found = ((op.tag, op.src_start, op.src_end, op.dest_start, op.dest_end) for op in Indel.opcodes(a, b))
    return _from_opcodes(a, b, found)


def difflib_words(old: str, new: str) -> Marked:
    """The standard library's, over words."""
    a, b = WORD.findall(old), WORD.findall(new)
    return _from_opcodes(a, b, difflib.SequenceMatcher(None, a, b).get_opcodes())


def git(old: str, new: str) -> Marked:
    """`git diff --word-diff` with the same pattern of a word."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("old", old), ("new", new)):
            Path(folder, name).write_text(text, encoding="utf-8")
        started = time.perf_counter()
        run = subprocess.run(
            [
                "git",
                "diff",
                "--no-index",
                "--no-ext-diff",
                "-U1000000",
                "--word-diff=porcelain",
                f"--word-diff-regex={GIT_WORD}",
                "old",
                "new",
            ],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        git.seconds = time.perf_counter() - started  # type: ignore[attr-defined]
    ops = {"+": "insert", "-": "delete", " ": "keep"}
    body = run.stdout.partition("\n@@")[2].split("\n")[1:]
    return _joined((ops[line[0]], line[1:] + "\n") for line in body if line[:1] in ops)


def redlines(old: str, new: str) -> Marked:
    """The package redlines."""
    from redlines import Redlines

    marks = re.compile(r"<(del|ins)>(.*?)</\1>", re.DOTALL)
    made = Redlines(old, new, markdown_style="none").output_markdown
    return _joined(("delete" if tag == "del" else "insert", text) for tag, text in marks.findall(made))


def lxml_htmldiff(old: str, new: str) -> Marked:
    """lxml's diff for HTML."""
    from lxml.html.diff import htmldiff

    made = htmldiff(*(f"<div>{html.escape(each)}</div>" for each in (old, new)))
    found = re.findall(r"<(del|ins)>(.*?)</\1>", made, re.DOTALL)
    return [({"del": "delete", "ins": "insert"}[tag], html.unescape(text)) for tag, text in found]


WAYS: dict[str, tuple[Way, str]] = {
    "policytrail": (policytrail, "policytrail"),
    "git --word-diff (process)": (git, ""),
    "rapidfuzz Indel": (rapidfuzz, "rapidfuzz"),
    "difflib": (difflib_words, "difflib"),
    "redlines": (redlines, "redlines"),
    "lxml.html.diff": (lxml_htmldiff, "lxml"),
}


def _from_opcodes(a: list[str], b: list[str], opcodes: Iterable[tuple[str, int, int, int, int]]) -> Marked:
    made: Marked = []
    for tag, i1, i2, j1, j2 in opcodes:
        if tag == "equal":
            made.append(("keep", " ".join(a[i1:i2])))
        else:
            made += [("delete", " ".join(a[i1:i2])), ("insert", " ".join(b[j1:j2]))]
    return _joined(made)


def _joined(pieces: Iterable[tuple[str, str]]) -> Marked:
    runs = groupby((each for each in pieces if each[1]), lambda each: each[0])
    return [(op, "".join(text for _, text in run)) for op, run in runs]


def main(arguments: list[str]) -> None:
    """Print the table, and how the time grows with the text."""
    pairs = _read(Path(arguments[0])) if arguments else [_made_up(seed) for seed in range(20)]
    least = sum(Indel.distance(WORD.findall(old), WORD.findall(new)) for old, new in pairs)
    limits = [_count(git(old, new))[1] for old, new in pairs]
    print(
        f"{len(pairs)} pairs, {sum(len(old) for old, _ in pairs) / 1000:.0f} KB, {least} words changed at the least\n"
    )
    print("| way | ms a pair | words changed / least | pieces with words | of white space | pairs with more than git |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    scores = {}
    for name, (way, package) in WAYS.items():
        if package and not find_spec(package):
            print(f"| {name} | not installed: pip install {package} |")
            continue
        score = scores[name] = _score(way, pairs, limits)
        print(
            f"| {name} | {score.seconds * 1000 / len(pairs):.2f} | {score.changed / max(least, 1):.3f} "
            f"| {score.pieces} | {score.blank} | {score.more_than_git} |"
        )
    ours, theirs = scores["policytrail"], scores["git --word-diff (process)"]
    print()
    _said("words changed against the fewest", f"{ours.changed / max(least, 1):.3f}", ours.changed <= 1.05 * least)
    _said("pieces against git's", f"{ours.pieces} to {theirs.pieces}", ours.pieces <= theirs.pieces)
    _growth(pairs)


def _said(what: str, figure: str, reached: bool) -> None:
    print(f"{'reached' if reached else 'MISSED ':8} {what}: {figure}")


def _read(file: Path) -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(each["old_text"], each["new_text"]) for each in rows]


def _score(way: Way, pairs: list[tuple[str, str]], limits: list[int]) -> Score:
    score = Score()
    for (old, new), limit in zip(pairs, limits, strict=True):
        seconds, made = _timed(way, old, new, RUNS)
        score.seconds += seconds
        changed, pieces, blank = _count(made)
        score.changed += changed
        score.pieces += pieces
        score.blank += blank
        score.more_than_git += pieces > limit
    return score


def _timed(way: Way, old: str, new: str, runs: int) -> tuple[float, Marked]:
    """The least time of some runs, and what was made. Git's is that of its process, without our files and parsing."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        made = way(old, new)
        times.append(getattr(way, "seconds", time.perf_counter() - started))
    return min(times), made


def _count(made: Marked) -> tuple[int, int, int]:
    """Words changed, pieces that hold words, pieces of white space alone."""
    texts = [text for op, text in made if op != "keep"]
    blank = sum(not each.strip() for each in texts)
    return sum(len(WORD.findall(each)) for each in texts), len(texts) - blank, blank


def _growth(pairs: list[tuple[str, str]]) -> None:
    """The pair nearest to 30 KB, and a hundred copies of it with paragraphs that are all different."""
    old, new = min(pairs, key=lambda pair: abs(len(pair[0]) - 30_000))
    long = ["\n\n".join(f"{copy} {each}" for copy in range(100) for each in side.split("\n\n")) for side in (old, new)]
    once, process = _timed(policytrail, old, new, 20)[0], _timed(git, old, new, 20)[0]
    cpu, often = _processor(old, new, 20), _processor(long[0], long[1], 5)
    size = f"{len(old) / 1000:.0f} KB"
    _said(f"{size} in the process, against git's", f"{once * 1000:.2f} to {process * 1000:.2f} ms", once < process)
    figure = f"{often * 1000:.1f} ms of processor time, {often / cpu:.0f} times {cpu * 1000:.2f} ms"
    _said(f"100 times {size}", figure, often <= 150 * cpu)


def _processor(old: str, new: str, runs: int) -> float:
    """The least processor time of some runs: what others do on the machine meanwhile doesn't count."""
    times = []
    for _ in range(runs):
        started = time.process_time()
        redline(old, new)
        times.append(time.process_time() - started)
    return min(times)


_NOUNS = (
    "name",
    "email address",
    "location",
    "device",
    "purchase history",
    "cookies",
    "partners",
    "account",
    "settings",
)
_FORMS = (
    "We collect your {} when you use the service.",
    "We may share your {} with {} for the purpose of security.",
    "You can ask us to delete your {}, except where the law requires us to keep it.",
    "Your {} and {} are kept for {} days.",
    "Our {} use {} to measure how often the service is used.",
    "If you do not agree, please do not send us your {}.",
)


def _made_up(seed: int) -> tuple[str, str]:
    """A policy of about 30 KB, and the same after a few edits: words, sentences, paragraphs and one move."""
    chance = random.Random(seed)
    old = [" ".join(_sentence(chance) for _ in range(4)) for _ in range(120)]
    old = [f"## {place // 8}. Part\n\n{each}" if place % 8 == 0 else each for place, each in enumerate(old)]
    new = list(old)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(new))
        words = new[place].split(" ")
        words[chance.randrange(len(words))] = chance.choice(_NOUNS)
        new[place] = " ".join(words)
    new.insert(chance.randrange(len(new)), _sentence(chance))
    del new[chance.randrange(len(new))]
    new.insert(chance.randrange(len(new)), new.pop(chance.randrange(len(new))))
    return "\n\n".join(old), "\n\n".join(new)


def _sentence(chance: random.Random) -> str:
    form = chance.choice(_FORMS)
    return form.format(*(str(chance.randint(1, 365)) if "days" in form else chance.choice(_NOUNS) for _ in range(3)))


if __name__ == "__main__":
    main(sys.argv[1:])
