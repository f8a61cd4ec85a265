"""JSON of frozen versions that somebody sealed who knows the format: whatever stands in it, a sentence says so."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from releases import pending

from conftest import Cli
from policytrail.archive.folder import Folder, check_folder, read_folder, version_ids
from policytrail.archive.json_shapes import first_schema_error
from policytrail.archive.manifest import pretty, sha256
from policytrail.archive.manifest_chain import check_chain
from policytrail.archive.store import versions_of
from policytrail.errors import IntegrityError
from policytrail.model.change import canonical
from policytrail.schedule.status import status
from policytrail.workspace import Workspace

WRONG: list[Any] = [None, True, -1, 10**400, 1.5, "", "x", "2020-13-45", [], [[]], {}, {"a": {}}, "\ud800", ["a", 5], 0]
GONE = object()
RECORDS = ("manifest.json", "notice/manifest.json", "evidence/0001-site.json")
TEXTS = ("policy.json", "comparison.json")


@pytest.fixture(scope="module")
def folders(released_once: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, ...]:
    """Two versions as they lie on disk, the second announced."""
    import shutil

    root = tmp_path_factory.mktemp("shapes") / "repo"
    shutil.copytree(released_once, root, symlinks=True)
    pending(root, Cli(root))
    return tuple(read_folder(Workspace(root), identity) for identity in version_ids(Workspace(root)))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a value; of a list the first two entries."""
    if path and path != ("self",):
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for name, each in inner:
        yield from places(each, (*path, name))


def with_wrong(record: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    made = copy.deepcopy(record)
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    if wrong is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = wrong
    return made


def sealed_again(record: dict[str, Any]) -> bytes:
    rest = {key: value for key, value in record.items() if key != "self"}
    try:
        return pretty({**rest, "self": sha256(canonical(rest))})
    except UnicodeEncodeError:
        return (json.dumps(rest, sort_keys=True, indent=2) + "\n").encode()


def forged(files: Mapping[str, bytes], name: str, record: Any) -> dict[str, bytes]:
    """A version's files with one forged, and every hash above it made right again."""
    made = dict(files)
    made[name] = sealed_again(record) if name in RECORDS else (json.dumps(record, indent=2) + "\n").encode()
    if name in TEXTS:
        manifest = json.loads(made["manifest.json"])
        manifest["files"][name] = sha256(made[name])
        made["manifest.json"] = sealed_again(manifest)
    for each, ties in (
        ("notice/manifest.json", {"version_manifest": "manifest.json"}),
        ("evidence/0001-site.json", {"version_manifest": "manifest.json", "previous": "notice/manifest.json"}),
    ):
        if each != name:
            made[each] = sealed_again(json.loads(made[each]) | {key: sha256(made[file]) for key, file in ties.items()})
    return made


def judged(folders: tuple[Folder, ...], files: dict[str, bytes]) -> list[str]:
    """What is wrong with the versions, the second one forged: empty where it can be read, and worked with."""
    forgery = (folders[0], Folder(folders[1].id, files, ()))
    problems = [each for folder in forgery for each in check_folder(folder)] + check_chain(forgery)
    if problems:
        return list(map(str, problems))
    try:
        versions = versions_of(forgery)
    except IntegrityError as error:
        return list(map(str, error.problems))
    for day in (date(2020, 3, 5), date(2020, 6, 1)):
        status(versions, day)
    assert all(change.to_json() for version in versions for change in version.comparison.changes)
    return []


@pytest.mark.parametrize("name", [*RECORDS, *TEXTS])
def test_what_is_sealed_but_of_no_form_is_a_sentence(folders: tuple[Folder, ...], name: str) -> None:
    files = dict(folders[1].files)
    assert judged(folders, forged(files, name, json.loads(files[name]))) == []
    record, chance = json.loads(files[name]), random.Random(name)
    cases = [(path, wrong) for path in places(record) for wrong in [*WRONG, GONE]]
    named = 0
    for path, wrong in chance.sample(cases, min(120, len(cases))):
        found = judged(folders, forged(files, name, with_wrong(record, path, wrong)))
        assert all(each.startswith("versions/2020-0") and len(each) < 400 for each in found), (path, wrong, found)
        named += bool(found)
    assert named > 50


FORMS = {
    "duty.days": -1,
    "duty.count": "months",
    "duty.any_of": [5],
    "files.policy.md": "abc",
    "effective": "2020-W01-1",
    "announced": "２０２０-０１-０１",
    "recorded_at": "2020-01-01T00:00:00",
    "reconstructed": "no",
    "previous.sha256": [],
    "event": [],
}


@pytest.mark.parametrize("place", FORMS)
def test_the_place_is_named(folders: tuple[Folder, ...], place: str) -> None:
    record = json.loads(folders[1].files["manifest.json"])
    assert first_schema_error("manifest.json", record) is None
    path = ("files", "policy.md") if place.startswith("files.") else tuple(place.split("."))
    made = with_wrong(record, path, FORMS[place])
    assert first_schema_error("manifest.json", made) == place
    files = {"manifest.json": sealed_again(made)}
    (said,) = [str(each) for each in check_folder(Folder("2020-04-01", files, ())) if "must" in each.message]
    assert said.startswith(f"versions/2020-04-01/manifest.json: This record doesn't hold what it must at '{place}'.")


def test_clauses_that_no_section_has_are_no_version(folders: tuple[Folder, ...]) -> None:
    files = dict(folders[1].files)
    record = json.loads(files["policy.json"])
    del record["clauses"][0]
    (said,) = judged(folders, forged(files, "policy.json", record))
    assert said.startswith("versions/2020-04-01: This version can't be read") and "clauses aren't the same" in said
