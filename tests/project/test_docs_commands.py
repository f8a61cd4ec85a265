"""Commands that the docs show without an answer run, too: every indented block of a page, as it stands, in a scene made for it.

A scene has what the block needs (a repository, a mail server, a published site), and says what stands there for the
addresses and dates of the page.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import docs_runner
import docx
import pytest
from authority import Authority, answering
from notices import people, with_remote, write_list
from places import ROOT
from postgres import Cluster
from samples import commit, edit, git, repository, serving
from sinks import Server, Sink

SCRIPTS = Path(sys.executable).parent
PAGES = sorted(each for each in (ROOT / "docs").rglob("*.md") if "reference" not in each.parts)
_BLOCK = re.compile(r"(?<=\n\n)((?: {4}.*\S.*\n)+)")
_PROGRAM = re.compile(r"^(?:status=0; )?(?:policytrail|python|jq|openssl|git|export) ", re.MULTILINE)
_EXPORT = re.compile(r"^export (\w+)='([^']*)'", re.MULTILINE)
_SERVERS = re.compile(r"^policytrail (?:worker|serve)\b.*$", re.MULTILINE)


@dataclass
class Stage:
    """Where a block runs: the folder, what stands there for what it says, more of its environment, the mails that were sent."""

    folder: Path
    instead: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    sink: Sink = field(default_factory=Sink)


Scene = Callable[[Path, ExitStack], Stage]


def blocks(page: str) -> list[str]:
    """The indented blocks of a page that hold commands, in order, without their indentation."""
    text = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    found = [re.sub(r"^ {4}", "", each, flags=re.MULTILINE) for each in _BLOCK.findall(text)]
    return [each.strip() + "\n" for each in found if _PROGRAM.search(each)]


def today() -> date:
    """The day in the sample policy's time zone."""
    return datetime.now(ZoneInfo("America/Los_Angeles")).date()


def released(folder: Path, stack: ExitStack) -> Stage:
    """A first version in force from today on."""
    root = repository(folder / "repo")
    shutil.copy(ROOT / "mkdocs.yml", root)
    (root / ".gitignore").write_text("/*\n!/policy/\n!/versions/\n!/mkdocs.yml\n!/templates/\n")
    (root / "templates").mkdir()
    commit(root, "what git keeps")
    run(f"policytrail release --effective {today()}\n", Stage(root))
    return Stage(root, {"2014-01-01": str(today())})


def changed(folder: Path, stack: ExitStack) -> Stage:
    """The same, and the draft has a material change for a day in 40 days."""
    stage = released(folder, stack)
    more = "[user.name, user.contact.email, user.job_title]"
    edit(stage.folder, "practices/all.yaml", "[user.name, user.contact.email]", more)
    commit(stage.folder, "more data")
    stage.instead["2014-01-01"] = str(today() + timedelta(days=40))
    return stage


def pending(folder: Path, stack: ExitStack) -> Stage:
    """A version is announced; there is a mail server, and a list of 120 people."""
    stage = changed(folder, stack)
    run("policytrail release --effective 2014-01-01\n", stage)
    with_remote(stage.folder)
    server = stack.enter_context(Server(Sink()))
    stage.instead["smtp+starttls://user:password@mail.example.org:587"] = server.url
    stage.env["POLICYTRAIL_SMTP_URL"], stage.sink = server.url, server.sink
    for name in ("users.csv", "subscribers.csv"):
        write_list(stage.folder / name, [*people(119), "ann@example.org"])
    (stage.folder / "left.txt").write_text("user7@example.org\n")
    return stage


def told(folder: Path, stack: ExitStack) -> Stage:
    """The same, after the notice was given."""
    stage = pending(folder, stack)
    run("policytrail notify 2014-01-01 --recipients users.csv\n", stage)
    return stage


def several_machines(folder: Path, stack: ExitStack) -> Stage:
    """The same, with a ledger in PostgreSQL."""
    stage = pending(folder, stack)
    cluster = stack.enter_context(Cluster())
    stage.instead["postgresql://policytrail:...@db/policytrail"] = cluster.url
    return stage


def published(folder: Path, stack: ExitStack) -> Stage:
    """The site of the announced version is built and published."""
    stage = pending(folder, stack)
    run("policytrail build\n", stage)
    stage.instead["https://privacy.example.com/"] = stack.enter_context(serving(stage.folder / "site"))
    return stage


def copies(folder: Path, stack: ExitStack) -> Stage:
    """Others kept a mail, a page, a document of the API, a clone."""
    stage = pending(folder, stack)
    run("policytrail build\npolicytrail notify 2014-01-01 --test-to me@example.org\n", stage)
    (stage.folder / "notice.eml").write_bytes(stage.sink.mails[0].raw)
    shutil.copy(stage.folder / "site/upcoming/index.html", stage.folder / "saved-page.html")
    shutil.copy(stage.folder / "site/api/v1/notice.json", stage.folder / "notice.json")
    git(stage.folder, "clone", "--quiet", ".", str(stage.folder.parent / "other-clone"))
    archive = stage.folder.parent / "archive.git"
    git(stage.folder, "clone", "--quiet", "--bare", ".", str(archive))
    stage.instead["https://git.example.org/archive/policy.git"] = archive.as_uri()
    return stage


def example(folder: Path, stack: ExitStack) -> Stage:
    """The example, with a translated clause of each language corrected."""
    git(ROOT, "clone", "--quiet", ".", str(folder / "example"))
    for language in ("fr", "es"):
        clause = folder / "example/policy/translations" / language / "contact/address.md"
        clause.write_text(clause.read_text().rstrip() + ".\n")
    commit(folder / "example", "corrected")
    return Stage(folder / "example")


def website(folder: Path, stack: ExitStack) -> Stage:
    """Beside the folder there is a repository with a policy that was changed once."""
    there = folder / "website"
    (there / "docs").mkdir(parents=True)
    git(there, "init", "--quiet")
    for text in (
        "# Privacy policy\n\nWe ask for your name.\n",
        "# Privacy policy\n\nWe ask for your name and address.\n",
    ):
        (there / "docs/privacy.md").write_text(text)
        commit(there, "policy")
    (folder / "here").mkdir()
    return Stage(folder / "here")


def own_policy(folder: Path, stack: ExitStack) -> Stage:
    """A folder with nothing but the company's policy in Word, which tells who it is and where."""
    folder.mkdir(parents=True, exist_ok=True)
    contact = "Acme Widgets Inc., 1 Main Street, Springfield, IL 62701, privacy@acme.example"
    document = docx.Document()
    document.add_heading("Acme privacy policy", 0)
    document.add_paragraph("When you register we collect your name. We do not sell it.")
    document.add_paragraph(f"Write to {contact}.")
    document.save(str(folder / "our-policy.docx"))
    return Stage(folder)


def edited_copy(folder: Path, stack: ExitStack) -> Stage:
    """A lawyer edited the Word file; two plain files lie beside it."""
    stage = released(folder, stack)
    run("policytrail export draft --format docx --output our-policy.docx\n", stage)
    with (
        zipfile.ZipFile(stage.folder / "our-policy.docx") as old,
        zipfile.ZipFile(stage.folder / "policy-edited.docx", "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"We do not sell", b"We never sell"))
    shutil.copy(stage.folder / "our-policy.docx", stage.folder / "new.docx")
    (stage.folder / "old.md").write_text("# Privacy policy\n\nWe ask for your name.\n")
    return stage


def labelled(folder: Path, stack: ExitStack) -> Stage:
    """A file of labelled pairs."""
    pair = '{"id": "a", "old_text": "We ask for your name.", "new_text": "We ask for your name and your phone number.", "label": "M"}'
    (folder / "FILE.jsonl").write_text(pair + "\n")
    return Stage(ROOT, {"FILE.jsonl": str(folder / "FILE.jsonl")})


def stamped(folder: Path, stack: ExitStack) -> Stage:
    """A draft with a change, and an authority that stamps."""
    stage = changed(folder, stack)
    authority = Authority(folder / "tsa")
    shutil.copy(authority.root, stage.folder / "authority.pem")
    url = stack.enter_context(answering(authority))
    stage.instead |= {"2027-03-01": stage.instead["2014-01-01"], "https://tsa.example.org/": url}
    return stage


def with_stamp(folder: Path, stack: ExitStack) -> Stage:
    """The same, after its release."""
    stage = stamped(folder, stack)
    run("policytrail release --effective 2027-03-01 --timestamp https://tsa.example.org/\n", stage)
    (token,) = stage.folder.glob("versions/*/evidence/*-timestamp.json")
    before = [each for each in sorted(token.parent.iterdir()) if each.name < token.name]
    stamped_file = before[-1] if before else token.parents[1] / "notice/manifest.json"
    stage.instead |= {
        "versions/ID/evidence/0003-timestamp.json": str(token),
        "versions/ID/evidence/0002-email.json": str(stamped_file),
    }
    return stage


def empty(folder: Path, stack: ExitStack) -> Stage:
    """Nothing."""
    (folder / "here").mkdir()
    return Stage(folder / "here")


# Every page with such blocks, and a scene for each of them.
SCENES: dict[str, list[Scene]] = {
    "docs/ci.md": [empty, published, published],
    "docs/explanation/figures.md": [labelled],
    "docs/history.md": [website, website],
    "docs/howto/erase-a-person.md": [told],
    "docs/howto/preview.md": [released],
    "docs/howto/prove-a-notice.md": [told],
    "docs/howto/send-a-notice.md": [pending],
    "docs/howto/several-machines.md": [several_machines],
    "docs/howto/translate.md": [example],
    "docs/howto/voluntary-updates.md": [pending],
    "docs/howto/withdraw.md": [told],
    "docs/import.md": [own_policy],
    "docs/site.md": [published],
    "docs/verify.md": [copies, stamped, with_stamp],
    "docs/word.md": [edited_copy, edited_copy],
}
CASES = [
    pytest.param(page, number, id=f"{page}-{number}")
    for page, scenes in SCENES.items()
    for number in range(len(scenes))
]


def test_every_block_of_commands_has_a_scene() -> None:
    found = {page.relative_to(ROOT).as_posix(): len(blocks(page.read_text())) for page in PAGES}
    assert {page: count for page, count in found.items() if count} == {
        page: len(scenes) for page, scenes in SCENES.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize(("page", "number"), CASES)
def test_every_block_of_commands_runs(page: str, number: int, tmp_path: Path) -> None:
    with ExitStack() as stack:
        run(blocks((ROOT / page).read_text())[number], SCENES[page][number](tmp_path, stack))


def run(block: str, stage: Stage) -> None:
    """Run a block as one script that ends at the first failure; a server runs beside it until the rest is done."""
    for shown, here in stage.instead.items():
        block = block.replace(shown, here)
    env = docs_runner.environment(stage.folder, SCRIPTS) | stage.env | dict(_EXPORT.findall(block))
    script = _SERVERS.sub("", block)
    with ExitStack() as stack:
        for words in _SERVERS.findall(block):
            stack.enter_context(started(words, stage.folder, env))
        done = subprocess.run(
            ["bash", "-ec", script], cwd=stage.folder, env=env, capture_output=True, text=True, timeout=240
        )
        assert done.returncode == 0, f"{script}\nended with {done.returncode}:\n{done.stdout}{done.stderr}"


@contextmanager
def started(words: str, folder: Path, env: dict[str, str]) -> Iterator[None]:
    """A program that runs until somebody stops it; a preview must show the draft."""
    address = f"127.0.0.1:{free_port()}"
    words = f"exec {words} --address {address}" if words == "policytrail serve" else f"exec {words}"
    with subprocess.Popen(
        ["bash", "-c", words], cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            if "--address" in words:
                shows(f"http://{address}/draft/")
            yield
            assert process.poll() is None, f"{words} ended by itself"
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shows(address: str) -> None:
    """Wait until a page is there."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < end, f"{address} doesn't answer"
            time.sleep(0.2)
