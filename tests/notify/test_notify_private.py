"""What a notice must not show: recipients in git or in another's mail, secrets, words over a line that nobody vouches for."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
from certificates import certificates
from notices import evidence, notify, people, send, write_list
from samples import git
from sinks import Server, Sink

from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.recipients import identifiers
from policytrail.workspace import Workspace


def everything_in_git(root: Path) -> bytes:
    listed = git(root, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").splitlines()
    names = "\n".join(each.split()[0] for each in listed)
    return subprocess.run(
        ["git", "cat-file", "--batch"], cwd=root, input=names.encode(), capture_output=True, check=True
    ).stdout


def marked(root: Path, sink: Server, number: int) -> None:
    """A notice to people with a marker each: nobody's is in another's mail, and none is in git, not even hashed."""
    listing = root.parent / "marked.csv"
    shapes = [
        "{}@example.org",
        "{}+tag@example.org",
        "first.{}@mail.example.org",
        "{}@xn--bcher-kva.example",
        "{}_x@example.org",
    ]
    people_ = {shapes[n % len(shapes)].format(f"p{n:06d}q"): f"Marker{n:06d}q Person" for n in range(number)}
    listing.write_text("address,name\n" + "".join(f"{address},{name}\n" for address, name in people_.items()))
    result = notify(root, "--recipients", str(listing), "--smtp", sink.url)
    assert result.exit_code == 0, result.output
    assert len(sink.sink.mails) == number
    import re

    for each in sink.sink.mails:
        marks = set(re.findall(rb"(?:p|Marker)(\d{6})q", each.raw))
        assert len(marks) == 1, each.recipient
        own = re.search(r"p(\d{6})q", each.recipient)
        assert own and marks == {own.group(1).encode()}
    blobs = everything_in_git(root).lower()
    with open_ledger(None, Workspace(root), "") as ledger:
        key = ledger.key
    for address, name in people_.items():
        assert address.encode() not in blobs
        assert name.lower().encode() not in blobs
        digests = [hashlib.sha256(address.encode()), hashlib.sha1(address.encode()), hashlib.md5(address.encode())]
        secrets = [each.hexdigest() for each in digests] + [
            identifiers.rkey(key, address).hex(),
            identifiers.twin(key, address).hex(),
        ]
        assert not any(each.encode() in blobs for each in secrets)


def test_no_marker_strays_and_git_holds_nobody(root: Path, sink: Server) -> None:
    marked(root, sink, 300)


@pytest.mark.slow
def test_no_marker_of_ten_thousand_strays(root: Path, sink: Server) -> None:
    marked(root, sink, 10_000)


def test_secrets_show_nowhere(root: Path, sink: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "canary-s3cret"
    listing = str(write_list(root.parent / "list.csv", people(2)))
    monkeypatch.setenv("POLICYTRAIL_SMTP_PASSWORD", canary)
    outputs = [
        notify(root, "--recipients", listing, "--smtp", f"smtps://me:{canary}@127.0.0.1:1"),
        notify(root, "--recipients", listing, "--smtp", "smtp+starttls://me@127.0.0.1:1"),
        notify(root, "--recipients", listing, "--smtp", f"smtp://me:{canary}@127.0.0.1"),
        notify(
            root, "--recipients", listing, "--smtp", f"smtp+starttls://me:{canary}@{sink.url.removeprefix('smtp://')}"
        ),
        notify(
            root, "--recipients", listing, "--smtp", sink.url, "--ledger", f"postgresql://me:{canary}@127.0.0.1:1/x"
        ),
        notify(
            root,
            "--recipients",
            f"postgresql+psycopg://me:{canary}@127.0.0.1:1/x",
            "--query",
            "SELECT 1",
            "--smtp",
            sink.url,
        ),
        notify(root, "--recipients", listing, "--smtp", sink.url, "--ledger", f"mysql://me:{canary}@127.0.0.1/x"),
    ]
    for each in outputs:
        assert each.exit_code in (1, 2), each.output
        assert canary not in each.output + each.stderr
    assert canary.encode() not in everything_in_git(root)
    for path in (root / ".policytrail").rglob("*"):
        assert canary.encode() not in path.read_bytes()


def test_tls_is_verified_before_anything_is_said(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl

    folder = tmp_path / "tls"
    folder.mkdir()
    found = certificates(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
    monkeypatch.setenv("POLICYTRAIL_SMTP_PASSWORD", "pass")

    class Asking(Sink):
        async def auth_PLAIN(self, server: Any, words: Any) -> Any:  # noqa: N802
            self.auths.append("PLAIN")
            from aiosmtpd.smtp import AuthResult

            return AuthResult(success=True)

    def context(name: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(*found[name])
        return made

    def tried(scheme: str, name: str | None, *words: str) -> tuple[int, Sink, str]:
        more: dict[str, Any] = {"auth_required": name is not None, "auth_require_tls": scheme != "smtps"}
        if name and scheme == "smtps":
            more["ssl_context"] = context(name)
        elif name:
            more["tls_context"] = context(name)
        sink = Asking()
        with Server(sink, **more) as server:
            url = server.url.replace("smtp://", f"{scheme}://me@")
            result = send(root, server, people(2), "--smtp", url, "--timeout", "5", *words)
        return result.exit_code, sink, result.stderr

    for scheme, name in (
        ("smtps", "name"),
        ("smtp+starttls", "expired"),
        ("smtp+starttls", "self"),
        ("smtps", "self"),
        ("smtp+starttls", "name"),
        ("smtp+starttls", None),
        ("smtps", None),
    ):
        status, sink, said = tried(scheme, name)
        assert (status, sink.auths, sink.named, sink.mails) == (1, [], [], []), (scheme, name, said)
    assert evidence(root, "started") == []
    for scheme in ("smtps", "smtp+starttls"):
        status, sink, said = tried(scheme, "good", "--limit", "1")
        assert (status, set(sink.auths), len(sink.mails)) == (0, {"PLAIN"}, 1), said
