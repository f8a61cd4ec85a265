"""What readers are told, measured: example changes scored, fields whose change is told, and the mail of the worked example.

Usage: python bench/notice.py [--shared FOLDER] [--show]

`--shared` (default: where the tests look for it) is a folder with `notice/examples.jsonl` and `notice/score.py`; without
it the examples are left out. `--show` prints each sentence beside the example's.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import tests_on_path  # noqa: F401  (before the samples, which it puts on the path)

import yaml

# isort: split
from field_samples import NO_NEWS, changes_of, fields
from places import ROOT, SHARED

from policytrail import load_versions, practice_words
from policytrail.model.change import Severity
from policytrail.render.notice.content import notice_content
from policytrail.render.notice.mail import mail
from policytrail.render.notice.outline import with_words
from policytrail.render.notice.plan import notice_json
from policytrail.words.grammar import MOST_IN_ITEM, count_words
from policytrail.workspace import Workspace

_MARK = "# until now"


def main() -> int:
    """Print all three tables. Out: 1 where a field is silent."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--shared", type=Path, default=SHARED)
    asked.add_argument("--show", action="store_true")
    options = asked.parse_args()
    examples(options.shared / "notice", options.show)
    silent = told_fields()
    mails()
    return int(bool(silent))


def examples(folder: Path, show: bool) -> None:
    """Score what is told of each example change."""
    if not (folder / "examples.jsonl").exists():
        print(f"examples: none in {folder}")
        return
    lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    told = []
    for example in map(json.loads, lines):
        said = " ".join(change["words"] for change in practice_words(*sides(example)))
        told.append({"id": example["id"], "sentence": said})
        if show:
            print(f"{example['id']}\n   told:    {said}\n   example: {example['sentence']}")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in told)
        file.flush()
        command = [sys.executable, "score.py", str(folder / "examples.jsonl"), file.name]
        subprocess.run(command, cwd=folder, check=False)


def sides(example: dict[str, Any]) -> tuple[str | None, str | None]:
    """The practice before and after: after is as it stands, before is what its remarks and values say."""
    text, before, after = example["practice"], example["before"], example["after"]
    if before is None and isinstance(after, dict) and "title" in after:
        return None, text
    made = yaml.safe_load(text)
    if isinstance(made, dict):
        made["organization"][next(iter(made["organization"]))] = before
        return yaml.safe_dump(made), text
    old = {("on" if name is True else name): value for name, value in made[0].items()}
    marked = [line.strip("- ").split(":")[0] for line in text.splitlines() if _MARK in line]
    if marked:
        old[marked[0]] = [*old[marked[0]], before] if after is None else before
    elif isinstance(after, dict):
        _without_entry(old, after)
    else:
        old = _replaced(old, after, before)
    return yaml.safe_dump([old], allow_unicode=True), text


def _without_entry(practice: dict[str, Any], rest: dict[str, Any]) -> None:
    """Take out the last entry of a list that is this besides its id."""
    for name, value in practice.items():
        found = [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
        alike = [part for part in found if {"kind": "category", **part, "id": None} == {**rest, "id": None}]
        if alike:
            practice[name] = [part for part in value if part is not alike[-1]]
            return


def _replaced(value: Any, after: Any, before: Any) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(inner, after, before) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, after, before) for inner in value]
    return before if value == after else value


def told_fields() -> list[tuple[str, str]]:
    """Count the pairs of type and field whose change changes the words; print and return those that are silent."""
    pairs, silent = set(fields()) - set(NO_NEWS), []
    for kind, name in sorted(pairs):
        said = [tuple(c["words"] for c in practice_words(old, new)) for _, old, new in changes_of(kind, name)]
        if not all(all(told) and told for told in said) or len(set(said)) < min(2, len(said)):
            silent.append((kind, name))
    print(
        f"fields: {len(pairs) - len(silent)} of {len(pairs)} pairs told, {len(NO_NEWS)} without news; silent: {silent}"
    )
    return silent


def mails() -> None:
    """Words, grade and long items of the mail of each version of the worked example, as it would be told today."""
    versions = {version.id: version for version in load_versions(Workspace(ROOT))}
    for version in versions.values():
        old = versions.get(version.comparison.old or "")
        if old is None:
            continue
        told = with_words(version.comparison, old.snapshot, version.snapshot)
        days = (version.effective, version.announced)
        made = notice_content(old.snapshot, version.snapshot, told, *days, version.id)
        material = told.of(Severity.MATERIAL)
        shown = notice_json(made, material, old.snapshot, version.snapshot)
        items = [item for group in shown["groups"] for item in group["items"]]
        named = {change for item in items for change in item["changes"]}
        long = sum(count_words(item["words"]) > MOST_IN_ITEM for item in items)
        text = re.sub(r"https?://\S+|(?m:^-+ ?)", "", mail(made, version.manifest).text)
        whole = sum(change.id in named for change in material)
        print(
            f"{version.id}: {whole} of {len(material)} material changes told, {count_words(text)} words, grade "
            f"{shown['grade']}, items over {MOST_IN_ITEM} words: {long}, subject of {len(shown['subject'])} characters"
        )


if __name__ == "__main__":
    sys.exit(main())
