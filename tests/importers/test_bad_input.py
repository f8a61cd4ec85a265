"""Files that aren't a policy: one clear sentence and exit 1 from `import` and from `diff`, quickly and in little memory."""

from __future__ import annotations

import io
import multiprocessing
import resource
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from conftest import Cli

FORK = multiprocessing.get_context("fork")
GIGABYTE = 1_000_000_000
NOISE = bytes(range(256)) * 40
GOOD = "# Policy\n\nWe keep your data for 30 days.\n"
Edit = Callable[[bytes], bytes]


def word(edit: Edit = bytes, **parts: bytes) -> bytes:
    """A Word file with its document changed and parts added."""
    import docx

    document = docx.Document()
    document.add_heading("Policy", 1)
    document.add_paragraph("We keep your data.")
    plain = io.BytesIO()
    document.save(plain)
    made = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            text = old.read(each)
            new.writestr(each.filename, edit(text) if each.filename == "word/document.xml" else text)
        for name, text in parts.items():
            new.writestr(name.replace("_", "/"), text)
    return made.getvalue()


def replaced(old: bytes, new: bytes) -> Edit:
    return lambda text: text.replace(old, new, 1)


RUN = b"<w:r><w:t>We keep your data.</w:t></w:r>"
TRACKED = b'<w:ins w:id="1" w:author="A"><w:r><w:t>Now </w:t></w:r></w:ins>' + RUN
DOCTYPE = b'?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty md": ("p.md", bytes, "This file is empty."),
    "empty docx": ("p.docx", bytes, "This file is empty."),
    "blank": ("p.txt", lambda: b" \n\n ", "This file is empty."),
    "page of scripts only": ("p.html", lambda: b"<script>var a = 1;</script>" * 5000, "There is no text"),
    "binary": ("p.txt", lambda: NOISE, "binary file"),
    "picture": ("p.md", lambda: b"\x89PNG\r\n\x1a\n" + NOISE, "This is a picture"),
    "pdf": ("p.txt", lambda: b"%PDF-1.7\n" + NOISE, "This is a PDF"),
    "other ending": ("p.pdf", lambda: b"%PDF-1.7\n" + NOISE, "This is a PDF, which keeps the look of a text"),
    "lying encoding": (
        "p.html",
        lambda: b'<meta charset="utf-8"><p>We keep \xff\xfe data.',
        "isn't in the encoding utf-8",
    ),
    "no encoding": ("p.txt", lambda: b"We keep \x81\x8d data.", "isn't in the encoding cp1252"),
    "50 MB": ("p.md", lambda: b"We keep your data. " * 2_700_000, "larger than 8 MB"),
    "long text": ("p.txt", lambda: b"We keep your data. " * 60_000, "longer than a million characters"),
    "word without end": ("p.md", lambda: b"[" * 60_000, "more than 5000 characters"),
    "only headings": ("p.md", lambda: b"# a\n\n" * 6_000, "more than 5000 headings"),
    "deep lists": ("p.md", lambda: "\n".join(f"{'  ' * depth}- x" for depth in range(500)).encode(), "nested deeper"),
    "deep quotations": ("p.md", lambda: b">" * 900 + b" x", "nested deeper"),
    "deep page": ("p.html", lambda: b"<ul><li>" * 4000 + b"x", "nested deeper"),
    "tracked changes": ("p.docx", lambda: word(replaced(RUN, TRACKED)), "Accept or reject them in Word"),
    "damaged": ("p.docx", lambda: word()[:9000], "damaged"),
    "damaged inside": ("p.docx", lambda: word(lambda text: text[: len(text) // 2]), "damaged"),
    "no encoding inside": ("p.docx", lambda: word(replaced(b"UTF-8", b"UTFTF-8")), "damaged"),
    "no Word": ("p.docx", lambda: NOISE, "damaged"),
    "password": ("p.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "protected by a password"),
    "bomb": ("p.docx", lambda: word(word_bomb=b"\0" * 70_000_000), "far beyond its size"),
    "bomb of XML": ("p.docx", lambda: word(replaced(b"We keep", b"a" * 9_000_000)), "far beyond its size"),
    "outside entity": ("p.docx", lambda: word(replaced(b"?>", DOCTYPE)), "document type"),
    "unknown encoding of XML": ("p.docx", lambda: word(replaced(b"UTF-8", b"UTFTF-8")), "damaged"),
    "deep Word": ("p.docx", lambda: word(replaced(b"<w:body>", b"<w:body>" + b"<w:sdt>" * 500)), "nested deeper"),
}


@pytest.fixture(scope="module", autouse=True)
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Sound files first, in this process: what the commands import is then there for every child."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "good.docx").write_bytes(word())
    (folder / "good.html").write_text("<h1>Policy</h1><p>We keep your data.</p>")
    for words in (("import", "good.docx", "--dry-run"), ("diff", "good.docx", "good.html")):
        assert Cli(folder)(*words).exit_code == 0


@dataclass(frozen=True)
class Run:
    returncode: int
    stdout: str
    stderr: str


def policytrail(folder: Path, *arguments: str) -> Run:
    """The command in a child of this process, with a gigabyte of address space more and ten seconds of processor."""
    ours, theirs = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_limited, args=(theirs, folder, arguments))
    child.start()
    theirs.close()
    try:
        run: Run = ours.recv()
    except EOFError:
        pytest.fail(f"died of its limits or a signal: {child.exitcode}")
    finally:
        child.join()
    return run


def _limited(answer: Connection, folder: Path, arguments: tuple[str, ...]) -> None:
    space = GIGABYTE + resource.getpagesize() * int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    result = Cli(folder)(*arguments)
    answer.send(Run(result.exit_code, result.stdout, result.stderr))


@pytest.mark.parametrize("case", CASES)
def test_a_clear_sentence_and_exit_1(case: str, tmp_path: Path) -> None:
    name, content, sentence = CASES[case]
    (tmp_path / name).write_bytes(content())
    (tmp_path / "good.md").write_text(GOOD)
    for arguments in (["import", name, "--into", "new"], ["diff", "good.md", name]):
        run = policytrail(tmp_path, *arguments)
        assert run.returncode == 1, run.stderr
        (line,) = run.stderr.strip().splitlines()
        assert line.startswith(name) and sentence in line
        assert run.stdout == ""
    assert not (tmp_path / "new").exists()


def test_tracked_changes_name_their_paragraphs(tmp_path: Path) -> None:
    (tmp_path / "p.docx").write_bytes(word(replaced(RUN, TRACKED)))
    run = policytrail(tmp_path, "import", "p.docx")
    assert "1 tracked changes that are still open, by A (1): A inserted “Now” in paragraph 2" in run.stderr
    assert "/etc/hostname" not in run.stderr


def test_a_page_full_of_scripts_is_read_without_them(tmp_path: Path) -> None:
    page = "<script>var a = '<p>no</p>';</script><p onclick=x()>We keep your data.</p>" * 2000
    (tmp_path / "p.html").write_text(page)
    run = policytrail(tmp_path, "import", "p.html")
    assert run.returncode == 0, run.stderr
    assert "scripts (2000)" in run.stderr
    clauses = "".join(each.read_text() for each in (tmp_path / "policy" / "clauses").rglob("*.md"))
    assert clauses.count("We keep your data.") == 2000 and "var a" not in clauses and "onclick" not in clauses


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("We keep your data \u2013 always.".encode("cp1252"))
    (tmp_path / "new.txt").write_text("We keep your data \u2013 always.")
    run = policytrail(tmp_path, "diff", "old.txt", "new.txt", "--format", "json")
    assert run.returncode == 0 and "cp1252" in run.stderr and '"severity": "none"' in run.stdout


def test_a_control_character_in_a_page_is_shown_as_what_cannot_be_read(tmp_path: Path) -> None:
    page = "<nav>x</nav>\x02<h1>Policy</h1><p>We keep \x05your data.</p><form><input></form>\x1e end"
    (tmp_path / "p.html").write_text(page + "<p>We keep your data for 30 days.</p>" * 300)
    run = policytrail(tmp_path, "import", "p.html")
    assert run.returncode == 0, run.stderr
    clauses = "".join(each.read_text() for each in (tmp_path / "policy" / "clauses").rglob("*.md"))
    assert "We keep \ufffdyour data." in clauses
