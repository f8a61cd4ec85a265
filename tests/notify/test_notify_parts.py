"""The pure parts of delivery: addresses, lists, messages, the state machine, the tree."""

from __future__ import annotations

import email
import hashlib
import json
import sqlite3
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notice_samples import made as frozen_mail

from policytrail.errors import DeliveryError, SourceError, UsageError
from policytrail.notify.channels.message import MessageTemplate, check, content, message, message_template
from policytrail.notify.channels.smtp.server_url import server
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.primitives import merkle
from policytrail.notify.primitives.delivery_states import Outcome, Rules, Tries, recovered, step
from policytrail.notify.primitives.redact import redacted
from policytrail.notify.recipients.addresses import normalised, plain_name
from policytrail.notify.recipients.recipient_list import Bad, Recipient, Row, open_list, row
from policytrail.notify.records.report import guarded
from policytrail.workspace import Workspace


def rows(path: Path) -> list[Row]:
    return list(open_list(str(path)))


def listed(tmp_path: Path, content: bytes, name: str = "list.csv") -> list[Row]:
    (tmp_path / name).write_bytes(content)
    return rows(tmp_path / name)


def test_a_list_is_read_with_and_without_a_bom(tmp_path: Path) -> None:
    for start in (b"", b"\xef\xbb\xbf"):
        found = listed(
            tmp_path, start + "address,name,language\r\nA.b@EXAMPLE.org,Zoë,pt-BR\r\nc@example.org\r\n".encode()
        )
        assert found == [Recipient(2, "A.b@example.org", "Zoë", "pt-br"), Recipient(3, "c@example.org")]


def test_json_lines_say_the_same(tmp_path: Path) -> None:
    lines = ['{"address": "a@example.org", "name": "A"}', "", '{"address": "b@example.org", "language": null}']
    found = listed(tmp_path, "\n".join(lines).encode(), "list.jsonl")
    assert found == [Recipient(1, "a@example.org", "A"), Recipient(3, "b@example.org")]


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        (b"", 0, "empty"),
        (b"\xff\xfea\0d\0", 1, "UTF-16"),
        (b"mail,name\na@example.org,A\n", 1, "header"),
        (b"address;name\na@example.org;A\n", 1, "header"),
        (b"address,name,shoe size\na@example.org,A,43\n", 1, "header"),
        (b"address,address\na@example.org,b@example.org\n", 1, "header"),
        (b"address,name\ra@example.org,A\r", 1, "CR alone"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_line(
    tmp_path: Path, content: bytes, line: int, sentence: str
) -> None:
    with pytest.raises(SourceError, match=sentence) as caught:
        listed(tmp_path, content)
    assert caught.value.problems[0].line == line


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('"a@example.org, b@example.org",A', "exactly one"),
        ("a@example.org b@example.org,A", "exactly one"),
        ('"a@example.org\nBcc: b@example.org",A', "runs over"),
        ('a@example.org,"A\r\nBcc: b@example.org"', "runs over"),
        ("a\u200b@example.org,A", "invisible"),
        (",A", "empty"),
        ("a.example.org,A", "no mail address"),
        ("a@@example.org,A", "exactly one"),
        ("-oQ/tmp@example.org,A", "plain one"),
        ('"""a b""@example.org",A', "exactly one"),
        ("<a@example.org>,A", "plain one"),
        ("@relay.example:a@example.org,A", "exactly one"),
        ("jörg@example.org,A", "ASCII"),
        (f"a@example.org,{'x' * 2000}", "longer than"),
        ('a@example.org,"A', "never closed"),
        ("a@example.org,A,en,more", "fields"),
    ],
)
def test_a_malformed_row_is_bad_and_its_neighbours_are_not(tmp_path: Path, row: str, reason: str) -> None:
    content = f"address,name,language\nx@example.org,X,\n{row}\ny@example.org,Y,\n".encode()
    first, bad, last = listed(tmp_path, content)
    assert isinstance(bad, Bad)
    assert (bad.row, reason in bad.reason) == (3, True), bad
    assert [each.address for each in (first, last) if isinstance(each, Recipient)] == ["x@example.org", "y@example.org"]


def test_json_rows_that_are_no_recipient_are_bad(tmp_path: Path) -> None:
    lines = [
        "[1]",
        "{",
        '{"address": 1}',
        '{"address": "a@example.org", "address": "b@example.org"}',
        '{"mail": "x"}',
        "[" * 5000,
    ]
    assert all(isinstance(each, Bad) for each in listed(tmp_path, "\n".join(lines).encode(), "x.jsonl"))
    assert json.loads('"\\u000a"') == "\n"
    (only,) = listed(tmp_path, b'{"address": "a@example.org", "name": "A\\nBcc: b@example.org"}', "y.jsonl")
    assert only == Recipient(1, "a@example.org", "", cleaned=True)


@pytest.mark.parametrize(
    ("name", "language", "kept"),
    [
        ("می\u200cخواهم", "fa", ("می\u200cخواهم", "fa")),  # a joiner that Persian needs
        ("क\u094d\u200dष", "hi", ("क\u094d\u200dष", "hi")),
        ("An\u200dn", "en", ("Ann", "en")),
        ("Schiff\u00adfahrt", "de", ("Schifffahrt", "de")),
        ("Ann\tBee", "en", ("Ann Bee", "en")),
        ("A\u202ermalade", "en", ("Armalade", "en")),
        ("Ann\u200b", "en", ("Ann", "en")),
        ("=?utf-8?q?a=0ABcc:_e@x?=", "en", ("", "en")),
        ("x" * 201, "en", ("", "en")),
        ("A\0nn", "", ("Ann", "")),
        ("Ann", "en_US", ("Ann", "en-us")),
        ("Ann", "pt_BR.UTF-8", ("Ann", "pt-br")),
        ("Ann", "sr_RS@latin", ("Ann", "sr-rs")),
        ("Ann", "english please", ("Ann", "")),
    ],
)
def test_a_side_field_never_costs_anybody_the_notice(
    tmp_path: Path, name: str, language: str, kept: tuple[str, str]
) -> None:
    for number, whole in enumerate(
        (
            f'address,name,language\na@example.org,"{name}",{language}\n'.encode(),
            json.dumps({"address": "a@example.org", "name": name, "language": language}).encode(),
        )
    ):
        (found,) = listed(tmp_path, whole, f"{number}.{('csv', 'jsonl')[number]}")
        assert isinstance(found, Recipient)
        assert (found.address, found.name, found.language) == ("a@example.org", *kept)
        assert found.cleaned == ((name, language) != kept)


@given(st.text(), st.text())
def test_whatever_stands_beside_an_address_it_is_written_to(name: str, language: str) -> None:
    found = row(1, {"address": "a@example.org", "name": name, "language": language})
    assert isinstance(found, Recipient)
    message(message_template(frozen_mail().eml), "a@example.org", found.name, "1@example.org", 0.0)


def test_a_broken_row_costs_no_neighbour_the_notice(tmp_path: Path) -> None:
    around = b"".join(b"c%d@example.org,C\n" % number for number in range(200))
    for broken in (
        b'b@example.org,"B\n',
        b"b@example.org,Zo\xeb\xff\n",
        b"b@example.org,B\0\n",
        b"x" * 100_000 + b"@example.org\n",
        b'b@example.org,B"x"\n',
        b'"b@example.org"x,B\n',
    ):
        found = listed(tmp_path, b"address,name\na@example.org,A\n" + broken + around)
        told = [each.address for each in found if isinstance(each, Recipient)]
        assert [each for each in told if each != "b@example.org"] == ["a@example.org"] + [
            f"c{number}@example.org" for number in range(200)
        ], broken[:30]
        bad = [each for each in found if isinstance(each, Bad)]
        assert len(bad) + told.count("b@example.org") == 1
        assert all(each.row == 3 and each.given for each in bad)


@pytest.fixture
def users(tmp_path: Path) -> str:
    """The URL of a database with three users."""
    with sqlite3.connect(tmp_path / "users.sqlite") as made:
        made.execute("CREATE TABLE users (mail TEXT, full_name TEXT)")
        made.executemany("INSERT INTO users VALUES (?, ?)", [(f"u{n}@example.org", f"U {n}") for n in range(3)])
    return f"sqlite:///{tmp_path}/users.sqlite"


def test_a_query_s_rows_are_recipients(users: str) -> None:
    asked = "SELECT mail AS address, full_name AS name FROM users WHERE full_name LIKE 'U %' ORDER BY mail"
    assert list(open_list(users, asked))[1] == Recipient(2, "u1@example.org", "U 1")
    (only,) = open_list(users, "SELECT mail AS address, ':a::b' AS name FROM users LIMIT 1")  # no parameters of ours
    assert only == Recipient(1, "u0@example.org", ":a::b")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT mail FROM users", "columns are mail"),
        ("SELECT mail AS address, full_name AS address FROM users", "columns are address, address"),
        ("SELECT mail AS address, 1 AS phone FROM users", "columns are address, phone"),
        ("SELECT shoe AS address FROM users", "no such column: shoe$"),
        ("SELEKT", "syntax error$"),
        ("SELECT mail AS address FROM users; DELETE FROM users", "one statement at a time"),
        ("DELETE FROM users", "can't be read"),
    ],
)
def test_a_query_that_fails_is_one_sentence(users: str, query: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        list(open_list(users, query))
    assert len(list(open_list(users, "SELECT mail AS address FROM users"))) == 3


def test_a_database_and_its_query_belong_together(users: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--query which rows"):
        open_list(users)
    (tmp_path / "list.csv").write_text("address\na@example.org\n")
    with pytest.raises(UsageError, match="--query asks a database"):
        open_list(str(tmp_path / "list.csv"), "SELECT 1")
    with pytest.raises(SourceError, match="no SQLite file"):
        open_list(f"sqlite:///{tmp_path}/other.sqlite", "SELECT 1 AS address")
    assert not (tmp_path / "other.sqlite").exists()
    with pytest.raises(SourceError, match="no regular file"):
        open_list(str(tmp_path))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:canary-1@127.0.0.1:1/x?connect_timeout=1",
        "postgresql+psycopg://me:can@canary-1@127.0.0.1:1/x",
        "postgresql+psycopg://me:can/canary-1@127.0.0.1:1/x?connect_timeout=1",
        "postgresql+psycopg://me:canary-1@127.0.0.1:port/x",
        "nosuch://me:canary-1@127.0.0.1/x",
        "me:canary-1@127.0.0.1://x",
    ],
)
def test_a_database_s_password_shows_nowhere(url: str, tmp_path: Path) -> None:
    with pytest.raises((SourceError, UsageError)) as caught:
        list(open_list(url, "SELECT 1"))
    assert "canary" not in str(caught.value)
    with pytest.raises((DeliveryError, UsageError)) as refused:
        open_ledger(url, Workspace(tmp_path), "first")
    assert "canary" not in str(refused.value)


def test_international_domains_become_ascii_and_local_parts_stay() -> None:
    assert normalised("Some.One@BÜCHER.example") == "Some.One@xn--bcher-kva.example"
    assert plain_name("A\x07") == "A"


def test_only_safe_servers() -> None:
    assert server("smtp://localhost").port == 25
    assert server("smtps://mail.example.org").port == 465
    found = server("smtp+starttls://me%40x:p%3Aw@mail.example.org")
    assert (found.port, found.user, found.password) == (587, "me@x", "p:w")
    assert "p:w" not in repr(found)
    assert server("smtp://mail.example.org", allow_plain=True).host == "mail.example.org"
    for url in (
        "smtp://mail.example.org",
        "smtp://me:secret@localhost",
        "http://localhost",
        "smtp://",
        "smtp://a:b",
        "x",
    ):
        with pytest.raises(UsageError) as caught:
            server(url)
        assert "secret" not in str(caught.value)


def test_secrets_are_taken_out_of_any_text() -> None:
    text = "could not connect to postgresql://me:pa%24s@db/x: pa$s refused for smtp://q:w@h"
    assert (
        redacted(text, "postgresql://me:pa%24s@db/x")
        == "could not connect to postgresql://***@db/x: *** refused for smtp://***@h"
    )


@pytest.fixture(scope="module")
def made() -> MessageTemplate:
    return message_template(frozen_mail().eml)


@settings(max_examples=60, deadline=None)
@given(name=st.text(max_size=80), number=st.integers(0, 10**9))
def test_a_mail_has_only_its_headers_and_is_the_same_each_time(made: MessageTemplate, name: str, number: int) -> None:
    name = plain_name(name)
    raw = message(made, "a@example.org", name, "0" * 32 + "@example.org", float(number))
    assert raw == message(made, "a@example.org", name, "0" * 32 + "@example.org", float(number))
    parsed = email.message_from_bytes(raw, policy=email_policy.default)
    assert sorted(parsed.keys()) == list(made.headers)
    assert not {each.lower() for each in parsed.keys()} & {"list-unsubscribe", "bcc", "cc"}  # noqa: SIM118
    assert [each.addr_spec for each in parsed["To"].addresses] == ["a@example.org"]
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@settings(max_examples=60, deadline=None)
@given(
    name=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(("." * 74, "é", " ", "x")), max_size=6).map("".join))
)
def test_what_goes_over_the_wire_is_the_mail_with_its_dots_doubled(name: str) -> None:
    name = plain_name(name)
    frozen = EmailMessage(policy=email_policy.SMTP)
    frozen["From"] = "Example <a@example.org>"
    frozen.set_content(".\n..\n.one\n" + "." * 200 + "\n", cte="quoted-printable")
    frozen.add_alternative("<p>\n.\n</p>\n..\n", subtype="html", cte="quoted-printable")
    dotty = message_template(frozen.as_bytes())
    who = ("a@example.org", name, "0" * 32 + "@example.org", 0.0)
    lines = message(dotty, *who).split(b"\r\n")
    sent = content(dotty, *who).split(b"\r\n")
    assert sent[-2:] == [b".", b""]
    assert lines[-1] == b""
    assert sent[:-2] == [b"." + each if each.startswith(b".") else each for each in lines[:-1]]


def test_the_greeting_stands_in_both_parts_and_nothing_else_differs(made: MessageTemplate) -> None:
    frozen = email.message_from_bytes(frozen_mail().eml, policy=email_policy.default)
    sent = email.message_from_bytes(message(made, "a@example.org", "Zoë <b>", "x@y", 0.0), policy=email_policy.default)
    for kind, greeting in (("plain", "Dear Zoë <b>,\n\n"), ("html", "<p>Dear Zoë &lt;b&gt;,</p>\n")):
        here, there = (each.get_body((kind,)).get_content() for each in (sent, frozen))  # type: ignore[attr-defined]
        here, there = (each.replace("\r\n", "\n") for each in (here, there))
        assert greeting in here
        assert "".join(here.replace(greeting, "", 1).split()) == "".join(there.split())


def test_bytes_with_a_smuggled_header_or_line_end_are_refused(made: MessageTemplate) -> None:
    raw = message(made, "a@example.org", "A", "x@y", 0.0)
    for bad in (
        raw.replace(b"\r\nTo:", b"\r\nBcc: b@example.org\r\nTo:", 1),
        raw + b"\r",
        raw.replace(b"\r\n", b"\n", 1),
        raw + b"\0",
    ):
        with pytest.raises(ValueError, match="the mail would"):
            check(bad, made.headers)


def test_each_outcome_takes_its_arrow() -> None:
    rules, fresh = Rules(), Tries(first=1000.0)
    cases: list[tuple[Outcome, Rules, float, str]] = [
        (Outcome("accepted"), rules, 1000, "accepted"),
        (Outcome("refused"), rules, 1000, "refused"),
        (Outcome("deferred"), rules, 1000, "queued"),
        (Outcome("deferred"), rules, 1000 + 72 * 3600, "expired"),
        (Outcome("dropped"), rules, 1000, "queued"),
        (Outcome("doubtful"), rules, 1000, "queued"),
        (Outcome("doubtful"), Rules(hold_doubtful=True), 1000, "in_doubt"),
    ]
    for outcome, used, now, state in cases:
        assert step(fresh, outcome, now, 0.5, used).state == state
    assert step(fresh, Outcome("dropped"), 1000, 0.5, rules).tries.attempt == 0
    assert step(Tries(1000, doubts=2), Outcome("doubtful"), 1000, 0.5, rules).state == "in_doubt"
    assert [recovered(*each) for each in ((True, True), (True, False), (False, True), (False, False))] == [
        "queued",
        "queued",
        "in_doubt",
        "queued",
    ]


@given(st.integers(0, 60), st.floats(0, 1))
def test_waits_double_up_to_the_longest(attempt: int, jitter: float) -> None:
    rules = Rules()
    after = step(Tries(0.0, attempt), Outcome("deferred"), 1.0, jitter, rules)
    assert 0.75 * 5 <= after.next_at - 1.0 <= 1.25 * 4000
    assert after.tries.attempt == attempt + 1


def naive(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + naive(leaves[:half]) + naive(leaves[half:])).digest()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 7, 8, 9, 21, 33])
def test_the_root_is_rfc_6962_and_every_path_proves_its_leaf_only(size: int) -> None:
    leaves = [hashlib.sha256(bytes([each])).digest() for each in range(size)]
    root = merkle.root(leaves)
    assert root == naive(leaves)
    for index, leaf in enumerate(leaves):
        path = merkle.proof(leaves, index)
        assert merkle.verify(leaf, index, size, path, root)
        assert not merkle.verify(hashlib.sha256(b"other").digest(), index, size, path, root)
        assert not any(merkle.verify(leaf, other, size, path, root) for other in range(size) if other != index)
        if path:
            assert not merkle.verify(leaf, index, size, path[:-1], root)
            assert not merkle.verify(leaf, index, size, [*path, path[0]], root)


def test_the_published_vectors_of_rfc_6962() -> None:
    """The eight leaves of the Certificate Transparency test suite and the roots of their first 1, 2, 3 and 8."""
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(each)).digest() for each in data]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in roots.items():
        assert merkle.root(leaves[:size]).hex() == root


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    assert [guarded(each) for each in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "a=b")] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "'\rx",
        "a=b",
    ]
