"""What strangers can put into sources and templates: each attack is one clear sentence, the right status, nothing changed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from releases import tree
from samples import clause, commit, edit, write_policy

from conftest import Cli
from policytrail.errors import TemplateError
from policytrail.render.shared import templates
from policytrail.render.shared.markdown import to_html, to_text
from policytrail.storage.resource_limits import LimitExceeded, bounded

CONTACT = "clauses/contact.md"
ALL = "practices/all.yaml"
POLICY = "policy.yaml"


def refused(cli: Cli, root: Path, place: str, *words: str, status: int = 1) -> str:
    """The one refusal: right status, its place named, no traceback, nothing written. Returns standard error."""
    before = tree(root)
    start = time.process_time()
    result = cli(*(words or ("check",)))
    assert result.exit_code == status, (result.exception, result.output)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert place in result.stderr, result.stderr
    assert time.process_time() - start < 20
    assert tree(root) == before
    return result.stderr


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The sample sources alone: `check` needs no git."""
    return write_policy(tmp_path / "draft")


@contextmanager
def changed(root: Path, name: str) -> Iterator[Path]:
    """A source file that a case spoils; afterwards it is as it was."""
    path = root / "policy" / name
    before = path.read_bytes() if path.exists() else None
    yield path
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)


# Clause text is no program.
CODE = [
    "{{ ''.__class__.__mro__ }}",
    "{{ organization.name.format.__globals__ }}",
    "{{ organization|attr('__class__') }}",
    "{{ '%s'|format(1) }}",
    "{{ organization['email'] }}",
    "{{ cycler }}",
    "{{ self }}",
    "{{ lipsum(100000) }}",
    "{{ organization.name|safe }}",
    "{% autoescape false %}x{% endautoescape %}",
    "{% include '/etc/passwd' %}",
    "{% import 'base.html' as x %}",
    "{% extends 'base.html' %}",
    "{% macro a() %}{% endmacro %}",
    "{% set a = 1 %}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with a = 1 %}{% endwith %}",
    "{{ 'x' * 1000000000 }}",
    "{{ 2 ** 999999 }}",
    "{{ 'a' ~ 'b' }}",
    "{{ [1] }}",
    "{{ {'a': 1} }}",
    "{% for a in range(99999) %}x{% endfor %}",
    "{% for a in organization.address %}{% for b in organization.address %}{% for c in organization.address %}x{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in organization.address recursive %}x{% endfor %}",
    "{{ [policy]|map(attribute='__class__')|list }}",
    "{{ practices }}",
    "{{ organization.email.upper }}",
    "{{ namespace }}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ 1" + " and 1" * 20_000 + " }}",
    "{% if " + "not " * 3000 + "1 %}a{% endif %}",
    "{{ " + "9" * 5000 + " }}",
    "{% endfor %}",
    "{{ organization.address|first(1)(2) }}",
    "{{ organization.name|join(1, 2, 3, 4) }}",
]


def test_clause_text_cannot_run_code(draft: Path) -> None:
    for code in CODE:
        with changed(draft, CONTACT):
            edit(draft, CONTACT, "{{ organization.email }}", code)
            refused(Cli(draft), draft, "policy/clauses/contact.md:5: ")


def test_loops_in_clause_text_end_at_256_kilobytes(draft: Path) -> None:
    address = ", ".join(["Main Street"] * 500)
    edit(draft, POLICY, "address: [1 Main Street, Springfield]", f"address: [{address}]")
    loop = "{% for a in organization.address %}{% for b in organization.address %}{{ a }}{% endfor %}{% endfor %}"
    edit(draft, CONTACT, "{{ organization.email }}", loop)
    assert "grows beyond 256 KB" in refused(Cli(draft), draft, "policy/clauses/contact.md:5: ")


# Templates are the legal team's own; a bad one still ends in one sentence, within 20 seconds and 512 MB.
HOSTILE_TEMPLATES = [
    "{{ ''.__class__ }}",
    "{{ ''|attr('__class__') }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ [1]|map(attribute='__class__')|list }}",
    "{{ nothing }}",
    "{{ 'x' * 10**10 }}",
    "{{ '%999999999999d'|format(1) }}",
    "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "{{ 'a'|center(10**12) }}",
    "{% include '/etc/passwd' %}",
    "{% include '../policy/policy.yaml' %}",
    "{% for %}",
    "{{ 1 / 0 }}",
    "{{ range(10**9)|list }}",
]


@pytest.mark.parametrize("source", HOSTILE_TEMPLATES)
def test_a_hostile_template_is_named_and_the_site_stays(released: Path, cli: Cli, source: str) -> None:
    folder = released / "templates"
    folder.mkdir()
    (folder / "404.html").write_text(f"\n{source}\n")
    said = refused(cli, released, "templates/", "build", "--as-of", "2020-02-01")
    assert len(said.splitlines()) == 1
    assert "404.html:2" in said or "doesn't exist" in said
    assert not (released / "site").exists()


def test_endless_rendering_is_stopped() -> None:
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    start = time.process_time()
    with pytest.raises(TemplateError, match="longer than 1 seconds"), bounded(seconds=1):
        templates.environment().from_string(endless).render()
    assert time.process_time() - start < 5


@pytest.mark.slow
def test_an_endless_template_ends_after_twenty_seconds(tmp_path: Path) -> None:
    (tmp_path / "404.html").write_text("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
    start = time.monotonic()
    with pytest.raises(TemplateError, match=r"404\.html:1: Rendering this takes longer than 20 seconds"):
        templates.render(templates.environment(tmp_path), "404.html", {})
    assert time.monotonic() - start > 19


def test_bounds_are_taken_back() -> None:
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)
    with pytest.raises(LimitExceeded, match="more than 64 MB"), bounded(memory=64 * 2**20):
        bytearray(2**28)
    assert (resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


# Markdown.
SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b>bold</b>",
    "<!-- note -->",
    "<iframe src=//evil.example>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](data:text/html,x)",
    "[x](data:image/png;base64,AAAA)",
    "[x](blob:https://a.example/1)",
    "[x](intent:x)",
    "[x](ftp://a.example/)",
    "[x](//evil.example/)",
    "[x](https://good.example@evil.example/)",
    "[x](mailto:a@b.example?bcc=c@d.example)",
    "[x](mailto:a@b.example%0abcc:c@d.example)",
    "[x][y] and\n\n[y]: javascript:alert(1)\n\nmore",
    "**[x](javascript:alert(1))**",
    "| a |\n| - |\n| [x](javascript:1) |\n",
    "- > [x](vbscript:1)\n\n",
    "[x](java{# #}script:alert(1))",
]


def test_script_in_markdown_is_refused(draft: Path) -> None:
    for markup in SCRIPTS:
        with changed(draft, CONTACT):
            edit(draft, CONTACT, "Write to", f"First line.\n\n{markup} Write to")
            said = refused(Cli(draft), draft, "policy/clauses/contact.md:")
            assert int(said.split(":")[1]) >= 6, said


def test_honest_markdown_passes(draft: Path) -> None:
    honest = "See [us](https://post.example/a?b=1), [mail](mailto:a@post.example), [here](#top), 1 < 2, \\<you>, `<b>`, a[1], http://x.example."
    edit(draft, CONTACT, "Write to", honest + " Write to")
    assert Cli(draft)("check").exit_code == 0, Cli(draft)("check").output


@pytest.mark.parametrize("field", ["site_url", "complaints"])
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "vbscript:x/", '"https://a\\u0009/"']
)
def test_addresses_in_yaml_follow_the_same_rule(draft: Path, field: str, url: str) -> None:
    (draft / "policy" / POLICY).write_text(
        (draft / "policy" / POLICY).read_text().replace("site_url: https://policy.post.example/\n", "")
        + ("" if field == "site_url" else "site_url: https://policy.post.example/\n")
        + f"{field}: {url}\n"
    )
    refused(Cli(draft), draft, "policy/policy.yaml:")


@pytest.mark.parametrize("unit", ["![", "[", "[a](", "[[]]", "[x]: ", "*_`["])
def test_markdown_that_takes_ages_is_refused(draft: Path, unit: str) -> None:
    edit(draft, CONTACT, "Write to", unit * (250_000 // len(unit)) + " Write to")
    refused(Cli(draft), draft, "policy/clauses/contact.md:5: ")


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", [">", "*a ", "`", "<", "- ", "_*", "\\", "&", "(", "a|", "~~", "\t", "1. ", "\n- a", "_", "|a|\n|-|\n"]
)
def test_markdown_within_the_limits_takes_time_in_proportion(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        to_html(text), to_text(text)
        return time.process_time() - start

    # Four times the text, about four times the work: whatever the machine, what grows with its square (16) is found.
    assert seconds(250_000) < 12 * max(seconds(62_500), 0.1)


def test_too_many_brackets_are_not_far_from_quick() -> None:
    from policytrail.sources.markdown_rules import MAX_BRACKETS

    start = time.process_time()
    to_html(("![" + "a" * 124) * MAX_BRACKETS)
    assert time.process_time() - start < 5


def test_oversized_clauses_and_policies_are_refused(draft: Path) -> None:
    path = draft / "policy" / CONTACT
    path.write_text(clause("Contact", ["contact.office"], "word " * 60_000))
    assert "larger than 256 KB" in refused(Cli(draft), draft, "policy/clauses/contact.md: ")
    names = [f"big-{number}" for number in range(33)]
    for name in names:
        (draft / f"policy/clauses/{name}.md").write_text(clause(name, ["contact.office"], "word " * 50_000))
    edit(draft, CONTACT, "word " * 60_000, "Write.")
    edit(draft, POLICY, "[changes/notice, contact]", f"[changes/notice, contact, {', '.join(names)}]")
    assert "longer than 8 MB" in refused(Cli(draft), draft, "policy/clauses: ")


# YAML.
BAD_YAML: dict[str, str | bytes] = {
    "bomb": "a: &a [x, x]\nb: &b [*a, *a]\n",
    "alias": "a: *x",
    "merge": "a: {<<: {b: 1}}",
    "deep": "[" * 100_000,
    "deep maps": "{a: " * 60,
    "python": "!!python/object/apply:os.system [ls]",
    "binary": "a: !!binary aGk=",
    "set": "!!set {a, b}",
    "own tag": "a: !ENV HOME",
    "two documents": "a: 1\n---\nb: 2\n",
    "a list as key": "? [a, b]\n: c\n",
    "twice": "a: 1\nb: 2\na: 3\n",
    "scalar": "hello",
    "date": "2014-02-31",
    "digits": "9" * 5000,
    "nan": ".nan",
    "NUL": b"a: \x00",
    "UTF-16": "a: b".encode("utf-16"),
    "Latin-1": b"a: \xff",
    "surrogate": b"a: \xed\xa0\x80",
    "tab": "a:\n\t- b",
    "next line": "a: b\x85c",
    "line separator": "a: b\u2028c",
    "unclosed": "{a: [",
    "huge": "a: " + "b" * 1_100_000,
    "escaped NUL": 'a: "\\0"',
    "escaped bidi": 'title: "\\u202e x"',
    "escaped zero width": '"\\u200b": 1',
    "escaped NFD": 'a: "e\\u0301"',
}


@pytest.mark.parametrize(
    "name", ["policy.yaml", "practices/all.yaml", "recipients.yaml", "vocabulary.yaml", "decisions.yaml"]
)
@pytest.mark.parametrize("kind", list(BAD_YAML))
def test_bad_yaml_is_named_with_its_line(repo: Path, cli: Cli, name: str, kind: str) -> None:
    if kind == "many" and name != "recipients.yaml":
        pytest.skip("once is enough: the limit is the reader's, and it takes seconds")
    content = BAD_YAML[kind]
    (repo / "policy" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    said = refused(cli, repo, f"policy/{name}:")
    assert "Traceback" not in said
    assert len(said.splitlines()) <= 3, said


def test_a_thousand_mistakes_are_two_hundred_lines(draft: Path) -> None:
    (draft / "policy/recipients.yaml").write_text("- {id: x y}\n" * 1000)
    said = refused(Cli(draft), draft, "policy/recipients.yaml:1: ").splitlines()
    assert len(said) == 201
    assert "more problems" in said[-1]


@pytest.mark.parametrize(
    "start",
    ["+++\ntitle = 'x'\n+++\n", "--- # x\ntitle: Contact\n---\n", "---\nhello\n---\n", "---\n[a]\n---\n", "---\n"],
)
def test_other_front_matter_is_not_silently_empty(draft: Path, start: str) -> None:
    (draft / "policy" / CONTACT).write_text(start + "Write to us.\n")
    refused(Cli(draft), draft, "policy/clauses/contact.md:")


# Dates, ids, paths.
@pytest.mark.parametrize(
    "day",
    ["２０２０-０１-０１", "20200101", "2020-W01-1", "2020-1-1", "2020-02-30", "٢٠٢٠-٠١-٠١", "2020-01-01T00:00", ""],
)
def test_dates_are_ascii_digits_only(released: Path, cli: Cli, day: str) -> None:
    assert "Traceback" not in refused(cli, released, "", "build", "--as-of", day, status=2)
    assert "Traceback" not in refused(cli, released, "", "release", "--effective", day, status=2)
    edit(released, POLICY, "last_updated: 2020-01-01", f"last_updated: '{day}'")
    if day:
        refused(cli, released, "policy/policy.yaml:9: ")


IDS = [
    "../../etc/passwd",
    "/etc/passwd",
    "a/../b",
    "Contact",
    "a//b",
    "x" * 65,
    ".hidden",
    "a\\b",
    "con tact",
    "ｃontact",
    "contact\u0430",
    "-x",
]


def test_ids_are_plain_and_cannot_leave_the_folder(draft: Path) -> None:
    for identity in IDS:
        spelt = json.dumps(identity, ensure_ascii=False)
        with changed(draft, POLICY), changed(draft, CONTACT):
            edit(draft, POLICY, "[changes/notice, contact]", f"[changes/notice, {spelt}]")
            edit(draft, CONTACT, "title: Contact", f"title: Contact\nid: {spelt}")
            refused(Cli(draft), draft, "policy/")


def test_ids_that_differ_by_case_are_refused(draft: Path) -> None:
    (draft / "policy/clauses/Contact.md").write_text(clause("Contact", ["contact.office"], "Other words."))
    refused(Cli(draft), draft, "policy/clauses/Contact.md:")


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("make", [_link, _pipe, _folder])
@pytest.mark.parametrize("name", [POLICY, CONTACT, ALL, "recipients.yaml", "vocabulary.yaml", "decisions.yaml"])
def test_only_regular_files_are_read(draft: Path, make: Callable[[Path], None], name: str) -> None:
    if make is _folder and name == ALL:
        pytest.skip("a folder below practices/ is a folder of practices, whatever its name")
    path = draft / "policy" / name
    path.touch()
    make(path)
    result = Cli(draft)("check")
    assert (result.exit_code, "root:" in result.output) == (1, False), result.output
    assert f"policy/{name}" in result.stderr


@pytest.mark.parametrize(
    "name", ["policy/clauses", "policy/practices", "policy/clauses/sharing", "policy", "versions", "templates"]
)
def test_linked_folders_are_not_followed(released: Path, cli: Cli, name: str, tmp_path: Path) -> None:
    path = released / name
    path.parent.mkdir(exist_ok=True)
    outside = tmp_path / "outside"
    if path.exists():
        path.rename(outside)
    else:
        (outside / "assets").mkdir(parents=True)
        (outside / "assets/secret.txt").write_text("secret")
    path.symlink_to(outside)
    result = cli("build", "--as-of", "2020-02-01")
    assert result.exit_code == 1, result.output
    assert name in result.stderr
    assert not (released / "site").exists()


def test_a_linked_asset_is_not_published(released: Path, cli: Cli) -> None:
    (released / "templates/assets").mkdir(parents=True)
    (released / "templates/assets/passwd.txt").symlink_to("/etc/passwd")
    (released / "templates/base.html").symlink_to("/etc/passwd")
    result = cli("build", "--as-of", "2020-02-01")
    assert "root:" not in result.output
    assert not (released / "site/assets/passwd.txt").exists()
    assert not any(b"root:" in content for name, content in tree(released).items() if name.startswith("site/"))


def test_mkdocs_yml_runs_nothing_in_a_build(released: Path, cli: Cli) -> None:
    mark = released / "ran"
    (released / "hook.py").write_text(f"open({str(mark)!r}, 'w')\n")
    (released / "mkdocs.yml").write_text(
        f"site_name: !ENV HOME\nhooks: [hook.py]\nextra: !!python/object/apply:os.system ['touch {mark}']\n"
    )
    assert cli("build", "--as-of", "2020-02-01").exit_code == 0
    assert not mark.exists()
    assert os.environ["HOME"] not in (released / "site/index.html").read_text()


# Mail headers.
HEADERS = [
    ("name: Example Post", 'name: "Example\\r\\nBcc: x@evil.example"'),
    ("name: Example Post", 'name: "Example\\nBcc: x@evil.example"'),
    ("name: Example Post", "name: =?utf-8?q?Example=0ABcc:_x@evil.example?="),
    ("name: Example Post", "name: =?utf-8?b?CkJjYzogeA==?="),
    ("title: Privacy policy", 'title: "Privacy\\u2028Bcc: x@evil.example"'),
    ("email: privacy@post.example", 'email: "a@b.example\\nBcc:x@y.example"'),
    ("regimes:", 'sender: "Us <a@b.example>, <x@evil.example>"\nregimes:'),
    ("regimes:", 'sender: "a@b.example\\nBcc: x@evil.example"\nregimes:'),
    ("regimes:", "sender: Us\nregimes:"),
    ("regimes:", 'sender: "\\"a@b\\" <x@y.example> <z@y.example>"\nregimes:'),
]


@pytest.mark.parametrize(("old", "new"), HEADERS)
def test_no_value_becomes_a_mail_header(repo: Path, cli: Cli, old: str, new: str) -> None:
    edit(repo, POLICY, old, new)
    commit(repo)
    refused(cli, repo, "policy/policy.yaml", "release", "--effective", "2020-01-01", "--as-of", "2020-01-01")
    assert not (repo / "versions/2020-01-01").exists()


# What the eye can't see.
HIDDEN = [
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\U000e0041",
    "\u034f",
    "\u3164",
    "\u2800",
    "\ufe0f",
    "\x07",
    "\u0085",
    "\u2029",
    "\ue000",
    "e\u0301",
    "\u115f",
]


@pytest.mark.parametrize("sign", HIDDEN, ids=[f"{ord(each[-1]):04x}" for each in HIDDEN])
@pytest.mark.parametrize(
    ("name", "old"), [(CONTACT, "Write"), (CONTACT, "title: C"), (POLICY, "title: P"), (ALL, "title: Mail")]
)
def test_hidden_characters_are_refused_everywhere(repo: Path, cli: Cli, sign: str, name: str, old: str) -> None:
    edit(repo, name, old, old + sign)
    refused(cli, repo, f"policy/{name}:")


def test_joiners_stay_where_they_mean_something(draft: Path) -> None:
    edit(draft, CONTACT, "Write to", "می\u200cخواهیم, क्\u200dष, ❤\ufe0f, 1\ufe0f. Write to")
    assert Cli(draft)("check").exit_code == 0, Cli(draft)("check").output


def test_a_look_alike_letter_is_never_editorial(released: Path, cli: Cli) -> None:
    edit(released, "clauses/sharing/promise.md", "sell", "s\u0435ll")  # a Cyrillic letter
    found = json.loads(cli("diff", "2020-01-01", "draft", "--format", "json").stdout)["changes"]
    assert {change["severity"] for change in found} == {"material"}  # the promise not to sell is gone for a machine
    result = cli("check")
    assert "notice owed: 30 days" in result.output
    assert "letters of more than one script (U+0435 cyrillic small letter ie)" in result.output


# Workflow commands.
def test_source_text_is_no_workflow_command(released: Path, cli: Cli) -> None:
    evil = "x\n::error::owned%0A::stop-commands::t"
    edit(released, CONTACT, "states: [contact.office]", f"states: [{json.dumps(evil)}]")
    result = cli("check", "--format", "github")
    assert result.exit_code == 1
    for line in result.stdout.splitlines():
        assert line.startswith(("::error file=policy/", "::warning title=Blocks", "::notice title=Policy")), line
        assert "\r" not in line
    assert "%250A" in result.stdout


def test_file_names_are_no_workflow_command(released: Path, cli: Cli) -> None:
    (released / "policy/clauses/a,line=1::warning::x\n::error::y.md").write_text("no front matter")
    lines = cli("check", "--format", "github").stdout.splitlines()
    assert all(line.startswith("::error file=policy/") and line.count("::") == 2 for line in lines), lines


# A comparison that finds nothing in what differs is our fault, never "no change".
def test_keys_that_the_comparer_overlooks_are_found(released: Path, cli: Cli) -> None:
    from policytrail.compare.differences import _fields

    for old, new in (({"__x": 1}, {"__x": 2}), ({"a": {"__y": {}}}, {"a": {}}), ({"a": {}}, {"a": {"_z": True}})):
        assert _fields(old, new)


def test_a_silent_miss_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import deepdiff

    from policytrail.compare import differences

    monkeypatch.setattr(deepdiff, "DeepDiff", lambda *_, **__: {})
    with pytest.raises(AssertionError, match="differ"):
        differences._fields({"a": [1]}, {"a": [2]})
    monkeypatch.setattr(differences, "_plainly", lambda *_: [])
    with pytest.raises(AssertionError, match="differ"):
        differences._fields({"a": 1}, {"a": 2})
