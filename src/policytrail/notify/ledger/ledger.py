"""The ledger: one database of deliveries. Opening, its identity and key, its clock, who works on a notice now.

Everything here is a short transaction; what happens per mail is in `queue.py`.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from policytrail.errors import DeliveryError, NoticeRefusal, UsageError
from policytrail.notify.primitives.merkle import leaf_hash
from policytrail.notify.primitives.redact import one_line
from policytrail.notify.recipients.database_url import database_url, passwords
from policytrail.notify.recipients.identifiers import key_id
from policytrail.workspace import STATE, Workspace

from . import schema
from .key import KEY_VARIABLE, key_from_environment
from .migrations import CURRENT, migrate
from .private_files import keep_private

T = TypeVar("T")
PG_SCHEMA = "policytrail"  # the ledger's tables have a schema of their own beside whatever else is in the database
_BALLAST = 4_000_000
_WHILE_IT_IS_AWAY = (0.5, 1.0, 2.0, 4.0, 8.0, *[10.0] * 7)  # seconds
# A process frozen in the middle of a transaction would hold its rows for ever: its leases, too. Fifteen minutes for what
# has no lease; a run's own connection lets go when its lease is over.
_FROZEN_AFTER = 900_000
FROZEN_AFTER = "SELECT set_config('idle_in_transaction_session_timeout', %s, false)"


@dataclass(frozen=True)
class NoticeRow:
    """One notice as the ledger holds it; `started` and `completed` in seconds since 1970."""

    notice: int
    version: str
    stream: str
    digest: str
    state: str
    started: float | None
    completed: float | None
    total: int
    tally: int
    list_digest: str | None
    list_source: str | None
    sender: str | None
    unsubscribe: str | None
    audience: str | None


class Ledger:
    """An open ledger: `engine`, its id, the HMAC key. Use as a context manager."""

    def __init__(self, engine: Engine, ledger_id: str, key: bytes, created: float) -> None:
        self.engine = engine
        self.id = ledger_id
        self.key = key
        self.created = created
        self.sqlite = engine.dialect.name == "sqlite"
        name = engine.url.database
        self.path = Path(name) if self.sqlite and name else None

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    @contextmanager
    def begin(self, engine: Engine | None = None) -> Iterator[Connection]:
        """One transaction; SQLite takes its write lock at once. Raises DeliveryError where the database can't do it."""
        try:
            with (engine or self.engine).begin() as connection:
                yield connection
        except DBAPIError as error:
            said = one_line(error.orig or error, passwords(self.engine.url))
            raise DeliveryError(f"The ledger can't be used ({said}). Nothing of this step was written.") from None

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that writes nothing: millions of rows are read, and whoever sends waits for nobody."""
        return self.begin(self.engine.execution_options(reading=True))

    def patiently(self, work: Callable[[Connection], T]) -> T:
        """Read something in one transaction; a PostgreSQL that is away is waited for. Raises DeliveryError."""
        for pause in () if self.sqlite else _WHILE_IT_IS_AWAY:
            with suppress(DeliveryError), self.begin() as connection:
                return work(connection)
            time.sleep(pause)
        with self.begin() as connection:
            return work(connection)

    def now(self, connection: Connection) -> float:
        """Seconds since 1970 by the database's clock."""
        return float(connection.execute(SQLITE_NOW if self.sqlite else POSTGRES_NOW).scalar_one())

    def notice(self, connection: Connection, version: str, stream: str) -> NoticeRow | None:
        """The notice of a version and stream, None if this ledger has none."""
        found = connection.execute(
            sa.select(schema.notice).where(schema.notice.c.version == version, schema.notice.c.stream == stream)
        ).first()
        return NoticeRow(**found._mapping) if found else None

    def messages(self, connection: Connection, notice: int) -> dict[str, bytes]:
        """The frozen messages of a notice by language (empty: the one for everybody else)."""
        table = schema.message.c
        found = connection.execute(sa.select(table.language, table.eml).where(table.notice == notice))
        return dict(found.all())

    def sending(self, connection: Connection) -> list[NoticeRow]:
        """Every notice that was started and not complete."""
        rows = connection.execute(sa.select(schema.notice).where(schema.notice.c.state == "sending"))
        return [NoticeRow(**row._mapping) for row in rows]

    @property
    def ballast(self) -> Path | None:
        """A file that is given up when the disk is full, so that what was sent can still be written down."""
        return self.path and self.path.with_name(self.path.name + ".ballast")

    def keep_ballast(self) -> None:
        """Make the ballast, if the ledger is a file."""
        if self.ballast and _size(self.ballast) < _BALLAST:  # a run that was killed may have left a part of it
            self.ballast.touch(mode=0o600)
            self.ballast.write_bytes(os.urandom(_BALLAST))

    def drop_ballast(self) -> bool:
        """Free the ballast's room; whether there was one."""
        if self.ballast and self.ballast.exists():
            self.ballast.unlink()
            return True
        return False

    def refuse_full_disk(self) -> None:
        """Raises DeliveryError where the disk has less room than three times the ledger, with what is only in its log yet."""
        if self.path is None:
            return
        with self.begin() as connection:
            size = int(connection.execute(SQLITE_SIZE).scalar_one())
        free = shutil.disk_usage(self.path.parent).free
        needed = 3 * size + _BALLAST
        if free < needed:
            raise DeliveryError(
                f"The disk of the ledger {self.path} has {free // 1_000_000} MB left; it needs {needed // 1_000_000} MB. "
                "Make room, then run again. Nothing was sent."
            )


SQLITE_NOW = sa.text("SELECT (julianday('now') - 2440587.5) * 86400.0")
SQLITE_SIZE = sa.text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
POSTGRES_NOW = sa.text("SELECT extract(epoch from clock_timestamp())")


def open_ledger(url: str | None, workspace: Workspace, first_commit: str, create: bool = True) -> Ledger:
    """Open the ledger, or make a new one.

    In: a SQLAlchemy URL (None: the SQLite file below `root`), the repository's root and its first commit. Raises
    UsageError for a URL that can't be one, DeliveryError where the database can't be used, NoticeRefusal for a ledger of
    another repository or whose key isn't the one given.
    """
    target = _url(url, workspace)
    if not create and target.get_backend_name() == "sqlite" and not Path(target.database or "").exists():
        raise DeliveryError(f"There is no ledger {target.database}: no notice was sent from here. Give --ledger.")
    try:
        return _opened(_engine(target), first_commit, create)
    except ImportError as error:
        raise DeliveryError(
            f"A ledger in PostgreSQL needs the extra (pip install 'policytrail[engine]'): {error.name} is missing."
        ) from None
    except (SQLAlchemyError, OSError) as error:
        said = one_line(getattr(error, "orig", None) or error, passwords(target))
        name = target.render_as_string(hide_password=True)
        raise DeliveryError(f"The ledger {name} can't be used ({said}). Nobody was written to.") from None


def _url(url: str | None, workspace: Workspace) -> URL:
    if not url:
        return URL.create("sqlite", database=str(workspace.ledger))
    target = database_url(url, "--ledger")
    if target.get_backend_name() == "postgresql":
        return target.set(drivername="postgresql+psycopg")
    if target.get_backend_name() != "sqlite" or not target.database or target.database == ":memory:":
        raise UsageError("--ledger must be an SQLite file or a PostgreSQL database.")
    return target


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        settings = f"-c search_path={PG_SCHEMA} -c idle_in_transaction_session_timeout={_FROZEN_AFTER}"
        place = {"options": settings, "connect_timeout": 10}
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=place)
    folder = Path(url.database or "").parent
    folder.mkdir(parents=True, exist_ok=True)
    keep_private(folder, Path(url.database or ""))
    if folder.name == STATE and not _size(folder / ".gitignore"):
        (folder / ".gitignore").write_text("# Personal data: never in git.\n*\n")
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False})
    sa.event.listen(engine, "connect", _sqlite_settings)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _size(path: Path) -> int:
    """A file's size; 0 where there is none."""
    return path.stat().st_size if path.exists() else 0


def _begin(connection: Connection) -> None:
    """Take the write lock at once, but to read: two writers then wait for each other instead of failing half way."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    words = "BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE"
    try:
        driver.execute(words)
    except sqlite3.Error as error:
        raise OperationalError(words, {}, error) from None


def _sqlite_settings(connection: Any, _: object) -> None:
    """Durable through loss of power, not only of the process; transactions begin where we say."""
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.create_function("leaf_hash", 4, leaf_hash, deterministic=True)
    connection.execute("PRAGMA wal_autocheckpoint=8000")  # pages: a checkpoint costs as much as a few hundred mails


def _opened(engine: Engine, first_commit: str, create: bool) -> Ledger:
    try:
        with engine.begin() as connection:
            if engine.dialect.name != "sqlite":  # SQLite's transaction holds the write lock already
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7165)"))
                if not create and not sa.inspect(connection).has_table("meta", PG_SCHEMA):
                    raise DeliveryError("There is no ledger in this database yet: no notice was started with it.")
                connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {PG_SCHEMA}"))
            row = _migrated(connection) or _founded(connection, first_commit)
    except (DBAPIError, DeliveryError):
        engine.dispose()
        raise
    known = first_commit and row.repo_first_commit  # a shallow clone doesn't show its first commit
    if known and row.repo_first_commit != first_commit:
        raise NoticeRefusal(
            "This ledger belongs to another policy repository. Give the ledger of this one with --ledger."
        )
    outside = key_from_environment()
    key = row.hmac_key or outside
    if outside and row.hmac_key and outside != key:
        raise NoticeRefusal(
            f"This ledger holds a key of its own, which isn't the one of {KEY_VARIABLE}. Leave that unset for this ledger."
        )
    if key is None or key_id(key) != row.hmac_key_id:
        raise NoticeRefusal(f"This ledger was made with another key. Set {KEY_VARIABLE} to the one it was made with.")
    return Ledger(engine, row.ledger_id, key, row.created)


def _migrated(connection: Connection) -> Any:
    """What the ledger says of itself, once its tables are those of this release; None where there is no ledger yet."""
    place = None if connection.dialect.name == "sqlite" else PG_SCHEMA
    if not sa.inspect(connection).has_table("meta", place):
        return None
    row = connection.execute(sa.select(schema.meta)).first()
    if row is not None and (now := migrate(connection, row.schema)) != row.schema:
        connection.execute(schema.meta.update().values(schema=now))
    return row


def _founded(connection: Connection, first_commit: str) -> Any:
    outside = key_from_environment()
    key = outside or secrets.token_bytes(32)
    schema.metadata.create_all(connection)
    clock = SQLITE_NOW if connection.dialect.name == "sqlite" else POSTGRES_NOW
    connection.execute(
        schema.meta.insert().values(
            ledger_id=secrets.token_hex(16),
            schema=CURRENT,
            hmac_key_id=key_id(key),
            hmac_key=None if outside else key,
            repo_first_commit=first_commit,
            created=float(connection.execute(clock).scalar_one()),
        )
    )
    return connection.execute(sa.select(schema.meta)).one()
