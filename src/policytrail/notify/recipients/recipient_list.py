"""The list of recipients, streamed: CSV, JSON Lines or a SQL query. A bad row is reported and never sent to."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

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
    """Somebody to be told: a normalised address, a name and a language (either may be empty), the row's number.

    `cleaned`: the name or the language isn't as the list gave it.
    """

    row: int
    address: str
    name: str = ""
    language: str = ""
    cleaned: bool = False


@dataclass(frozen=True)
class Bad:
    """A row by which nobody can be told: its number (1-based line, or row of a query), why, and the row as given."""

    row: int
    reason: str
    given: str = ""


Row = Recipient | Bad


class Listing:
    """A stream of rows, and the digest of everything read, which is known when the stream is used up."""

    def __init__(self, source: str, rows: Iterator[Row], hasher: Any) -> None:
        self.source = source
        self._rows = rows
        self._hasher = hasher

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def watch(self, told: Callable[[int], None]) -> None:
        """Have a function hear, every thousand rows, how many were read."""
        self._rows = _watched(self._rows, told)

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the list's bytes (of a query: of its rows)."""
        return str(self._hasher.hexdigest())


def _watched(rows: Iterator[Row], told: Callable[[int], None]) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        if number % 1000 == 0:
            told(number)
        yield row


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
    """The file's lines as text. One line at a time, and none longer than the limit, is ever in memory.

    What isn't UTF-8 becomes U+FFFD, and a longer line ends at the limit: its row is reported.
    """
    number = 0
    while raw := stream.readline(_LONGEST_LINE):
        number += 1
        hasher.update(raw)
        if number == 1:
            if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise SourceError(Problem(name, 1, "This list is UTF-16.", "Save it as UTF-8."))
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        rest = raw
        while len(rest) == _LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(_LONGEST_LINE)
            hasher.update(rest)
        yield raw.decode("utf-8", "replace")
    if not number:
        raise SourceError(Problem(name, 0, "The list is empty.", "It needs the header address,name,language."))


class _Record:
    """The lines of which a CSV reader has made its present record; what it took by mistake can be put back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> _Record:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        self.taken.append(line)
        return line

    def put_back(self) -> None:
        """All lines but the first are read once more."""
        self._waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _csv_rows(name: str, lines: Iterator[str]) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    record = _Record(lines)
    reader = csv.reader(record, strict=True)
    columns: list[str] | None = None
    number = 1
    while True:
        record.taken.clear()
        try:
            fields = next(reader, None)
            found = None if fields is None else _csv_row(columns or list(COLUMNS), fields, number, record.taken)
        except csv.Error as error:
            fields, found = [], _broken(name, number, error, record.taken)
            record.put_back()  # an unclosed quote swallows no neighbour
        if fields is None:
            return
        if columns is None:
            columns = _header(name, fields)
        elif found is not None:
            yield found
        number += len(record.taken)


def _broken(name: str, number: int, error: csv.Error, taken: list[str]) -> Bad:
    """A row that is no CSV. Raises SourceError for a list whose line ends aren't any."""
    if "new-line character" in str(error):
        hint = "Save the list again (UTF-8, LF)."
        raise SourceError(Problem(name, number, "A line ends with CR alone, as on old Macs.", hint))
    if "field larger" in str(error) or "unexpected end" in str(error):
        reason = f"a quote is never closed, or a field is longer than {_LONGEST_FIELD} characters"
    else:
        reason = f"this row is no CSV ({error})"
    return Bad(number, reason, _given(taken[0] if taken else ""))


def _given(text: str) -> str:
    return text.rstrip("\r\n")[:_LONGEST_FIELD]


def _header(name: str, fields: list[str]) -> list[str]:
    columns = [field.strip() for field in fields]
    if "address" not in columns or set(columns) - set(COLUMNS) or len(set(columns)) != len(columns):
        shown = ",".join(columns)[:80]
        hint = "The first line must be: address,name,language (name and language may be missing; commas between)."
        raise SourceError(Problem(name, 1, f"The header is {shown!r}.", hint))
    return columns


def _csv_row(columns: list[str], fields: list[str], line: int, taken: list[str]) -> Row | None:
    """A record of a CSV as a row; None for an empty line."""
    if not fields:
        return None
    if len(taken) > 1 and sum(field.count("@") for field in fields) > 1:
        return Bad(line, f"a quoted field runs over {len(taken)} lines", _given("".join(taken)))
    if len(fields) > len(columns):
        return Bad(line, f"{len(fields)} fields, the header has {len(columns)}", _given(taken[0]))
    return row(line, dict(zip(columns, fields, strict=False)), _given(taken[0]))


def _json_rows(name: str, lines: Iterator[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, object_pairs_hook=_once)
        except (ValueError, RecursionError):
            yield Bad(number, "this line is no JSON object with each key once", _given(line))
            continue
        if not isinstance(value, dict) or set(value) - set(COLUMNS):
            yield Bad(number, "this line isn't an object with only address, name and language", _given(line))
        else:
            yield row(number, value, _given(line))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _query_rows(url: URL, query: str, hasher: Any) -> Iterator[Row]:

    try:
        engine = create_engine(url, hide_parameters=True)
        try:
            with engine.connect().execution_options(stream_results=True, yield_per=1000) as connection:
                found = connection.execute(text(query.replace(":", "\\:")))  # a colon is the query's own, no parameter
                columns = _columns(list(found.keys()))
                for number, values in enumerate(found, 1):
                    hasher.update(json.dumps([str(value) for value in values]).encode())
                    given = json.dumps([None if value is None else str(value) for value in values], ensure_ascii=False)
                    yield row(number, dict(zip(columns, values, strict=True)), _given(given))
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


def row(number: int, values: dict[str, Any], given: str = "") -> Row:
    """One row of whatever source, checked: only an unusable address makes it Bad. Pure. `given`: the row as the list has it."""
    address = values.get("address")
    try:
        if not isinstance(address, str):
            raise ValueError("the address isn't text" if address is not None else "the address is empty")
        found = normalised(address)
    except ValueError as error:
        return Bad(number, str(error), given)
    name, language = _side(values.get("name")), _side(values.get("language"))
    kept = plain_name(name), plain_language(language)
    cleaned = kept != (name.strip(), language.strip().lower()) and bool(name or language)
    return Recipient(number, found, *kept, cleaned)


def _side(value: object) -> str:
    """A name or language as text; one that isn't any is left out."""
    return value if isinstance(value, str) else ""
