"""Procrastinate and DBOS Transact as what spreads the workers: the trial that docs/decisions/0013-procrastinate.md rests on.

    nice -n 15 python bench/engines.py [--engines procrastinate dbos dbos-ruled] [--trials upgrade dropped ...] [--kills 200]

The same code runs below each engine: a job "drain this notice of this ledger", the real ledger in a PostgreSQL that is
made for the trial (Debian's package postgresql), a real mail server that records, two connections a worker. `dbos` is
DBOS as it comes, `dbos-ruled` has its own record of what was done switched off (bench/engines_dbos.py). DBOS comes from
the package index into a virtual environment that is thrown away at the end. Prints a line a trial and engine; all of it
takes more than an hour.
"""

from __future__ import annotations

import argparse
import base64
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import psycopg

from engines_lab import Lab, dbos_python, lab
from notices import with_pending
from postgres import Cluster

ENGINES = ("procrastinate", "dbos", "dbos-ruled")
PATIENCE = 60.0  # seconds for what is left of a notice
NEXT_MAIL = 90.0  # seconds for a restarted worker's first mail
PEOPLE = 500
PEOPLE_WHILE_FROZEN = 2000  # two workers are at it, and it should last


def underway(lab: Lab) -> subprocess.Popen[bytes]:
    """The first worker, a hundred mails on."""
    worker = lab.worker(first=True)
    lab.wait(100, PATIENCE)
    return worker


def upgrade(lab: Lab, _: int) -> str:
    """Killed in mid-notice; another release of the code, one comment in the job itself; started."""
    worker = underway(lab)
    lab.kill(worker)
    before = lab.told()
    lab.upgrade()
    lab.worker()
    return f"at the kill {before}; then {lab.done(PATIENCE)}"


def dropped(lab: Lab, _: int) -> str:
    """The engine's tables dropped in mid-notice; the worker killed and started."""
    worker = underway(lab)
    lab.drop_tables()
    lab.kill(worker)
    before = lab.told()
    lab.worker()
    return f"at the kill {before}; then {lab.done(PATIENCE)}"


def dropped_live(lab: Lab, _: int) -> str:
    """The engine's tables dropped under a running worker; does it take new work afterwards?"""
    worker = underway(lab)
    lab.drop_tables()
    first = lab.done(PATIENCE)
    with psycopg.connect(lab.ledger, autocommit=True) as connection:  # as a list that grew would
        connection.execute("UPDATE policytrail.delivery SET state = 'queued', next_at = 0 "
                           "WHERE rkey IN (SELECT rkey FROM policytrail.delivery LIMIT 50)")  # fmt: skip
        connection.execute("UPDATE policytrail.notice SET state = 'sending'")
    before = len(lab.sent())
    time.sleep(25)
    lab.asked_again = len(lab.sent()) - before
    alive = "alive" if worker.poll() is None else "ended"
    return f"{first}; {alive}; of 50 that were put in afterwards {lab.asked_again} were sent in 25 s"


def kills(lab: Lab, number: int) -> str:
    """The one worker killed again and again, a moment after its first mail each time."""
    chance = random.Random(1)
    worker = lab.worker(first=True, rate=8)
    done, stuck = 0, ""
    while done < number and lab.told() < lab.number:
        if not lab.wait_for_mail(NEXT_MAIL):
            stuck = f"; then no mail in {NEXT_MAIL:.0f} s"
            break
        time.sleep(chance.uniform(0.05, 0.4))
        lab.kill(worker)
        done += 1
        worker = lab.worker(rate=8)
    lab.kill(worker)
    lab.worker(rate=200)
    return f"{done} kills{stuck}; at the end {lab.done(2 * PATIENCE)}"


def frozen(lab: Lab, _: int) -> str:
    """A worker stopped past its lease while another one is up; then it wakes."""
    first = lab.worker(first=True)
    lab.wait(60, PATIENCE)
    lab.worker()
    time.sleep(3)
    first.send_signal(signal.SIGSTOP)
    before = lab.told()
    without = lab.done(PATIENCE)
    first.send_signal(signal.SIGCONT)
    return f"at the freeze {before}; without it {without}; after it woke {lab.done(PATIENCE)}"


class _Command:
    """What runs a command wherever it is unpickled."""

    def __init__(self, flag: Path) -> None:
        self.flag = flag

    def __reduce__(self) -> tuple[Callable[..., int], tuple[list[str]]]:
        return subprocess.call, (["touch", str(self.flag)],)


def pickled(lab: Lab, _: int) -> str:
    """Whoever may write the engine's tables puts a pickle in the place of a job's arguments."""
    worker = lab.worker(first=True)
    lab.wait(60, PATIENCE)
    lab.kill(worker)
    flag = lab.folder / "it-ran"
    text = base64.b64encode(pickle.dumps(_Command(flag))).decode()
    try:
        if lab.engine == "procrastinate":
            lab.run("UPDATE policytrail_engine.procrastinate_jobs SET args = %s", text)
        else:
            lab.run("UPDATE dbos.workflow_input SET inputs = %s", text)
            lab.run("UPDATE dbos.workflow_status SET status = 'ENQUEUED' WHERE status = 'PENDING'")
    except psycopg.errors.InvalidTextRepresentation:
        return "refused: the column is JSON"
    lab.worker()
    time.sleep(15)
    return "its command RAN" if flag.exists() else "its command didn't run"


TRIALS = {each.__name__: each for each in (upgrade, dropped, dropped_live, kills, frozen, pickled)}


def main() -> None:
    """Every trial with every engine that is asked for."""
    words = argparse.ArgumentParser()
    words.add_argument("--engines", nargs="*", choices=ENGINES, default=list(ENGINES))
    words.add_argument("--trials", nargs="*", choices=list(TRIALS), default=list(TRIALS))
    words.add_argument("--kills", type=int, default=200)
    asked = words.parse_args()
    needs_dbos = any(each.startswith("dbos") for each in asked.engines)
    with (
        tempfile.TemporaryDirectory(prefix="engines-") as folder,
        dbos_python() if needs_dbos else nullcontext(Path(sys.executable)) as python,
        Cluster() as cluster,
    ):
        template = with_pending(Path(folder) / "repo")
        for name in asked.trials:
            for engine in asked.engines:
                number = {"kills": 6 * asked.kills, "frozen": PEOPLE_WHILE_FROZEN}.get(name, PEOPLE)
                with lab(cluster, template, engine, number, python) as found:
                    said = TRIALS[name](found, asked.kills)
                    print(f"{name:13}{engine:14}{said} ({found.total()})", flush=True)


if __name__ == "__main__":
    main()
