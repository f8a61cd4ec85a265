"""A second round of hostile sources: what is spelt instead of written, what only a later reader makes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from samples import edit, write_policy
from test_attacks import ALL, CONTACT, POLICY, refused

from conftest import Cli
from policytrail.errors import SourceError
from policytrail.importers.draft.escape_markdown import harmless
from policytrail.model.validation.urls import is_safe
from policytrail.sources.markdown_rules import check_filled, check_markup


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return write_policy(tmp_path / "draft")


# Markdown: each must be refused at its line (the third of the text).
MARKUP = {
    "entity: zero width": "a&#8203;b",
    "entity: bidi": "a&#x202e;b",
    "entity: by name": "a&shy;b",
    "entity: mark": "a&lrm;b",
    "entity: tag": "a&#xE0041;b",
    "entity: NUL": "a&#0;b",
    "entity: half a pair": "a&#xD800;b",
    "entity: bell": "a&#7;b",
    "entity: line end": "a&NewLine;b",
    "entity: decomposed": "e&#769;",
    "entity: in a title": "[x](https://a.example 'a&#x202e;b')",
    "entity: in a heading": "## a&#8203;b",
    "entity: in a table": "| a&#8203;b |\n|-|",
    "image: script": "![x](javascript:alert(1))",
    "image: data": "![x](data:image/svg+xml,x)",
    "image: remote": "![x](https://t.example/p.gif)",
    "image: by reference": "![x][y]\n\n[y]: //t.example/p.gif",
    "image: in a link": "[![x](https://t.example/p.gif)](https://a.example)",
    "definition: never used": "[y]: javascript:alert(1)",
    "definition: second of its name": "[y]: https://a.example\n[y]: data:text/html,x",
    "definition: on two lines": "[y]:\nvbscript:x",
    "address: percent": "[x](%6Aavascript:alert(1))",
    "address: percent colon": "[x](javascript%3Aalert(1))",
    "address: twice percent": "[x](javascript%253Aalert(1))",
    "address: full width": "[x](ｊavascript:alert(1))",
    "address: wide colon": "[x](javascript：alert(1))",
    "address: tab": "[x](java\tscript:alert(1))",
    "address: line end": "[x](java\nscript:alert(1))",
    "address: entity tab": "[x](java&Tab;script:alert(1))",
    "address: slashes by percent": "[x](%2F%2Fevil.example)",
    "address: back slash": "[x](/\\evil.example)",
    "address: user by percent": "[x](https://good.example%40evil.example/)",
    "address: port of letters": "[x](https://a.example:x/)",
    "tag without its end": "<img src=x onerror=alert(1)//",
    "tag with a slash": "<svg/onload=alert(1)>",
    "tag of a browser": "a <b",
    "comment without its end": "a <!-- b",
    "nested emphasis": "**a " * 3_000 + "b** " * 3_000,
    "quotes without end": ">" * 60_000 + " x",
    "lists without end": "- " * 9_000 + "x",
    "word without end": "x" * 6000,
    "gap without end": "a" + "\t" * 2000 + "b",
    "marks without end": "~~a~~ " * 1_100,
    "rows without end": "|a|\n|-|\n" + "|x|\n" * 5_100,
    "columns without end": "|a" * 900 + "|\n" + "|-" * 900 + "|",
    "headings without end": "# a\n" * 11_000,
    "rules without end": "---\n" * 11_000,
}


@pytest.mark.parametrize("kind", MARKUP)
def test_markup_that_says_more_than_it_shows(kind: str) -> None:
    with pytest.raises(SourceError) as found:
        check_markup("c.md", f"First line.\n\n{MARKUP[kind]}\n", 5)
    places = [(each.path, each.line) for each in found.value.problems]
    assert all(path == "c.md" and 5 <= line <= 9 for path, line in places), places
    assert all(each.message and each.hint for each in found.value.problems)


HONEST = (
    "می&zwnj;خواهیم, AT&T &amp; more, &copy;, a&nbsp;b, &lt;b&gt;, \\<b, `<b>`, <3, a <- b, 3 <4, <us@post.example>, <https://a.example/>",
    "![our logo](/logo.png), [x](https://bücher.example/ä?b=%C3%A4%3A#c:d), [y](/my%20file.pdf), [z](java/script), [a:b] (javascript: no)",
    "[here][y]\n\n[y]: https://a.example/ 'title'",
    "\n".join(f"| cookie {n} | a | b | c | d |" for n in range(900)),
)


@pytest.mark.parametrize("text", HONEST)
def test_honest_markup_is_left_alone(text: str) -> None:
    check_markup("c.md", text, 1)


SPELT = [
    "{{ '\\u200b' }}",
    "{{ '\\x00' }}",
    "{{ '\\u202e' }}",
    "{{ '\\ud800' }}",
    "{{ 'e\\u0301' }}",
    "{{ '\\U000e0041' }}",
]
CODE = [
    *SPELT,
    "{{ organization.address|join(*organization.address) }}",
    "{{ organization.address|join(**policy) }}",
    "{{ organization.address[0:1] }}",
    "{{ -1 }}",
    "{% do 1 %}",
    "{% if organization is defined %}x{% endif %}",
    "{% for a, b in organization.address %}x{% endfor %}",
    "{{ organization|first }}",
    "{{ ''|last }}",
    "{{ organization.address|map('upper') }}",
    "{{ organization.address|join('" + "x" * 6000 + "') }}",
]


@pytest.mark.parametrize("code", CODE, ids=range(len(CODE)))
def test_constants_and_arguments_of_templates_hide_nothing(draft: Path, code: str) -> None:
    edit(draft, CONTACT, "{{ organization.email }}", code)
    said = refused(Cli(draft), draft, "policy/clauses/contact.md:5: ")
    assert ".." not in said and len(said.splitlines()) == 1


def test_what_was_written_is_read_once_and_what_it_makes_again() -> None:
    check_filled("c.md", "{{ x }}", "plain", 1)
    with pytest.raises(SourceError, match=r"c\.md:3: An invisible character stands here: U\+200B"):
        check_filled("c.md", "a\n\n{{ x }}", "a\n\nb\u200bc", 1)


SITE = "site_url: https://policy.post.example/"
EMAIL = "email: privacy@post.example"
VALUES = (
    {
        f"site {url}": (POLICY, SITE, f"site_url: '{url}'", 7)
        for url in (
            "https://u:p@a.example/",
            "https://[x/",
            "https://a.example:99999/",
            "https://bücher.example/",
            "https://./",
            "https:///",
            "https://a.example/../../",
            "https://a..example/",
            "https://a.example/%0d%0a/",
            "https:\\\\a.example/",
            "https://-a.example/",
        )
    }
    | {
        f"email {address}": (POLICY, EMAIL, f"email: '{address}'", 6)
        for address in (
            "a(b)@c.example",
            "-x@c.example",
            "a..b@c.example",
            "a@c..example",
            "a@[127.0.0.1]",
            "a%b@c.example",
            "jörg@c.example",
            "p@bücher.example",
            "a:b@c.example",
            "a!b@c.example",
            ".a@c.example",
        )
    }
    | {
        "zone of this machine": (POLICY, "America/Los_Angeles", "localtime", 8),
        "zone of no place": (POLICY, "America/Los_Angeles", "Factory", 8),
        "header field in a link": (
            POLICY,
            "regimes:",
            "complaints: 'mailto:a@b.example?bcc=x@y.example'\nregimes:",
            10,
        ),
        "user in a link": (POLICY, "regimes:", "complaints: 'https://good@evil.example/'\nregimes:", 10),
        "code word in a title": (POLICY, "title: Privacy policy", "title: '=?utf-8?q?a=0ABcc:_x?='", 1),
        "code word in a name": (POLICY, "name: Example Post\n", "name: '=?utf-8?b?CkJjYzogeA==?='\n", 3),
        "line end in a title": (POLICY, "title: Privacy policy", 'title: "a\\nBcc: x@y.example"', 1),
        "tab in a name": (POLICY, "name: Example Post\n", 'name: "a\\tb"\n', 3),
        "sender of two": (POLICY, "regimes:", "sender: 'a <b@c.example>, d'\nregimes:", 10),
        "sender of other letters": (POLICY, "regimes:", "sender: 'Us <a@bücher.example>'\nregimes:", 10),
        "days that are octal": (ALL, "period_days: 30", "period_days: 030", 27),
        "days with zeros": (ALL, "period_days: 30", "period_days: '007'", 27),
    }
)


@pytest.mark.parametrize("kind", VALUES)
def test_values_that_others_would_read_otherwise(draft: Path, kind: str) -> None:
    name, old, new, line = VALUES[kind]
    edit(draft, name, old, new)
    refused(Cli(draft), draft, f"policy/{name}:{line}: ")


def test_links_of_practices_follow_the_rule_of_links(draft: Path) -> None:
    with (draft / "policy" / ALL).open("a") as stream:
        stream.write(
            "- {id: choice.leave, type: choice, title: T, kind: closure, mechanisms: [{kind: web_link, url: 'mailto:a@b.example?bcc=c@d.example'}]}\n"
        )
    edit(draft, CONTACT, "states: [contact.office]", "states: [contact.office, choice.leave]")
    refused(
        Cli(draft), draft, "policy/practices/all.yaml:36: A link may not point to 'mailto:a@b.example?bcc=c@d.example'."
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example:443/x",
        "https://[::1]/",
        "/a:b",
        "#a%3Ab",
        "a/b%2Fc",
        "?q=javascript%3A",
        "mailto:a@b.example",
        "tel:+1-2",
    ],
)
def test_plain_addresses_are_safe(url: str) -> None:
    assert is_safe(url)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            ValueError("a\nb"),
            r"This is a mistake in policytrail \(ValueError: a b; test_attacks_again.py:[0-9]+\)\. Run it again with ",
        ),
        (MemoryError(), r"There isn't enough memory for this\."),
        (RecursionError("deep"), "mistake in policytrail .RecursionError"),
    ],
)
def test_what_nobody_foresaw_is_a_sentence_too(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from policytrail.cli.main import run

    def command() -> None:
        raise error

    monkeypatch.delenv("POLICYTRAIL_TRACEBACK")
    assert run(command) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert re.search(says, said), said
    monkeypatch.setenv("POLICYTRAIL_TRACEBACK", "1")
    with pytest.raises(type(error)):
        run(command)


FOREIGN = {
    "![our logo](https://t.example/l.png)": "our logo",
    "a&#8203;b&shy;c&#x202e;d&#0;e": "abcde",
    "e&#769;": "e",
    "![l][m]": "l",
    "![near](b.png)": "![near](b.png)",
    "![near too](a/b:c.png)": "![near too](a/b:c.png)",
    "![far](a:b/c.png)": "far",
    "![mail](mailto:a@b.example)": "mail",
    "[y]: javascript:x": "\\[y\\]: javascript:x",
    "[y]: https://a.example/": "[y]: https://a.example/",
    "\\&#8203; &amp; `&#8203;`": "\\&#8203; &amp; `&#8203;`",
    "[![l](https://t.example/l.png)](https://a.example)": "[l](https://a.example)",
    "[u](%6Aavascript:1)": "u (%6Aavascript:1)",
    "<svg/onload=x>": "\\<svg/onload=x>",
}


def test_what_an_import_writes_is_what_a_clause_may_have() -> None:
    for written, kept in FOREIGN.items():
        assert harmless(written) == kept, written
        check_markup("c.md", f"{kept}\n\n[l][m]", 1)


def test_a_page_with_all_of_it_is_imported(tmp_path: Path) -> None:
    (tmp_path / "p.md").write_text(
        "# P\n\nWe keep data.\n\n" + "\n\n".join(each for each in FOREIGN if "near" not in each) + "\n"
    )
    cli = Cli(tmp_path)
    assert cli("import", "p.md").exit_code == 0, cli("import", "p.md").output
    assert cli("check").exit_code == 3  # nothing is wrong; what the import guessed is to be looked at
