"""How well are plain policies judged? Scores a labelled file of pairs.

    python bench/materiality.py FILE.jsonl [--verbose]

Each line: `id`, `old_text`, `new_text`, `label` (M material, R a lawyer would look, N harmless, E editorial).
Prints the table label x verdict, the misses, the shares, and pairs per second.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path

from policytrail import compare_texts

LABELS, VERDICTS = "MRNE", ("material", "review", "editorial", "none")


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--verbose", action="store_true", help="name the pairs behind each wrong verdict")
    options = parser.parse_args()
    pairs = [json.loads(line) for line in options.file.read_text().splitlines() if line.strip()]
    start = time.perf_counter()
    found = [(pair, compare_texts(pair["old_text"], pair["new_text"])) for pair in pairs]
    seconds = time.perf_counter() - start
    table = Counter((pair["label"], str(comparison.severity)) for pair, comparison in found)
    print("label " + "".join(f"{each:>11}" for each in VERDICTS))
    for label in LABELS:
        print(f"{label:5} " + "".join(f"{table[label, each]:11}" for each in VERDICTS))
    _shares(table, len(pairs))
    quiet = ("editorial", "none")
    misses = [pair["id"] for pair, comparison in found if pair["label"] in "MR" and comparison.severity in quiet]
    print(f"misses (M or R called editorial): {len(misses)} {' '.join(misses)}")
    print(f"pairs per second: {len(pairs) / seconds:.1f}")
    if options.verbose:
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


def _explain(found: list[tuple[dict[str, str], object]]) -> None:
    wanted = {"M": ("material",), "R": ("material", "review"), "N": ("review", "editorial"), "E": ("editorial", "none")}
    for pair, comparison in found:
        if str(comparison.severity) in wanted[pair["label"]]:  # type: ignore[attr-defined]
            continue
        print(f"\n{pair['label']} {pair['id']}: {comparison.severity}")  # type: ignore[attr-defined]
        for change in comparison.changes[:3]:  # type: ignore[attr-defined]
            sides = " -> ".join(repr(str(side)[:160]) for side in (change.before, change.after))
            print(f"  {change.severity} {change.kind} [{change.evidence}] {sides}")


if __name__ == "__main__":
    main()
