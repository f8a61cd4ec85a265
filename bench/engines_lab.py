"""What the trials of bench/engines.py share: a fenced notice, its ledger, a mail server that records, workers."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

BENCH = Path(__file__).resolve().parent
SOURCE = BENCH.parent / "src"
sys.path.insert(0, str(BENCH.parent / "tests"))

from notices import ON, PENDING, people, upgrade, with_remote, write_list  # noqa: E402
from notify_kill import recording_sink  # noqa: E402
from postgres import Cluster  # noqa: E402

DBOS = "dbos==3.4.0"


@contextmanager
def dbos_python() -> Iterator[Path]:
    """A Python with DBOS, beside what this one has, in a virtual environment that is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="engines-venv-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", DBOS], check=True)
        (packages,) = Path(folder).glob("lib/*/site-packages")
        ours = [each for each in sys.path if each.endswith("site-packages")]
        (packages / "policytrail.pth").write_text("\n".join(ours) + "\n")
        yield python


@dataclass
class Lab:
    """One trial of one engine: `number` recipients, of whom nobody has been told yet."""

    engine: str
    number: int
    python: Path
    ledger: str
    tables: str  # the URL of the database that has the engine's tables
    folder: Path
    smtp: str
    log: Path
    asked_again: int = 0  # mails that were sent twice on purpose
    began: float = field(default_factory=time.monotonic)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def code(self) -> Path:
        return self.folder / "code"

    def worker(self, first: bool = False, rate: int = 60) -> subprocess.Popen[bytes]:
        """Start a worker: two connections, this many mails a second. `first`: DBOS as it comes puts its job in."""
        if self.engine == "procrastinate":
            words = ["-m", "policytrail", "worker", "--ledger", self.ledger, "--smtp", self.smtp, "--lease", "4",
                     "--first-wait", "0.2", "--connections", "2", "--rate", str(rate)]  # fmt: skip
        else:
            engine = self.tables.replace("postgresql:", "postgresql+psycopg:")
            words = [str(self.folder / "engines_dbos.py"), self.ledger, self.smtp, engine, self.engine, str(rate)]
            words += ["first"] * first
        python = sys.executable if self.engine == "procrastinate" else str(self.python)
        with (self.folder / f"worker-{len(self.workers)}.log").open("wb") as log:
            started = subprocess.Popen([python, *words], cwd=self.folder, env=self._env(), stdout=log, stderr=log)
        self.workers.append(started)
        return started

    def _env(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.code)}

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        worker.kill()
        worker.wait()

    def upgrade(self) -> None:
        """Another release of the code, with one comment changed in DBOS's workflow."""
        upgrade(self.code)
        script = self.folder / "engines_dbos.py"
        script.write_text(script.read_text().replace("# A remark.", "# Another remark."))

    def drop_tables(self) -> None:
        for schema in ("dbos", "policytrail_engine"):
            self.run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")

    def run(self, statement: str, *values: str) -> None:
        """One statement in the engine's database (Procrastinate's is the ledger's own)."""
        with psycopg.connect(self.tables, autocommit=True) as connection:
            connection.execute(statement.encode(), values)

    def sent(self) -> list[str]:
        return [line.split()[0] for line in self.log.read_text().splitlines()]

    def told(self) -> int:
        return len(set(self.sent()))

    def wait(self, number: int, seconds: float) -> bool:
        """Wait until so many people were told. Out: whether they were."""
        return _wait(lambda: self.told() >= number, seconds)

    def wait_for_mail(self, seconds: float) -> bool:
        """Wait until one more mail was sent."""
        before = self.log.stat().st_size
        return _wait(lambda: self.log.stat().st_size > before, seconds, 0.05)

    def done(self, seconds: float) -> str:
        began = time.monotonic()
        if self.wait(self.number, seconds):
            return f"done in {time.monotonic() - began:.0f} s"
        return f"NOT done in {seconds:.0f} s"

    def total(self) -> str:
        sent = self.sent()
        repeats = len(sent) - len(set(sent)) - self.asked_again
        return f"{len(set(sent))} of {self.number} told, {repeats} repeats, {time.monotonic() - self.began:.0f} s"


def _wait(done: Callable[[], bool], seconds: float, pause: float = 0.2) -> bool:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


@contextmanager
def lab(cluster: Cluster, template: Path, engine: str, number: int, python: Path) -> Iterator[Lab]:
    """A notice of the template's repository that is fenced and left to workers; all its processes end with it."""
    name = f"l{secrets.token_hex(6)}"
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        for each in (name, f"{name}e"):
            connection.execute(f"CREATE DATABASE {each}".encode())
    ledger = cluster.url.removesuffix("postgres") + name
    with tempfile.TemporaryDirectory(prefix="engines-lab-") as made, ExitStack() as stack:
        folder = Path(made)
        root = folder / "repo"
        shutil.copytree(template, root)
        shutil.copytree(SOURCE, folder / "code")
        shutil.copy(BENCH / "engines_dbos.py", folder)
        with_remote(root)
        (folder / "mails").touch()
        smtp = stack.enter_context(recording_sink(folder / "mails"))
        tables = ledger if engine == "procrastinate" else f"{ledger}e"
        found = Lab(engine, number, python, ledger, tables, folder, smtp, folder / "mails")
        stack.callback(lambda: [_end(each) for each in found.workers])
        listing = write_list(folder / "list.csv", people(number))
        words = ["notify", PENDING, *ON, "--recipients", str(listing), "--smtp", smtp, "--ledger", ledger,
                 "--connections", "0", "--lease", "4"]  # fmt: skip
        notify = subprocess.Popen([sys.executable, "-m", "policytrail", *words], cwd=root, env=found._env(),
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        stack.callback(_end, notify)
        assert _wait(lambda: _fenced(ledger), 120), "the notice didn't begin"
        yield found


def _fenced(ledger: str) -> bool:
    with suppress(psycopg.Error), psycopg.connect(ledger) as connection:
        return bool(connection.execute("SELECT 1 FROM policytrail.notice WHERE state = 'sending'").fetchone())
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
    process.wait()
