"""Time stamps by a third party (RFC 3161): what is asked, what the answer must hold, and its check without a network. Pure.

A stamp is of the newest file in a version's chain of evidence. That file names the one before, down to the notice and the
version's manifest, so all of them existed when the authority signed. The tokens are read and checked by rfc3161-client
(extra `timestamp`), at the time that the token names: an authority's certificate may expire later.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from policytrail.archive.folder import Folder
from policytrail.archive.manifest import sha256
from policytrail.errors import Problem, RepositoryError, UsageError
from policytrail.model.version import Evidence, Version
from policytrail.workspace import VERSIONS

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

KIND = "timestamp"
_SHA256 = "2.16.840.1.101.3.4.2.1"
_SKEW = timedelta(minutes=5)
_MEND = "Restore the records from git."
_EXTRA = "Time stamps need the extra: pip install 'policytrail[timestamp]'."


@dataclass(frozen=True)
class Query:
    """One question to an authority: the bytes to send, and what the answer must repeat."""

    body: bytes
    nonce: int | None
    digest: str


def query(content: bytes) -> Query:
    """The question for a file. Raises UsageError without the extra."""
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # saves 38 ms
    except ImportError:
        raise UsageError(_EXTRA) from None
    made = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    return Query(made.as_bytes(), made.nonce, sha256(content))


def answered(asked: Query, answer: bytes) -> dict[str, Any]:
    """What goes on record of an answer: the token whole, and the instant that it names. Raises RepositoryError."""
    found = _decoded(answer)
    if found is None or found.status != 0:
        raise RepositoryError("The time-stamping authority gave no time stamp. Ask it again later, or another one.")
    told = found.tst_info
    if _imprint(found) != asked.digest or told.nonce != asked.nonce:
        raise RepositoryError("The time-stamping authority answered another question. Nothing was recorded.")
    return {"at": told.gen_time.isoformat(), "sha256": asked.digest, "token": base64.b64encode(answer).decode()}


def check_stamps(
    folder: Folder, version: Version, certificates: Sequence[Certificate], now: datetime
) -> tuple[list[Problem], list[Problem]]:
    """Problems and remarks about a version's time stamps. In: the certificates of authorities that are trusted (none:
    signatures can't be told), the clock."""
    problems: list[Problem] = []
    remarks: list[Problem] = []
    for number, evidence in enumerate(version.evidence, 1):
        if evidence.kind != KIND:
            continue
        where = f"{VERSIONS}/{version.id}/evidence/{number:04d}-{KIND}.json"
        try:
            wrong = list(_wrong(folder, version, evidence, certificates, now))
        except ImportError:
            remarks.append(Problem(where, 0, _EXTRA, "", "timestamp-unverified"))
            continue
        except (KeyError, TypeError, ValueError):
            wrong = ["This record of a time stamp lacks what it must say."]
        problems += [Problem(where, 0, sentence, _MEND, "timestamp-wrong") for sentence in wrong]
        if not wrong:
            remarks.append(_remark(where, evidence.record, bool(certificates)))
    return problems, remarks


def _remark(where: str, record: Mapping[str, Any], verified: bool) -> Problem:
    said = f"{record['tsa']} says that {record['file']} and what lies before it existed at {record['at']}"
    if verified:
        return Problem(where, 0, f"{said}; its signature holds.", "", "timestamped")
    hint = "its signature isn't checked without --tsa-certificate."
    return Problem(where, 0, f"{said}; {hint}", "", "timestamp-unverified")


def _wrong(
    folder: Folder, version: Version, evidence: Evidence, certificates: Sequence[Certificate], now: datetime
) -> Iterator[str]:
    record = evidence.record
    content = folder.files.get(str(record["file"]))
    found = _decoded(base64.b64decode(record["token"], validate=True))
    if found is None or content is None:
        yield "This isn't a time stamp of a file of this version."
        return
    at = found.tst_info.gen_time
    if _imprint(found) != sha256(content) or record["sha256"] != sha256(content):
        yield f"The time stamp is of other bytes than {record['file']} has."
    if at != datetime.fromisoformat(record["at"]) or at > now + _SKEW:
        yield "The instant of this record isn't the time stamp's, or lies in the future."
    if version.recorded is not None and at + _SKEW < version.recorded:
        yield "The time stamp is older than the version that it is of."
    if certificates and (reason := _unsigned(found, content, certificates)):
        yield f"No trusted authority signed this time stamp ({reason})."


def _unsigned(found: TimeStampResponse, content: bytes, certificates: Sequence[Certificate]) -> str | None:
    from rfc3161_client import VerificationError, VerifierBuilder  # saves 38 ms

    roots = [certificate for certificate in certificates if certificate.issuer == certificate.subject]
    others = [certificate for certificate in certificates if certificate.issuer != certificate.subject]
    try:
        VerifierBuilder(roots=roots, intermediates=others).build().verify_message(found, content)
    except (VerificationError, ValueError) as error:
        return str(error).partition(": ErrorStack")[0]
    return None


def _decoded(answer: bytes) -> TimeStampResponse | None:
    from rfc3161_client import decode_timestamp_response  # saves 38 ms

    try:
        found = decode_timestamp_response(answer)
        return found if found.status != 0 or found.tst_info else None
    except (ValueError, TypeError):
        return None


def _imprint(found: TimeStampResponse) -> str | None:
    """The SHA-256 in a token, None where it has another hash."""
    imprint = found.tst_info.message_imprint
    return imprint.message.hex() if imprint.hash_algorithm.dotted_string == _SHA256 else None


def certificates_of(pem: bytes) -> list[Certificate]:
    """The certificates of trusted authorities. Raises UsageError for a file without a root among them."""
    try:
        from cryptography.x509 import load_pem_x509_certificates  # saves 29 ms
    except ImportError:
        raise UsageError(_EXTRA) from None
    try:
        found = load_pem_x509_certificates(pem)
    except ValueError:
        found = []
    if not any(certificate.issuer == certificate.subject for certificate in found):
        raise UsageError("--tsa-certificate needs a PEM file with the authority's root certificate in it.")
    return found
