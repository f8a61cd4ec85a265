"""The voluntary list ("tell me of every change"): another stream than the legal notice, another sender, one-click unsubscribe.

It never counts as the notice that is owed. People leave it without leaving the legal notice.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from email import policy as email_policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from policytrail.errors import UsageError
from policytrail.languages import ENGLISH, catalogue
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.addresses import normalised
from policytrail.render.notice.address_header import PLACEHOLDER, with_mailboxes
from policytrail.render.notice.mail import sender_address
from policytrail.storage.files import read_text
from policytrail.workspace import Workspace

STREAM = "updates"


def checked_unsubscribe(url: str) -> str:
    """The address for one-click unsubscribing (RFC 8058). Raises UsageError unless it is https with one {token} in it."""
    parts = urlsplit(url)
    plain = url.isascii() and url.isprintable() and not any(each in url for each in " <>\"'") and len(url) <= 800
    if parts.scheme != "https" or not parts.hostname or url.count("{token}") != 1 or not plain:
        raise UsageError(
            "--unsubscribe must be an https:// address with {token} in it, such as https://example.org/stop?t={token}."
        )
    return url


def message(notice: Mapping[str, Any], manifest: str, sender: str) -> bytes:
    """The update as a message without a recipient. In: the frozen notice.json, the version's manifest hash, the From header.

    Pure. Raises UsageError where the sender is the legal notice's, or none at all.
    """
    legal = parseaddr(str(notice["sender"]))[1]
    address = sender_address(sender)
    if address.addr_spec.lower() == legal.lower():
        raise UsageError(f"The voluntary list needs a sender of its own: {legal} is the legal notice's.")
    say = (catalogue(notice["language"]) or ENGLISH).say
    subject = say("Policy update: {subject}", subject=notice["subject"])
    links: list[Mapping[str, Any]] = next((part["items"] for part in notice["parts"] if part["id"] == "links"), [])
    words = [
        str(notice["summary"]),
        *(f"{item['text']} {item['url']}".strip() for item in links),
        say(
            "You get this message because you asked {name} to tell you of every change of this document. It isn't the notice "
            "that the policy promises. To stop it, use the unsubscribe button of your mail program, or reply.",
            name=notice["organization"],
        ),
        say("Fingerprint of the version (SHA-256 of its manifest): {manifest}", manifest=manifest),
    ]
    made = EmailMessage(policy=email_policy.SMTP)
    made["From"] = PLACEHOLDER
    made["Subject"] = subject
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n\n".join([subject, *words]) + "\n", cte="quoted-printable")
    page = "".join(f"<p>{_linked(word)}</p>\n" for word in words)
    head = f'<!DOCTYPE html>\n<html lang="{html.escape(notice["language"])}"><body>\n<h1>{html.escape(subject)}</h1>\n'
    whole = f"{head}{page}</body></html>\n"
    made.add_alternative(whole, subtype="html", cte="quoted-printable")
    made["Content-Language"] = notice["language"]
    made.set_boundary(f"=_policytrail_{manifest[:32]}")
    return with_mailboxes(made.as_bytes(), {"From": address})


def _linked(words: str) -> str:
    before, found, after = words.partition("https://")
    url = html.escape(f"{found}{after}")
    return f'{html.escape(before)}<a href="{url}">{url}</a>' if found and " " not in after else html.escape(words)


def messages(workspace: Workspace, version: str, manifest: str, sender: str) -> dict[str, tuple[str, bytes]]:
    """The update by language (empty: the one for everybody else), each with its name in the evidence."""
    found = {}
    for path in sorted((workspace.version(version)).glob("notice*.json")):
        tag = path.name.removeprefix("notice").removesuffix(".json")
        made = message(json.loads(read_text(path)), manifest, sender)
        found[tag.removeprefix(".").lower()] = (f"update{tag}.eml", made)
    return found


def leave(ledger: Ledger, listed: Path) -> int:
    """Enter who left the list. In: a file with one address, or one token of an unsubscribe link, a line. Out: how many.

    Raises UsageError naming the first line that is neither.
    """
    table = schema.delivery.c
    with ledger.begin() as connection:
        now = ledger.now(connection)
        lines = [line.strip() for line in read_text(listed).splitlines() if line.strip()]
        tokens = {line for line in lines if "@" not in line}
        known: dict[str, bytes] = {}
        if tokens:
            rows = connection.execute(
                sa.select(table.rkey)
                .join(schema.notice, schema.notice.c.notice == table.notice)
                .where(schema.notice.c.stream == STREAM),
                execution_options={"yield_per": 1000},
            )
            known = {made: rkey for (rkey,) in rows if (made := identifiers.token(ledger.key, rkey)) in tokens}
        gone = {_who(ledger, number, line, known) for number, line in enumerate(lines, 1)}
        suppressed = schema.suppression.c
        here = sa.select(suppressed.rkey).where(suppressed.reason == "unsubscribed")
        fresh = gone - set(connection.execute(here).scalars())
        if fresh:
            connection.execute(
                schema.suppression.insert(),
                [
                    {"rkey": each, "reason": "unsubscribed", "source": listed.name[:200], "since": now}
                    for each in sorted(fresh)
                ],
            )
    return len(fresh)


def _who(ledger: Ledger, number: int, line: str, known: Mapping[str, bytes]) -> bytes:
    if line in known:
        return known[line]
    try:
        return identifiers.rkey(ledger.key, normalised(line))
    except ValueError:
        raise UsageError(
            f"Line {number} of the list of those who left is neither an address nor a token of a link."
        ) from None
