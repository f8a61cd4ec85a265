"""Fuzz the readers of strangers' files: a crash, more than 5 seconds of processor time, or more than 1 GB of memory is a finding.

    python bench/fuzz.py TARGET [--minutes 10] [--seed 0] [--keep FOLDER] [--atheris]

Targets: draft, yaml, markdown, html, text, docx, compare, record, decisions. Without --atheris a plain loop mutates sound
samples (bits, bytes, blocks, tokens, two inputs spliced) in a child process that is watched from outside. With it, and
where the package is installed, its coverage-guided loop drives the same functions. Exit 1 where anything was found; each
input that did it is kept, with the error's name in the file's name.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing
import os
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import tests_on_path  # noqa: F401

from samples import write_policy

from policytrail.errors import PolicytrailError
from policytrail.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]

SECONDS, MEMORY = 5, 1_000_000_000
TOKENS = [
    *(
        b"---\n",
        b"{{ ",
        b" }}",
        b"{% for a in b %}",
        b"&a",
        b"*a",
        b"<<: ",
        b"!!x ",
        b"- id: ",
        b": ",
        b"\n",
        b"\t",
        b"\r\n",
    ),
    *(
        b"[",
        b"]",
        b"{",
        b"}",
        b"](",
        b"![",
        b"# ",
        b"> ",
        b"1. ",
        b"|-|\n",
        b"null",
        b"true",
        b"\xff",
        b"\x00",
        b"\xf0\x9f\x98\x80",
    ),
    *(
        b"\xe2\x80\xae",
        b"\xe2\x80\x8b",
        b"e\xcc\x81",
        "§".encode(),
        "\u3000".encode(),
        b"https://a.example/",
        b"javascript:",
    ),
    *(
        b"<script>",
        b"<table>",
        b"</div>",
        b"<!DOCTYPE x [",
        b"&#0;",
        b"&lt;",
        b"<b>" * 200,
        b"[" * 400,
        b"`" * 40,
        b"9" * 400,
        b"a " * 500,
    ),
]

TARGETS = ("draft", "yaml", "markdown", "html", "text", "docx", "compare", "record", "decisions")


def targets() -> dict[str, tuple[list[bytes], Callable[[bytes], object]]]:
    """Each target's sound samples and the function that reads one input."""
    from policytrail import compare_texts
    from policytrail.archive.snapshot_json import from_record
    from policytrail.importers.formats.read import FORMATS
    from policytrail.sources.decisions import load_decisions
    from policytrail.sources.load import load_draft
    from policytrail.storage.yaml_reader import load_yaml

    scratch = Path(tempfile.mkdtemp(prefix="fuzz-"))
    write_policy(scratch)
    sources = {path.relative_to(scratch): path.read_bytes() for path in sorted(scratch.rglob("*")) if path.is_file()}
    sources[Path("policy/decisions.yaml")] = (ROOT / "policy/decisions.yaml").read_bytes()
    names = list(sources)
    texts = [path.read_bytes() for path in sorted((ROOT / "versions").glob("*/policy.md"))]

    def draft(raw: bytes) -> object:
        """The first byte says which of the sources is replaced by the rest."""
        name = names[raw[0] % len(names)] if raw else names[0]
        (scratch / name).write_bytes(raw[1:])
        try:
            return load_draft(scratch / "policy")
        finally:
            (scratch / name).write_bytes(sources[name])

    def decisions(raw: bytes) -> object:
        (scratch / "policy/decisions.yaml").write_bytes(raw)
        return load_decisions(Workspace(scratch))

    def compared(raw: bytes) -> object:
        """Two texts about each other's length; equal ones must have no change, others at least one."""
        text = raw.decode("utf-8", "replace")
        old, _, new = text.partition("\n\x1e\n")
        found = compare_texts(old, new or old)
        if new and old != new and not found.changes and old.split() != new.split():
            raise AssertionError("the texts differ, yet no change was found")
        return found

    def reader(ending: str) -> Callable[[bytes], object]:
        return lambda raw: FORMATS[ending](f"x{ending}", raw)

    def record(raw: bytes) -> object:
        try:
            return from_record(json.loads(raw))
        except (
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            RecursionError,
        ):  # what load_versions turns into one sentence
            return None

    body = "<h1>Policy</h1><p>We <b>collect</b> <a href='/x'>data</a>.</p><ul><li>a</li></ul><table><tr><td>x</td></tr></table>"
    pages = [f"<html><body>{body}</body></html>".encode()]
    return {
        "draft": ([bytes([place]) + content for place, content in enumerate(sources.values())], draft),
        "yaml": (
            [content for name, content in sources.items() if name.suffix == ".yaml"],
            lambda raw: load_yaml("x.yaml", raw.decode("utf-8", "replace")),
        ),
        "markdown": (texts, reader(".md")),
        "html": (pages + [path.read_bytes() for path in sorted((ROOT / "templates").glob("*.html"))], reader(".html")),
        "text": ([path.read_bytes() for path in sorted((ROOT / "versions").glob("*/policy.txt"))], reader(".txt")),
        "docx": ([word_sample(texts[0].decode()[:4000])], reader(".docx")),
        "compare": ([one[:6000] + b"\n\x1e\n" + other[:6000] for one, other in pairwise(texts)], compared),
        "record": ([path.read_bytes() for path in sorted((ROOT / "versions").glob("*/policy.json"))], record),
        "decisions": ([sources[Path("policy/decisions.yaml")]], decisions),
    }


def word_sample(text: str) -> bytes:
    """A small Word file with paragraphs, a heading and a table."""
    import docx

    document = docx.Document()
    document.add_heading("Policy", 1)
    for line in text.splitlines():
        document.add_paragraph(line)
    document.add_table(2, 2)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def mutated(chance: random.Random, samples: list[bytes]) -> bytes:
    """One sample with a few changes of any size."""
    raw = bytearray(chance.choice(samples))
    if raw[:2] == b"PK" and chance.random() < 0.8:
        return mutated_zip(chance, bytes(raw))
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        place = chance.randrange(len(raw) + 1)
        length = min(chance.choice([1, 2, 8, 64, 1024]), len(raw) - place)
        match chance.randrange(6):
            case 0 if place < len(raw):
                raw[place] ^= 1 << chance.randrange(8)
            case 1:
                raw[place:place] = chance.choice(TOKENS) * chance.choice([1, 1, 2, 50])
            case 2:
                del raw[place : place + length]
            case 3:
                raw[place:place] = raw[place : place + length] * chance.choice([1, 3, 30])
            case 4:
                other = chance.choice(samples)
                start = chance.randrange(len(other) + 1)
                raw[place : place + length] = other[start : start + length * 4]
            case _:
                raw[place:place] = chance.randbytes(chance.choice([1, 4, 32]))
    return bytes(raw[:300_000])


def mutated_zip(chance: random.Random, raw: bytes) -> bytes:
    """A Word file in which one part was mutated, so that the container stays sound."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, mutated(chance, [content]) if name == chosen else content)
    return stream.getvalue()


class Hang(BaseException):
    """The input took too long."""


def loop(name: str, seed: int, until: float, keep: Path, done: multiprocessing.sharedctypes.Synchronized[int]) -> None:
    """Runs in the child: mutate, read, note. What kills the child is found in the file of the input at hand."""
    samples, read = targets()[name]
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    def stop(*_: object) -> None:
        raise Hang

    signal.signal(signal.SIGPROF, stop)
    for sample in samples:
        read(sample)  # a sound sample must be read
    chance = random.Random(seed)
    at_hand = keep / f".{name}-{os.getpid()}"
    while time.time() < until:
        raw = mutated(chance, samples)
        at_hand.write_bytes(raw)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            read(raw)
        except PolicytrailError:
            pass
        except (Exception, Hang) as error:
            kept(keep, name, type(error).__name__, raw)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        done.value += 1
    at_hand.unlink(missing_ok=True)


def kept(keep: Path, target: str, what: str, raw: bytes) -> None:
    """Keep an input that did harm."""
    path = keep / f"{target}-{what}-{hashlib.sha256(raw).hexdigest()[:10]}"
    path.write_bytes(raw)
    print(f"FOUND {path}", flush=True)


def plain(name: str, minutes: float, seed: int, keep: Path) -> None:
    """The watched loop: the child is started again when an input kills it."""
    until = time.time() + minutes * 60
    done = multiprocessing.Value("q", 0)
    while time.time() < until:
        child = multiprocessing.Process(target=loop, args=(name, seed, until, keep, done))
        child.start()
        seen, since = -1, 0.0
        while child.is_alive():
            child.join(1)
            if done.value != seen:
                seen, since = done.value, spent(child.pid)
            elif spent(child.pid) - since > 60:  # deaf to signals: stuck in C
                child.kill()
        at_hand = keep / f".{name}-{child.pid}"
        if child.exitcode and at_hand.exists():
            kept(keep, name, f"died{child.exitcode}", at_hand.read_bytes())
            at_hand.unlink()
        seed += 1_000_003
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    found = len(list(keep.glob(f"{name}-*")))
    print(f"{name}: {done.value:,} inputs in {minutes:g} min, {found} findings, peak memory {peak:.0f} MB", flush=True)


def spent(pid: int | None) -> float:
    """Seconds of processor time that a process has used; the machine may be busy with others."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def guided(name: str, minutes: float, keep: Path) -> None:
    """The same function under atheris' coverage-guided loop."""
    import atheris

    with atheris.instrument_imports(include=["policytrail"]):  # all of Python's own library would take minutes
        samples, read = targets()[name]
    corpus = Path(tempfile.mkdtemp(prefix="corpus-"))
    for number, sample in enumerate(samples):
        (corpus / str(number)).write_bytes(sample)

    def one(raw: bytes) -> None:
        try:
            read(raw)
        except PolicytrailError:
            return

    atheris.Setup(
        [
            sys.argv[0],
            str(corpus),
            f"-max_total_time={int(minutes * 60)}",
            f"-timeout={SECONDS}",
            "-rss_limit_mb=1000",
            f"-artifact_prefix={keep}/{name}-",
        ],
        one,
    )
    atheris.Fuzz()


def main() -> None:
    """Fuzz one target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "policytrail-fuzz")
    parser.add_argument("--atheris", action="store_true", help="use the package atheris, if it is installed")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    if options.atheris:
        guided(options.target, options.minutes, options.keep)
        return
    plain(options.target, options.minutes, options.seed, options.keep)
    sys.exit(1 if list(options.keep.glob(f"{options.target}-*")) else 0)


if __name__ == "__main__":
    main()
