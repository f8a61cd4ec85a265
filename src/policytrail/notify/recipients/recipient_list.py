"""The list of recipients, streamed: CSV, JSON Lines or a SQL query. A bad row is reported and never sent to."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from policytrail.errors import Problem, SourceError, UsageError
from policytrail.notify.primitives.redact import one_line

from .addresses import normalised, plain_language, plain_name
from .database_url import database_url, passwords

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

COLUMNS = ("address", "name", "language")
_LONGEST_FIELD = 1024
_LONGEST_LINE = 8192


@dataclass(frozen=True)
class Recipient:
    """Somebody to be told: a normalised address, a name and a language (either may be empty), the row's number."""

    row: int
    address: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True)
class Bad:
    """A row that nobody can be told by: its number (1-based line, or row of a query), why, and how many lines it swallowed."""

    row: int
    reason: str
    lines: int = 1


Row = Recipient | Bad


class Listing:
    """A stream of rows, and the digest of everything read, which is known when the stream is used up."""

    def __init__(self, source: str, rows: Iterator[Row], hasher: Any) -> None:
        self.source = source
        self._rows = rows
        self._hasher = hasher

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the list's bytes (of a query: of its rows)."""
        return str(self._hasher.hexdigest())


def open_list(where: str, query: str | None = None) -> Listing:
    """The rows of a list. In: a file's name (.jsonl, .ndjson: JSON Lines; else CSV), or a SQLAlchemy URL with a query.

    Raises SourceError for a file that can't be used at all, UsageError for a URL without a query.
    """
    hasher = hashlib.sha256()
    if "://" in where:
        if not query:
            raise UsageError(
                "--recipients is a database; say with --query which rows: SELECT address, name, language ..."
            )
        return Listing("SQL query", _query_rows(_users(where), query, hasher), hasher)
    if query:
        raise UsageError("--query asks a database: give its URL with --recipients, or leave --query out for a file.")
    path = Path(where)
    if not path.is_file():
        wrong = "This is no regular file." if path.exists() else "There is no such list of recipients."
        raise SourceError(Problem(where, 0, wrong, "Give a CSV or JSON Lines file."))
    read = _json_rows if path.suffix.lower() in (".jsonl", ".ndjson", ".json") else _csv_rows
    return Listing(path.name, _from_file(path, read, hasher), hasher)


def _users(where: str) -> URL:
    """The URL of the users' database. SQLite would make a file that isn't there."""
    found = database_url(where, "--recipients")
    if found.get_backend_name() == "sqlite" and not Path(found.database or "").is_file():
        raise SourceError(Problem("--recipients", 0, f"There is no SQLite file {found.database}."))
    return found


def _from_file(path: Path, read: Any, hasher: Any) -> Iterator[Row]:
    try:
        with path.open("rb") as stream:
            yield from read(path.name, _lines(path.name, stream, hasher))
    except OSError as error:
        raise SourceError(Problem(path.name, 0, f"The list can't be read ({error.strerror}).")) from None


def _lines(name: str, stream: IO[bytes], hasher: Any) -> Iterator[str]:
    """The file's lines as text. One line at a time, and none longer than the limit, is ever in memory."""
    number = 0
    while raw := stream.readline(_LONGEST_LINE + 1):
        number += 1
        hasher.update(raw)
        if number == 1:
            if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise SourceError(Problem(name, 1, "This list is UTF-16.", "Save it as UTF-8."))
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) > _LONGEST_LINE:
            hint = "Look for an unclosed quote or a wrong column just before it."
            raise SourceError(Problem(name, number, f"This line is longer than {_LONGEST_LINE} bytes.", hint))
        if b"\0" in raw:
            raise SourceError(
                Problem(name, number, "There is a NUL character in this line.", "Save the list as UTF-8 text.")
            )
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            raise SourceError(Problem(name, number, "This line isn't UTF-8.", "Save the list as UTF-8.")) from None
    if not number:
        raise SourceError(Problem(name, 0, "The list is empty.", "It needs the header address,name,language."))


def _csv_rows(name: str, lines: Iterable[str]) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(lines, strict=True)
    columns: list[str] | None = None
    before = 0
    try:
        for fields in reader:
            start, before = before + 1, reader.line_num
            if columns is None:
                columns = _header(name, fields)
            elif fields:
                yield _csv_row(columns, fields, start, reader.line_num - start + 1)
    except csv.Error as error:
        if "new-line character" in str(error):
            wrong = "A line ends with CR alone, as on old Macs."
        elif "field larger" in str(error) or "unexpected end" in str(error):
            wrong = f"A quote that opens here is never closed, or a field is longer than {_LONGEST_FIELD} characters."
        else:
            wrong = f"This line is no CSV ({error})."
        raise SourceError(
            Problem(name, before + 1, wrong, "Close the quote, or save the list again (UTF-8, LF).")
        ) from None


def _header(name: str, fields: list[str]) -> list[str]:
    columns = [field.strip() for field in fields]
    if "address" not in columns or set(columns) - set(COLUMNS) or len(set(columns)) != len(columns):
        shown = ",".join(columns)[:80]
        hint = "The first line must be: address,name,language (name and language may be missing; commas between)."
        raise SourceError(Problem(name, 1, f"The header is {shown!r}.", hint))
    return columns


def _csv_row(columns: list[str], fields: list[str], line: int, lines: int) -> Row:
    if lines > 1:
        return Bad(line, f"a quoted field runs over {lines} lines", lines)
    if len(fields) > len(columns):
        return Bad(line, f"{len(fields)} fields, the header has {len(columns)}")
    return row(line, dict(zip(columns, fields, strict=False)))


def _json_rows(name: str, lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, object_pairs_hook=_once)
        except (ValueError, RecursionError):
            yield Bad(number, "this line is no JSON object with each key once")
            continue
        if not isinstance(value, dict) or set(value) - set(COLUMNS):
            yield Bad(number, "this line isn't an object with only address, name and language")
        else:
            yield row(number, value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _query_rows(url: URL, query: str, hasher: Any) -> Iterator[Row]:
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    try:
        engine = create_engine(url, hide_parameters=True)
        try:
            with engine.connect().execution_options(stream_results=True, yield_per=1000) as connection:
                found = connection.execute(text(query.replace(":", "\\:")))  # a colon is the query's own, no parameter
                columns = _columns(list(found.keys()))
                for number, values in enumerate(found, 1):
                    hasher.update(json.dumps([str(value) for value in values]).encode())
                    yield row(number, dict(zip(columns, values, strict=True)))
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError, ValueError) as error:
        said = one_line(getattr(error, "orig", None) or error, passwords(url))
        raise SourceError(Problem("--query", 0, f"The recipients can't be read from the database: {said}")) from None


def _columns(found: list[str]) -> list[str]:
    if "address" not in found or set(found) - set(COLUMNS) or len(set(found)) != len(found):
        hint = "Select address, name and language, each once; name them with AS."
        raise SourceError(Problem("--query", 0, f"The query's columns are {', '.join(found)[:200]}.", hint))
    return found


def row(number: int, values: dict[str, Any]) -> Row:
    """One row of whatever source, checked. Pure."""
    try:
        given = {key: "" if values.get(key) is None else values[key] for key in COLUMNS}
        if not all(isinstance(each, str) for each in given.values()):
            raise ValueError("a field isn't text")
        if any(len(each) > _LONGEST_FIELD for each in given.values()):
            raise ValueError(f"a field is longer than {_LONGEST_FIELD} characters")
        return Recipient(
            number, normalised(given["address"]), plain_name(given["name"]), plain_language(given["language"])
        )
    except ValueError as error:
        return Bad(number, str(error))
