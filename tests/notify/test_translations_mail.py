"""Each recipient is told, and told of a withdrawal, in their language: real command line, git, mail server and ledger."""

from __future__ import annotations

import email
import hashlib
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from notices import ON, PENDING, evidence, with_remote
from samples import commit, edit, git, repository
from sinks import Server, Sink
from translated_samples import PROMISE, WORDS, translate

from conftest import Cli

pytestmark = pytest.mark.slow


def parts(raw: bytes) -> tuple[EmailMessage, str, str]:
    """A mail with its text and its HTML."""
    read = email.message_from_bytes(raw, policy=email_policy.default)
    assert isinstance(read, EmailMessage)
    plain, page = read.get_body(("plain",)), read.get_body(("html",))
    assert plain and page
    return read, " ".join(plain.get_content().split()), page.get_content()


def test_everybody_is_told_in_their_language(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    repository(root)
    (root / ".gitignore").write_text("site/\n.policytrail/\n")
    translate(root, PROMISE, words=WORDS)
    commit(root)
    cli = Cli(root)

    def run(*words: str) -> str:
        result = cli(*words)
        assert result.exit_code == 0, (words, result.output)
        return result.stderr

    run("release", "--effective", "2020-01-01", "--as-of", "2020-01-01")
    edit(
        root, "practices/all.yaml", "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]"
    )
    edit(
        root,
        "translations/fr/words.yaml",
        "  name: nom\n",
        "  name: nom\n  job title: fonction\n  Registration: Inscription\n",
    )
    commit(root)
    run("release", "--effective", PENDING, "--as-of", "2020-03-01")
    with_remote(root)
    listing = tmp_path / "list.csv"
    listing.write_text(
        "address,name,language\na@example.org,Anne,fr\nb@example.org,,fr-CA\nc@example.org,,de\nd@example.org,,\n"
    )
    with Server(Sink()) as server:
        mailed = ("--smtp", server.url, "--first-wait", "0.1")
        run("notify", PENDING, *ON, "--recipients", str(listing), *mailed)
        told = {each.recipient: parts(each.raw) for each in server.sink.mails}
        assert {name: made["Content-Language"] for name, (made, _, _) in told.items()} == {
            "a@example.org": "fr",
            "b@example.org": "fr",
            "c@example.org": "en",
            "d@example.org": "en",
        }
        made, plain, page = told["a@example.org"]
        assert made["Subject"] == "1er avril 2020\u00a0: notre politique de confidentialité change"
        assert "Bonjour Anne," in plain and "Inscription" in plain and "« fonction »" in plain.replace("\u00a0", " ")
        assert 'lang="fr"' in page and "s'ajoute" in page.replace("&#39;", "'")
        (record,) = evidence(root, "email")
        frozen = root / f"versions/{PENDING}/notice"
        for name in ("mail.eml", "mail.fr.eml"):
            assert record["messages"][name] == hashlib.sha256((frozen / name).read_bytes()).hexdigest()
        run("withdraw", PENDING, "--reason", "it isn't needed", "--by", "A. Lawyer", "--as-of", "2020-03-10")
        git(root, "push", "--quiet")
        before = len(server.sink.mails)
        run("notify", PENDING, "--as-of", "2020-03-11", "--retraction", *mailed)
        back = {each.recipient: parts(each.raw) for each in server.sink.mails[before:]}
    assert back.keys() == told.keys()
    made, plain, _ = back["b@example.org"]
    assert (made["Content-Language"], made["Subject"]) == (
        "fr",
        "Notre politique de confidentialité ne change pas le 1er avril 2020",
    )
    assert "Elle n'aura pas lieu, et vous n'avez rien à faire." in plain and "« fonction »" in plain.replace(
        "\u00a0", " "
    )
    assert back["d@example.org"][0]["Subject"] == "Our privacy policy does not change on 1 April 2020"
    run("verify", "--as-of", "2020-04-02")
