"""How well are plain policies judged? Scores a labelled file of pairs.

    python bench/materiality.py FILE.jsonl [--verbose] [--mutate N]

Each line: `id`, `old_text`, `new_text`, `label` (M material, R a lawyer would look, N harmless, E editorial).
Prints the table label x verdict, the misses, the shares, and pairs per second. `--mutate N` makes N edits of every kind
in texts of the file (see `mutations.py`) and prints how they are judged: none that alters the meaning may be editorial.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path

from mutations import CHANGING, KEEPING, Edit
from policytrail import Comparison, compare_texts

LABELS, VERDICTS = "MRNE", ("material", "review", "editorial", "none")
QUIET = ("editorial", "none")
Pair = dict[str, str]


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--verbose", action="store_true", help="name the pairs behind each wrong verdict")
    parser.add_argument("--mutate", type=int, default=0, metavar="N", help="judge N edits of each kind as well")
    parser.add_argument("--seed", type=int, default=1, help="for the edits")
    options = parser.parse_args()
    pairs = [json.loads(line) for line in options.file.read_text().splitlines() if line.strip()]
    _score(pairs, options.verbose)
    if options.mutate:
        rng = random.Random(options.seed)
        print("\nedits that alter the meaning: how many are called editorial (none may be)")
        _mutate(pairs, CHANGING, options.mutate, rng, show=True)
        print("\nedits that keep the meaning: how many are called editorial")
        _mutate(pairs, KEEPING, options.mutate, rng, show=options.verbose)


def _score(pairs: list[Pair], verbose: bool) -> None:
    start = time.perf_counter()
    found = [(pair, compare_texts(pair["old_text"], pair["new_text"])) for pair in pairs]
    seconds = time.perf_counter() - start
    table = Counter((pair["label"], str(comparison.severity)) for pair, comparison in found)
    print("label " + "".join(f"{each:>11}" for each in VERDICTS))
    for label in LABELS:
        print(f"{label:5} " + "".join(f"{table[label, each]:11}" for each in VERDICTS))
    _shares(table, len(pairs))
    misses = [pair["id"] for pair, comparison in found if pair["label"] in "MR" and comparison.severity in QUIET]
    print(f"misses (M or R called editorial): {len(misses)} {' '.join(misses)}")
    print(f"pairs per second: {len(pairs) / seconds:.1f}")
    if verbose:
        _explain(found)


def _shares(table: Counter[tuple[str, str]], total: int) -> None:
    def count(labels: str, *verdicts: str) -> int:
        return sum(table[label, verdict] for label in labels for verdict in verdicts)

    def share(part: int, whole: int) -> str:
        return f"{part} of {whole} ({part / whole:.0%})" if whole else "none"

    print("E called editorial:", share(count("E", "editorial", "none"), count("E", *VERDICTS)))
    print("M called material:", share(count("M", "material"), count("M", *VERDICTS)))
    print("material that is M or R:", share(count("MR", "material"), count(LABELS, "material")))
    print("sent to review:", share(count(LABELS, "review"), total))


def _explain(found: list[tuple[Pair, Comparison]]) -> None:
    wanted = {"M": ("material",), "R": ("material", "review"), "N": ("review", "editorial"), "E": ("editorial", "none")}
    for pair, comparison in found:
        if str(comparison.severity) in wanted[pair["label"]]:
            continue
        print(f"\n{pair['label']} {pair['id']}: {comparison.severity}")
        for change in comparison.changes[:3]:
            sides = " -> ".join(repr(str(side)[:160]) for side in (change.before, change.after))
            print(f"  {change.severity} {change.kind} [{change.evidence}] {sides}")


def _mutate(pairs: list[Pair], edits: dict[str, Edit], number: int, rng: random.Random, show: bool) -> None:
    """Judges `number` edits of each kind, at random places of random texts; `show` prints those judged wrongly."""
    for name, edit in edits.items():
        judged: Counter[str] = Counter()
        for _ in range(20 * number):
            old = rng.choice(pairs)["old_text"]
            new = edit(rng, old)
            if new is None or judged.total() >= number:
                continue
            comparison = compare_texts(old, new)
            judged[str(comparison.severity)] += 1
            if show and (str(comparison.severity) in QUIET) == (edits is CHANGING):
                change = comparison.changes[0]
                print(
                    f"    {name}: {change.rule} [{change.evidence}] {str(change.before)[:200]!r} -> {str(change.after)[:200]!r}"
                )
        quiet = judged["editorial"] + judged["none"]
        print(
            f"{name:18} {quiet:4} of {judged.total():4}   " + ", ".join(f"{k} {v}" for k, v in sorted(judged.items()))
        )


if __name__ == "__main__":
    main()
