"""Every sentence of the product's own that another language must have: read off the code and the templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from places import ROOT

from policytrail.compare import change_summary, practice_sentence
from policytrail.render.notice import outline, sections
from policytrail.render.shared import phrases

_SPOKEN = ("render", "compare", "text", "languages", "archive", "release", "verify", "git", "site_monitor")
# Pages of another language are made from these; the others are in the source's only.
TEMPLATES = ("base.html", "translated.html", "notice.html")
_IN_TEMPLATE = re.compile(r"""\bt\("((?:[^"\\]|\\.)*)"|\bmany\([^,]+, "([^"]*)", "([^"]*)"[,)]""")
_MODES = ("", "may ", "will ", "do not ", "will not ", "can't ")
_VERBS = ("collect", "use", "share", "keep", "send", "{do} {data}")


def sentences() -> set[str]:
    """The English of each."""
    source = ROOT / "src/policytrail"
    paths = [
        *(path for folder in _SPOKEN for path in sorted((source / folder).rglob("*.py"))),
        source / "notify/run/voluntary_list.py",
        source / "publish/export.py",
    ]
    found = {each for path in paths if path.name != "unicode.py" for each in _literal(ast.parse(path.read_text()))}
    for name in TEMPLATES:
        found |= {
            said for match in _IN_TEMPLATE.findall((ROOT / "templates" / name).read_text()) for said in match if said
        }
    return (found | set(_tables())) - {", "}


def _literal(tree: ast.AST) -> Iterator[str]:
    """The constants among the arguments of `say` and `many`, and of what chooses between them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in ("say", "many", "_with_topics", "recipients", "_list"):
            for argument in node.args:
                yield from _constants(argument)
        elif isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id in _CHOSEN for each in node.targets
        ):
            yield from _constants(node.value)


_CHOSEN = frozenset({"takes", "one", "many", "consent", "only", "answer", "kinds"})


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_constants(node.left), *_constants(node.right))
    elif isinstance(node, ast.Tuple):
        yield from (each for one in node.elts for each in _constants(one))
    elif isinstance(node, ast.Dict):
        yield from (each for one in node.values for each in _constants(one))
    elif isinstance(node, ast.Call):  # {...}.get(key, default)
        yield from (
            each for one in (getattr(node.func, "value", node.func), *node.args[1:]) for each in _constants(one)
        )


def _tables() -> Iterator[str]:
    yield from ["the wording", *phrases._TOPICS.values(), *phrases._EVIDENCE.values()]
    yield from (each for pair in phrases._TALLIES.values() for each in pair)
    yield from [*outline.HEADINGS, *outline.TOPICS.values()]
    yield from [*change_summary._OPS.values(), *change_summary._WHOLE.values(), *change_summary._WORDINGS.values()]
    yield from change_summary._DECLARED.values()
    yield from [
        *change_summary._TRANSLATED.values(),
        *change_summary._FIELDS.values(),
        *change_summary._VALUES.values(),
    ]
    yield from (f"we {mode}{verb}" for mode in _MODES for verb in _VERBS)
    yield from (f"{mode}{what}" for mode in _MODES for what in ("record {data}", "be used") if mode + what != "be used")
    yield from [*practice_sentence._UNITS.values(), *(f"{each}: {{address}}" for each in sections._CHANNELS.values())]
    yield from [
        " with {recipients}",
        "you are told before it happens",
        "you are told {n} days before it happens",
        "you are told",
    ]
    yield from [
        "see",
        "take along",
        "object to the use of",
        "restrict the use of",
        "correct",
        "delete",
        "this can't be refused",
    ]
    yield "you are told {n} days"
    yield from (sections._PROMISED.format(unit) for unit in ("day", "days"))
