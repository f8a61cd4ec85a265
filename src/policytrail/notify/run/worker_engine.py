"""Several machines: workers that an existing engine (Procrastinate, on the ledger's own PostgreSQL) spreads and watches.

Nothing depends on the engine's tables. A job says only "drain this notice of this ledger"; doing it twice, or at the same
time, is harmless, because the ledger leases each delivery. A sweep in the ledger, not the engine's memory, decides what
there is to do: dropped tables, lost workers and upgrades cost at most one sweep.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.jobs import Status

from policytrail.errors import DeliveryError, PolicytrailError
from policytrail.notify.channels.channel import LoginRejected, SenderRejected
from policytrail.notify.channels.message import message_template
from policytrail.notify.channels.sender import Sender, Sending
from policytrail.notify.ledger.ledger import Ledger, NoticeRow, open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.primitives.delivery_states import Rules
from policytrail.notify.primitives.redact import one_line
from policytrail.notify.recipients.database_url import database_url, passwords
from policytrail.workspace import Workspace

QUEUE = "policytrail"
ENGINE_SCHEMA = "policytrail_engine"
_EVERY_TEN_SECONDS = "* * * * * */10"
_SLOTS = 8  # jobs that may wait for one notice: as many workers can start on it at once
_PAUSE = 2.0
_log = logging.getLogger("policytrail.worker")
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())  # each of its tries; we say it once


class LoginFailed(DeliveryError):
    """The mail server doesn't accept the user and password that the worker was given."""

    exit_status = 2


@dataclass
class Worker:
    """One worker process: its ledger, how it sends, and what it is sending now."""

    ledger: str
    sending: Sending
    rules: Rules
    lease: float
    stopping: bool = False
    active: set[Sender] = field(default_factory=set)
    rejected: DeliveryError | None = None
    on_rejected: Callable[[], None] = lambda: None
    _one: threading.Lock = field(default_factory=threading.Lock)

    def stop(self) -> None:
        """Each connection finishes and settles its message; nothing new is taken."""
        self.stopping = True
        for sender in list(self.active):
            sender.stop()

    def drain(self, notice: str, ledger_id: str) -> None:
        """Send what is due of a notice (its digest). A notice that wasn't started, or of another ledger, is left alone.

        One sender a process, so that --rate and --connections are what they say; the next sweep puts the job back for the
        other workers. A mail server that rejects us ends the worker: trying again is of no use.
        """
        if self._one.acquire(blocking=False):
            try:
                self._drain(notice, ledger_id)
            finally:
                self._one.release()

    def _drain(self, notice: str, ledger_id: str) -> None:
        with self._opened() as ledger:
            row = self._row(ledger, notice)
            if row is None or ledger.id != ledger_id or self.stopping:
                return
            with ledger.begin() as connection:
                found = ledger.messages(connection, row.notice)
            templates = {language: message_template(eml, row.unsubscribe or "") for language, eml in found.items()}
            sending = replace(self.sending, sender=row.sender or templates[""].sender, templates=templates)
            sender = Sender(Queue(ledger, row.notice, self.rules, self.lease), sending)
            self.active.add(sender)
            if self.stopping:  # asked for while the ledger was opened
                sender.stop()
            try:
                sender.run()
            except DeliveryError as error:
                if not isinstance(sender.fault, SenderRejected):
                    raise
                self.rejected = LoginFailed(str(error)) if isinstance(sender.fault, LoginRejected) else error
                self.on_rejected()
            finally:
                self.active.discard(sender)

    def _opened(self) -> Ledger:
        return open_ledger(self.ledger, Workspace(Path()), "", create=False)

    def _row(self, ledger: Ledger, digest: str) -> NoticeRow | None:
        with ledger.begin() as connection:
            return next((row for row in ledger.sending(connection) if row.digest == digest), None)

    def unfinished(self) -> list[tuple[str, str]]:
        """The notices that are to be sent: digest and ledger id. None where there is no ledger yet."""
        try:
            with self._opened() as ledger, ledger.begin() as connection:
                return [(row.digest, ledger.id) for row in ledger.sending(connection)]
        except DeliveryError:
            return []


def application(worker: Worker) -> procrastinate.App:
    """The engine's application: two tasks, whose arguments are plain strings."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_conninfo(worker.ledger)))

    @app.task(name="drain", queue=QUEUE)
    def drain(notice: str, ledger: str) -> None:
        try:
            worker.drain(notice, ledger)
        except PolicytrailError as error:
            _log.error("%s", error)  # not raised: the engine would log it again, and the next sweep tries again

    @app.periodic(cron=_EVERY_TEN_SECONDS)
    @app.task(name="sweep", queue=QUEUE, queueing_lock="sweep")
    async def sweep(timestamp: int) -> None:
        await clear_stalled(app)
        for notice, ledger in await asyncio.to_thread(worker.unfinished):
            for slot in range(_SLOTS):
                with contextlib.suppress(AlreadyEnqueued):
                    job = drain.configure(queueing_lock=f"{notice}-{slot}")
                    await job.defer_async(notice=notice, ledger=ledger)

    return app


async def clear_stalled(app: procrastinate.App) -> None:
    """Take away the jobs of workers that are gone; their deliveries are healed by the ledger's leases."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)


def _conninfo(url: str) -> str:
    """The ledger's database, with the engine's tables in a schema of their own."""
    parts = database_url(url, "--ledger")
    words: dict[str, Any] = {key: str(value) for key, value in parts.query.items()} | {
        "host": parts.host,
        "port": parts.port,
        "user": parts.username,
        "password": parts.password,
        "dbname": parts.database,
        "options": f"-c search_path={ENGINE_SCHEMA}",
        "connect_timeout": 10,
    }
    return psycopg.conninfo.make_conninfo("", **words)


async def _prepare(app: procrastinate.App, conninfo: str) -> None:
    """Make the engine's tables if they aren't there; of several workers that start at once, one does it."""
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute("SELECT pg_advisory_lock(7166)")
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {ENGINE_SCHEMA}")
        found = await (
            await connection.execute("SELECT to_regclass(%s)", [f"{ENGINE_SCHEMA}.procrastinate_jobs"])
        ).fetchone()
        if found is None or found[0] is None:
            await app.schema_manager.apply_schema_async()


async def _serve(worker: Worker) -> None:
    conninfo, hidden = _conninfo(worker.ledger), passwords(database_url(worker.ledger, "--ledger"))
    _stop_on_signals(worker)
    told = ""
    while not worker.stopping:
        try:
            await asyncio.sleep(_PAUSE if told else 0.0)
            async with await psycopg.AsyncConnection.connect(conninfo):
                pass  # what is wrong shows here at once, and not when the engine's pool gives up
            app = application(worker)
            async with app.open_async():
                told = ""
                await _prepare(app, conninfo)
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=2,
                    wait=True,
                    fetch_job_polling_interval=1.0,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    listen_notify=False,
                    shutdown_graceful_timeout=_PAUSE,
                )
        except asyncio.CancelledError:
            break
        except (ProcrastinateException, psycopg.Error, OSError) as error:
            said = f"The ledger's database can't be used ({one_line(error, hidden)}); trying again."
            if said != told:
                _log.warning(said)
            told = said


def _stop_on_signals(worker: Worker) -> None:
    serving, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert serving is not None

    def stop() -> None:
        worker.stop()
        serving.cancel()

    def stop_from_its_thread() -> None:
        loop.call_soon_threadsafe(stop)

    worker.on_rejected = stop_from_its_thread
    for signals in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signals, stop)


def serve(worker: Worker) -> None:
    """Work until SIGTERM or Ctrl-C. Whatever happens to the engine's tables or the database, it begins again.

    Raises DeliveryError where the mail server rejects us, LoginFailed where that is the user or password.
    """
    asyncio.run(_serve(worker))
    if worker.rejected:
        raise worker.rejected
