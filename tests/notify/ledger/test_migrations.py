"""A ledger of an older release goes on after an upgrade: nobody is missed, nobody is told twice; a newer one is refused."""

from __future__ import annotations

import collections
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from notices import evidence, notify, people, send
from postgres import Cluster
from sinks import Server

from policytrail.errors import DeliveryError
from policytrail.notify.ledger import migrations, schema
from policytrail.notify.ledger.ledger import PG_SCHEMA, open_ledger
from policytrail.workspace import Workspace

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as found:
        yield found


def statements(kind: str) -> list[str]:
    """The tables of schema 1, as the release that had it made them."""
    return [each for each in (HERE / f"schema_1.{kind}.sql").read_text().split(";\n") if each.strip()]


def columns_of(kind: str) -> dict[str, list[str]]:
    """The columns of each table of schema 1."""
    found = {}
    for each in statements(kind):
        if match := re.match(r"\s*CREATE TABLE (\w+) \(\n(.*)\n\)", each, re.DOTALL):
            lines = [line.split()[0].strip('"') for line in match[2].splitlines()]
            found[match[1]] = [name for name in lines if name not in ("PRIMARY", "UNIQUE")]
    return found


def rows(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [dict(row._mapping) for row in connection.execute(table.select())]
        for name, table in schema.metadata.tables.items()
    }


def as_schema_1(source: str, target: str) -> None:
    """Make a ledger of schema 1 with what another ledger holds, in the middle of sending two deliveries."""
    with sa.create_engine(source).begin() as connection:
        held = rows(connection)
    held["meta"][0]["schema"] = 1
    waiting = [row for row in held["delivery"] if row["state"] == "queued"][:2]
    for row in waiting:  # a run of the old release was killed here
        row.update(state="leased", run="dead", date=1_583_000_000.0)
    held["run"].append(
        {"id": "dead", "notice": 1, "host": "gone", "pid": 1, "boot_id": "", "started": 0.0, "beat": 0.0}
        | {"lease_until": 1.0, "ended": None, "head": None}
    )
    held["sending"].append({"run": "dead", "conn": 0, "rkey": waiting[0]["rkey"]})
    kind = "sqlite" if target.startswith("sqlite") else "postgresql"
    known = columns_of(kind)
    engine = sa.create_engine(target)
    with engine.begin() as connection:
        if kind != "sqlite":
            connection.exec_driver_sql(f"CREATE SCHEMA {PG_SCHEMA}")
            connection.exec_driver_sql(f"SET LOCAL search_path = {PG_SCHEMA}")
        for each in statements(kind):
            connection.exec_driver_sql(each)
        for name, columns in known.items():
            table = sa.table(name, *(sa.column(column) for column in columns))
            kept = [{column: row[column] for column in columns} for row in held[name]]
            if kept:
                connection.execute(table.insert(), kept)
            if kind != "sqlite" and columns[0] in ("n", "notice") and name in ("event", "notice"):
                last = f"(SELECT max({columns[0]}) FROM {name})"
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', '{columns[0]}'), {last})")
    engine.dispose()


def goes_on(root: Path, sink: Server, old: str) -> None:
    assert send(root, sink, people(12), "--limit", "4", "--audience", "all customers").exit_code == 0
    as_schema_1(f"sqlite:///{root}/.policytrail/ledger.sqlite", old)
    result = notify(root, "--resume", "--smtp", sink.url, "--ledger", old)
    if "adopt" in result.output:  # the same ledger lies in another place
        words = ("--adopt", "--by", "A. Lawyer", "--reason", "moved")
        result = notify(root, "--resume", "--smtp", sink.url, "--ledger", old, *words)
    assert result.exit_code == 0, result.output
    assert collections.Counter(each.recipient for each in sink.sink.mails) == collections.Counter(people(12))
    assert evidence(root, "email")[0]["counts"]["accepted"] == 12
    assert evidence(root, "email")[0]["audience"]["defined_as"] == "all customers"
    report = json.loads(notify(root, "--report", "--format", "json", "--ledger", old).stdout)
    assert (report["state"], report["events"]["broken_at"]) == ("complete", None)
    with open_ledger(old, Workspace(root), "") as ledger, ledger.begin() as connection:
        assert connection.execute(sa.select(schema.meta.c.schema)).scalar() == migrations.CURRENT


def test_a_notice_goes_on_with_an_sqlite_ledger_of_schema_1(root: Path, sink: Server, tmp_path: Path) -> None:
    goes_on(root, sink, f"sqlite:///{tmp_path}/old.sqlite")


def test_a_notice_goes_on_with_a_postgresql_ledger_of_schema_1(root: Path, sink: Server, cluster: Cluster) -> None:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE old")
    goes_on(root, sink, cluster.url.removesuffix("postgres").replace("postgresql:", "postgresql+psycopg:") + "old")


def described(connection: sa.Connection, place: str | None) -> dict[str, Any]:
    look = sa.inspect(connection)
    return {
        table: {each["name"]: (str(each["type"]), each["nullable"]) for each in look.get_columns(table, place)}
        for table in sorted(look.get_table_names(place))
    }


def test_an_upgraded_ledger_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "old.sqlite") as old:
        for each in statements("sqlite"):
            old.execute(each)
        old.execute("INSERT INTO meta VALUES (?, 1, ?, ?, '', 0)", ("a" * 32, "x" * 16, b"k" * 32))
    old.close()
    found = []
    for name in ("old", "new"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("policytrail.notify.ledger.ledger.key_id", lambda _: "x" * 16)
            with (
                open_ledger(f"sqlite:///{tmp_path}/{name}.sqlite", Workspace(tmp_path), "") as ledger,
                ledger.begin() as connection,
            ):
                found.append(described(connection, None))
    assert found[0] == found[1]


def test_a_step_that_fails_leaves_the_ledger_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/l.sqlite"
    with open_ledger(url, Workspace(tmp_path), ""):
        pass

    def fails(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE notice ADD COLUMN half TEXT")
        connection.exec_driver_sql("ALTER TABLE absent ADD COLUMN half TEXT")

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", (*migrations.STEPS, fails))
        patch.setattr(migrations, "CURRENT", migrations.CURRENT + 1)
        with pytest.raises(DeliveryError, match="no such table"):
            open_ledger(url, Workspace(tmp_path), "")
    with open_ledger(url, Workspace(tmp_path), "") as ledger, ledger.begin() as connection:
        assert "half" not in described(connection, None)["notice"]
        assert connection.execute(sa.select(schema.meta.c.schema)).scalar() == migrations.CURRENT


def test_a_ledger_of_a_newer_release_is_refused_in_one_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/l.sqlite"
    with open_ledger(url, Workspace(tmp_path), "") as ledger, ledger.begin() as connection:
        connection.execute(schema.meta.update().values(schema=migrations.CURRENT + 1))
    with pytest.raises(DeliveryError, match="A newer release of policytrail made this ledger") as caught:
        open_ledger(url, Workspace(tmp_path), "")
    assert str(caught.value).count(". ") == 0
