"""Time stamps by a third party: a real authority (openssl's) behind a small server, and tokens that are wrong in every way."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authority import Authority, answering
from click.testing import Result
from samples import commit, git

from conftest import Cli
from policytrail.archive.folder import newest_name, read_folder
from policytrail.archive.store import load_versions
from policytrail.errors import RepositoryError, UsageError
from policytrail.model.version import Version
from policytrail.verify.timestamp import answered, certificates_of, check_stamps, query
from policytrail.workspace import Workspace

VERSION = "2020-01-01"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "own")


@pytest.fixture
def url(authority: Authority) -> Iterator[str]:
    with answering(authority) as address:
        yield address


def run(root: Path, status: int, *words: str) -> Result:
    result = Cli(root)(*words)
    assert result.exit_code == status, (words, result.output)
    return result


def findings(root: Path, status: int, *words: str) -> list[tuple[str, str]]:
    found = json.loads(run(root, status, "verify", "--format", "json", *words).stdout)["findings"]
    return [(each["name"], each["message"]) for each in found if each["name"].startswith("timestamp")]


def test_a_token_holds_for_its_bytes_and_its_authority_only(
    authority: Authority, released: Path, tmp_path: Path
) -> None:
    folder = read_folder(Workspace(released), VERSION)
    (version,) = load_versions(Workspace(released))
    name = newest_name(folder)
    content = folder.files[name]
    asked = query(content)
    record = {"tsa": "https://tsa.example/", "file": name, **answered(asked, authority.answer(asked.body))}
    trusted = certificates_of(authority.root.read_bytes())

    def judged(record: dict[str, object], certificates: list[object] = trusted, **of_version: object) -> str:  # type: ignore[assignment]
        from policytrail.model.version import Evidence

        kept = replace(version, evidence=(Evidence("timestamp", version.announced, record, "d" * 64),), **of_version)  # type: ignore[arg-type]
        wrong, remarks = check_stamps(folder, kept, certificates, datetime.now(UTC))  # type: ignore[arg-type]
        return " ".join(f"{each.name} {each.message}" for each in (*wrong, *remarks))

    assert "timestamped https://tsa.example/ says that notice/manifest.json and what lies before it existed" in judged(
        record
    )
    assert "timestamp-unverified" in judged(record, [])
    other = Authority(tmp_path / "other")
    assert "No trusted authority signed" in judged(record, certificates_of(other.root.read_bytes()))  # type: ignore[arg-type]
    foreign = query(b"something else")
    token = base64.b64encode(authority.answer(foreign.body)).decode()
    assert "of other bytes" in judged(record | {"token": token})
    assert "of other bytes" in judged(record | {"sha256": "0" * 64})
    assert "isn't the time stamp's" in judged(record | {"at": "2020-01-01T00:00:00+00:00"})
    assert "isn't a time stamp of a file" in judged(record | {"file": "evidence/0009-site.json"})
    assert "older than the version" in judged(record, recorded=datetime.now(UTC) + timedelta(hours=1))
    for broken in ({"token": "!"}, {"token": 7}, {"at": "soon"}):
        assert "lacks what it must say" in judged(record | broken)
    assert "isn't a time stamp" in judged(record | {"token": base64.b64encode(b"x").decode()})
    whole = base64.b64decode(str(record["token"]))
    flipped = whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:]
    assert "No trusted authority" in judged(record | {"token": base64.b64encode(flipped).decode()})
    assert "lacks" in judged({})


def test_an_answer_to_another_question_is_refused(authority: Authority) -> None:
    asked, other = query(b"one"), query(b"one")
    with pytest.raises(RepositoryError, match="another question"):  # same bytes, another nonce: a replay
        answered(asked, authority.answer(other.body))
    for garbage in (b"", b"<html>", b"\x30\x03\x02\x01\x02", b"0" * 5000):
        with pytest.raises(RepositoryError, match="gave no time stamp"):
            answered(asked, garbage)


@pytest.mark.parametrize("pem", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_a_root_certificate_is_refused(pem: bytes, authority: Authority) -> None:
    with pytest.raises(UsageError, match="root certificate"):
        certificates_of(pem)
    with pytest.raises(UsageError, match="root certificate"):
        certificates_of((authority.folder / "tsa.pem").read_bytes())


@pytest.mark.slow
def test_a_release_is_stamped_and_verified_offline(repo: Path, url: str, authority: Authority) -> None:
    said = run(repo, 0, "release", "--effective", VERSION, "--as-of", VERSION, "--timestamp", url)
    assert "Its records existed at" in said.stderr
    (path,) = (repo / f"versions/{VERSION}/evidence").glob("*-timestamp.json")
    assert json.loads(path.read_text())["record"]["file"] == "notice/manifest.json"
    words = ("--as-of", VERSION)
    assert findings(repo, 0, *words)[0][0] == "timestamp-unverified"
    assert findings(repo, 0, *words, "--tsa-certificate", str(authority.root))[0][0] == "timestamped"
    # Later records are stamped again; each covers what lies before it.
    run(repo, 0, "attest", VERSION, "review", "--note", "looked through", "--by", "A. Lawyer", *words)
    run(repo, 0, "timestamp", VERSION, "--tsa", url, *words)
    found = findings(repo, 0, *words, "--tsa-certificate", str(authority.root))
    assert [name for name, _ in found] == ["timestamped", "timestamped"]
    assert "evidence/0002-review.json" in found[1][1]
    assert git(repo, "status", "--porcelain") == ""
    # openssl alone can check it, too.
    record = json.loads(next((repo / f"versions/{VERSION}/evidence").glob("0003-*")).read_text())["record"]
    (repo.parent / "token.tsr").write_bytes(base64.b64decode(record["token"]))
    authority.run(
        "ts",
        "-verify",
        "-in",
        str(repo.parent / "token.tsr"),
        "-CAfile",
        "ca.pem",
        "-data",
        str(repo / f"versions/{VERSION}" / record["file"]),
    )


@pytest.mark.slow
def test_a_forged_stamp_is_named(repo: Path, url: str, authority: Authority) -> None:
    from policytrail.archive.manifest import sealed

    run(repo, 0, "release", "--effective", VERSION, "--as-of", VERSION, "--timestamp", url)
    (path,) = (repo / f"versions/{VERSION}/evidence").glob("*-timestamp.json")
    whole = json.loads(path.read_text())
    forged = {key: value for key, value in whole.items() if key != "self"}
    forged["record"] = whole["record"] | {"at": "2020-01-01T00:00:00+00:00"}
    path.write_bytes(sealed(forged))
    commit(repo, "forged")
    found = findings(repo, 1, "--as-of", VERSION)
    assert [name for name, _ in found] == ["timestamp-wrong"]


@pytest.mark.slow
def test_a_release_stands_without_a_stamp(repo: Path, url: str, authority: Authority) -> None:
    authority.wrong = b"<html>busy</html>"
    said = run(repo, 0, "release", "--effective", VERSION, "--as-of", VERSION, "--timestamp", url)
    assert (
        f"It has no time stamp: The time-stamping authority gave no time stamp. Ask it again later, or another one. Later: policytrail timestamp {VERSION}"
        in said.stderr
    )
    head = git(repo, "rev-parse", "HEAD")
    run(repo, 1, "timestamp", VERSION, "--tsa", url)
    authority.wrong = b"0" * 300_000
    assert "more than" in run(repo, 1, "timestamp", VERSION, "--tsa", url).stderr
    assert "gave no answer" in run(repo, 1, "timestamp", VERSION, "--tsa", "http://127.0.0.1:1/").stderr
    for nonsense in ("ftp://tsa.example/", "tsa", "https://me:secret@tsa.example/"):
        refused = run(repo, 2, "timestamp", VERSION, "--tsa", nonsense)
        assert ("isn't the address" in refused.stderr, "secret" in refused.stderr) == (True, False)
    assert git(repo, "rev-parse", "HEAD") == head
    run(repo, 0, "verify", "--as-of", VERSION)
    assert isinstance(load_versions(Workspace(repo))[0], Version)
