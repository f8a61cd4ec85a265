"""What identifies a recipient and a message: keyed hashes, so that nobody without the ledger's key can guess. Pure."""

from __future__ import annotations

import hashlib
import hmac
import time

from .addresses import folded


def key_id(key: bytes) -> str:
    """The first 16 hex of the key's own hash: enough to tell a wrong key, not to find it."""
    return hashlib.sha256(b"policytrail ledger key" + key).hexdigest()[:16]


def rkey(key: bytes, address: str) -> bytes:
    """The recipient's keyed hash. In: a normalised address."""
    return hmac.digest(key, b"rkey\0" + address.encode(), "sha256")


def twin(key: bytes, address: str) -> bytes:
    """The coarser keyed hash under which likely twins meet."""
    return hmac.digest(key, b"twin\0" + folded(address).encode(), "sha256")


def message_id(key: bytes, notice: str, recipient: bytes, domain: str) -> str:
    """The Message-ID (without <>) of a notice to a recipient: the same on every attempt, so that a repeat is recognised."""
    return f"{hmac.digest(key, b'message-id' + bytes.fromhex(notice) + recipient, 'sha256').hex()[:32]}@{domain}"


def token(key: bytes, recipient: bytes) -> str:
    """What a person's unsubscribe link carries instead of an address."""
    return hmac.digest(key, b"unsubscribe\0" + recipient, "sha256").hex()[:32]


def list_digest(key: bytes, digest: str) -> str:
    """A list's digest under the key: the plain one of a short list could be guessed from git."""
    return hmac.digest(key, b"list\0" + bytes.fromhex(digest), "sha256").hex()


def notice_digest(version_manifest: str, notice_manifest: str, stream: str) -> str:
    """The notice's identity: this version, with these messages, to this stream."""
    return hashlib.sha256(f"{version_manifest}\0{notice_manifest}\0{stream}".encode()).hexdigest()


def instant(seconds: float) -> str:
    """Seconds since 1970 as text, UTC, to the millisecond: what leaves and evidence hold."""
    millis = round(seconds * 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(millis // 1000))}.{millis % 1000:03d}Z"


def event_hash(
    previous: bytes, notice: int, recipient: bytes | None, at: float, before: str, after: str, code: str, run: str
) -> bytes:
    """One link of a run's chain of events."""
    words = f"{notice}|{recipient.hex() if recipient else '-'}|{at!r}|{before}|{after}|{code}|{run}"
    return hashlib.sha256(previous + words.encode()).digest()
