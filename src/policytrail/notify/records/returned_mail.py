"""What one mail says of a message that came back: for good or for now, why, to whom, and which message. Pure.

Read are reports in the standard's form (RFC 3464, 6533; complaints: RFC 5965), those that flufl.bounce knows, and reports in
words that quote the server (WorkMail, Office 365, OpenSMTPD, KDDI and their like).
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import policy as email_policy
from email.message import Message
from email.parser import BytesParser

from policytrail.notify.recipients.addresses import normalised

_MOST = 100  # addresses and Message-IDs of one returned mail; ours have one recipient each
_READ = 200_000  # characters of a part
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464, RFC 6533
_COMPLAINTS = ("abuse", "fraud", "virus")  # RFC 5965; `not-spam` and `auth-failure` are none
_MESSAGE_ID = re.compile(r"(?im)^[ \t>]*(?:x-)?(?:original-)?message-id:\s*<([^<>\s]{3,300})>")
_IDS = re.compile(r"<([^<>\s]{3,300})>")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_ENHANCED = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_REPLY = re.compile(r"(?<![0-9.#])([45][0-9]{2})[ -](?=[^0-9])")
_SENDER_S_FAULT = ("5.1.7", "5.1.8")
_FROM_A_SYSTEM = re.compile(r"(?i)mailer-daemon|postmaster|mail delivery|microsoftexchange|double-bounce")
_SUBJECT = re.compile(
    r"(?i)undeliver|not deliver|delivery (status|failure|has failed|failed|problem)|deliver.*(error|failed)|returned mail|"
    r"mail system error|failure notice|mail failure|unzustellbar|non remis|no se puede entregar|could not be delivered"
)
_COPY = re.compile(
    r"(?im)^[ \t>-]*(original message headers|below is a copy of the original message|--- below this line|"
    r"----- ?original message|received: )"
)
# Where a report quotes no server: what its words say, as an enhanced code (RFC 3463).
_WORDS = (
    (r"mailbox (is |was )?full|over ?quota|quota exceeded|exceeded .{0,30}quota", "5.2.2"),
    (
        r"user(\(s\))? (account )?(does not|doesn't) exist|user unknown|unknown user|no such user|recipient.{0,20}not found|"
        r"address (couldn't be|could not be|wasn't|was not) found|wasn't found at|no mailbox here|unknown recipient",
        "5.1.1",
    ),
    (
        r"could not be delivered|couldn't be delivered|delivery has failed|wasn't able to deliver|permanent error",
        "5.0.0",
    ),
)
logging.getLogger("flufl.bounce").addHandler(logging.NullHandler())  # it logs what its detectors stumble over


@dataclass(frozen=True)
class Failure:
    """One returned mail: whether it failed for good, at which addresses, the Message-IDs that it quotes, why.

    No address where the report names none that we could have written to: another kind of address, or none at all.
    `status`: the enhanced code (RFC 3463), empty where none is known. `complaint`: it arrived, and is reported as spam.
    `readable`: False where it looks returned and says nothing that can be understood.
    """

    permanent: bool
    addresses: frozenset[str] = frozenset()
    quoted: frozenset[str] = frozenset()
    status: str = ""
    complaint: bool = False
    readable: bool = True

    @property
    def is_bad_address(self) -> bool:
        """Whether the address itself is bad, rather than its mailbox full, the server away, or the message unwelcome."""
        return self.permanent and self.status.startswith("5.1.") and self.status not in _SENDER_S_FAULT


def failure(raw: bytes) -> Failure | None:
    """What a mail says failed; None where it is no returned mail and no complaint."""
    try:
        message = BytesParser(policy=email_policy.compat32).parsebytes(raw)
        texts = list(_texts(message))
        return _complaint(message, texts) or _failure(message, texts)
    except Exception:  # a stranger's mail may break any parser: it is none that can be understood
        return None


def _failure(message: Message, texts: list[str]) -> Failure | None:
    from flufl.bounce import all_failures  # saves 27 ms

    temporary, permanent = all_failures(message)
    blocks = list(_blocks(message))
    failed = [block for block in blocks if block.get("action", "").startswith("failed")]
    quoted = _quoted(message, texts)
    if blocks and not failed and not any(block.get("action", "").startswith("delayed") for block in blocks):
        return None  # it went well
    if permanent or failed:
        status = next(filter(None, map(_status, failed)), "") or _status_in_words(texts)
        return Failure(True, _some(_plain(permanent) or _named(failed)), quoted, status)
    if temporary or blocks:
        return Failure(False, quoted=quoted)
    if not _looks_returned(message):
        return None
    status = _status_in_words(texts)
    if not status:
        return Failure(False, quoted=quoted, readable=False)
    addresses = _some(_plain(_ADDRESS.findall(_report(texts))))
    return Failure(status.startswith("5"), addresses, quoted, status)


def _complaint(message: Message, texts: list[str]) -> Failure | None:
    """A complaint in the standard's form (RFC 5965)."""
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            fields = _fields(_payload(part))
            if fields.get("feedback-type", "").lower() in _COMPLAINTS:
                addresses = _some(_plain([fields.get("original-rcpt-to", "").strip("<>")]))
                return Failure(False, addresses, _quoted(message, texts), "complaint", complaint=True)
    return None


def _blocks(message: Message) -> Iterator[dict[str, str]]:
    """The fields of each recipient that a report in the standard's form names."""
    for part in message.walk():
        if part.get_content_type() in _STATUS_TYPES:
            for block in re.split(r"\r?\n[ \t]*\r?\n", _payload(part)):
                fields = _fields(block)
                if "action" in fields:
                    yield fields


def _fields(block: str) -> dict[str, str]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", block)
    pairs = (line.partition(":") for line in unfolded.splitlines())
    return {name.strip().lower(): value.strip().lower() for name, colon, value in pairs if colon}


def _status(block: dict[str, str]) -> str:
    """The enhanced code of a recipient; the server's own where the report's is general (5.0.0)."""
    said = _ENHANCED.search(block.get("status", ""))
    quoted = _ENHANCED.search(block.get("diagnostic-code", ""))
    status = said[1] if said else ""
    return quoted[1] if quoted and (not status or status.endswith(".0.0")) else status


def _named(blocks: Iterable[dict[str, str]]) -> set[str]:
    fields = [block.get(name, "") for block in blocks for name in ("final-recipient", "original-recipient")]
    values = [field.partition(";")[2].strip(" <>") for field in fields if field.startswith("rfc822")]
    return _plain(values)


def _status_in_words(texts: list[str]) -> str:
    """The code that a report quotes from the server, or what its words come to; empty where neither is found."""
    report = _report(texts)
    if found := _ENHANCED.search(report):
        return found[1]
    for words, status in _WORDS[:2]:
        if re.search(words, report, re.IGNORECASE):
            return status
    if found := _REPLY.search(report):
        return f"{found[1][0]}.0.0"
    return next((status for words, status in _WORDS[2:] if re.search(words, report, re.IGNORECASE)), "")


def _report(texts: list[str]) -> str:
    """What the report says itself, without the copy of the message."""
    return "\n".join(_COPY.split(text, maxsplit=1)[0] for text in texts[:3])


def _looks_returned(message: Message) -> bool:
    """Whether a mail system seems to have sent it because a message didn't arrive."""
    if message.get_content_type() == "multipart/report" and message.get_param("report-type") == "delivery-status":
        return True
    nobody = str(message["Return-Path"] or "").strip() == "<>"
    system = nobody or bool(_FROM_A_SYSTEM.search(str(message["From"] or "")))
    mailer = re.search(
        r"(?i)workmail|kddi|ezweb|dion", f"{message['X-Mailer']} {message['X-Original-Mailer']} {message['From']}"
    )
    return bool((system or mailer) and _SUBJECT.search(str(message["Subject"] or "")))


def _texts(message: Message) -> Iterator[str]:
    """The text of every part that has any, HTML without its tags."""
    for part in message.walk():
        if not part.is_multipart() or part.get_content_type().startswith("message/"):
            text = _payload(part)
            yield re.sub(r"<(?![^<>\s]+@)[^<>]*>", " ", text) if part.get_content_subtype() == "html" else text


def _payload(part: Message) -> str:
    content = part.get_payload(decode=True)
    raw = (
        content
        if isinstance(content, bytes)
        else b"\n\n".join(sub.as_bytes() for sub in part.get_payload() if isinstance(sub, Message))
        if part.is_multipart()
        else b""
    )
    return raw.decode("utf-8", "replace")[:_READ]


def _quoted(message: Message, texts: list[str]) -> frozenset[str]:
    """The Message-IDs of what came back: in the copy of it, or what the report says that it answers."""
    answered = _IDS.findall(f"{message['In-Reply-To'] or ''} {message['References'] or ''}")
    copied = [found for text in texts for found in _MESSAGE_ID.findall(text)]
    return _some({*copied, *answered} - {str(message["Message-ID"] or "").strip("<> ")})


def _some(found: Iterable[str]) -> frozenset[str]:
    return frozenset(sorted(found)[:_MOST])


def _plain(addresses: Iterable[str | bytes]) -> set[str]:
    found = set()
    for address in addresses:
        with contextlib.suppress(ValueError):
            found.add(normalised(address.decode("utf-8", "replace") if isinstance(address, bytes) else str(address)))
    return found
