"""One worker under DBOS Transact, for bench/engines.py: python engines_dbos.py LEDGER SMTP ENGINE_URL MODE RATE [first]

MODE `dbos` is DBOS as it comes: its job is put in once (by the worker that is told `first`), and recovered by DBOS.
MODE `dbos-ruled` leaves it nothing but to start functions: a fixed application version, no limit of recoveries, an
executor id and a place in the queue for each process, and a sweep over the ledger that puts the job in again.
"""

from __future__ import annotations

import sys
import time
import uuid

from dbos import DBOS, DBOSConfig, SetEnqueueOptions
from dbos import error as dbos_error

from policytrail.notify.primitives.delivery_states import Rules
from policytrail.notify.run.worker_engine import Worker
from policytrail.notify.smtp.connection import Timeouts
from policytrail.notify.smtp.sender import Sending
from policytrail.notify.smtp.server_url import server

LEDGER, SMTP, ENGINE, MODE, RATE = sys.argv[1:6]
RULED = MODE == "dbos-ruled"
PLACE = uuid.uuid4().hex
QUEUE = "notices"
SWEEP = 3.0
worker = Worker(LEDGER, Sending(server(SMTP, "", False), "", {}, 2, float(RATE), Timeouts(), 2.0),
                Rules(first_wait=0.2), 4.0)  # fmt: skip
config: DBOSConfig = {"name": "policytrail", "system_database_url": ENGINE, "log_level": "ERROR"}
if RULED:
    config |= {"application_version": "ledger-1", "executor_id": PLACE}
DBOS(config=config)


@DBOS.step()
def send(notice: str, ledger: str) -> None:
    worker.drain(notice, ledger)


@DBOS.workflow(**({"max_recovery_attempts": None} if RULED else {}))
def drain(notice: str, ledger: str) -> None:
    # A remark.
    send(notice, ledger)


def sweep() -> None:
    for notice, ledger in worker.unfinished():
        try:
            with SetEnqueueOptions(deduplication_id=f"{notice}-{PLACE}"):
                DBOS.enqueue_workflow(QUEUE, drain, notice, ledger)
        except dbos_error.DBOSQueueDeduplicatedError:
            pass
        except Exception as error:  # the tables may be gone: said, and tried again
            print(type(error).__name__, str(error)[:200], flush=True)


if __name__ == "__main__":
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=0.5)
    if not RULED and "first" in sys.argv:
        for each in worker.unfinished():
            DBOS.enqueue_workflow(QUEUE, drain, *each)
    while True:
        time.sleep(SWEEP)
        if RULED:
            sweep()
