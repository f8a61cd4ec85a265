"""Clause text may use the policy's data; it is no programming language.

An allow-list over Jinja's syntax tree: names, attributes, `for` over lists (two deep), `if` with simple tests, a few
filters. Attributes are looked up in our own data only, never on Python objects, so there is nothing to escape from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import Problem, SourceError
from ..languages import Catalogue
from ..model.dates import in_words, parse_date
from ..model.policy import Policy
from ..model.practice import Practice
from ..model.vocabulary import Vocabulary
from .evaluate import Evaluation

MAX_OUTPUT = 256_000
MAX_LOOP_DEPTH = 2
_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>])")
_PRINTABLE = (str, int, float, Undefined)
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.CondExpr,
    nodes.Filter, nodes.Const, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip


def _listed(items: Sequence[Any], last: str) -> str:
    words = [str(each) for each in items]
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


FILTERS: dict[str, Any] = {
    "and_list": lambda items: _listed(items, "and"),
    "or_list": lambda items: _listed(items, "or"),
    "join": lambda items, between=", ": between.join(map(str, items)),
    "lower": lambda text: str(text).lower(),
    "upper": lambda text: str(text).upper(),
    "capitalize": lambda text: str(text)[:1].upper() + str(text)[1:],
    "first": lambda items: items[0],
    "last": lambda items: items[-1],
    "length": len,
    "in_words": lambda text: in_words(parse_date(str(text))),
}


class _Environment(ImmutableSandboxedEnvironment):
    """Looks names up in our own mappings and nowhere else."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, StrictUndefined):
            return obj
        return self.undefined(f"there is nothing called {attribute!r} here", name=attribute)


def filters_of(words: Catalogue | None) -> dict[str, Any]:
    """The filters for another language: lists and dates in its words. A language that we don't speak can't use those."""

    def unspoken(*_: Any) -> str:
        raise ValueError("lists and dates can't be written in this language; write the words out, or use join")

    if words is None:
        return FILTERS | dict.fromkeys(("and_list", "or_list", "in_words"), unspoken)
    spoken = {"and_list": words.and_list, "or_list": words.or_list}
    return FILTERS | spoken | {"in_words": lambda text: words.day(parse_date(str(text)))}


def _environment(filters: Mapping[str, Any]) -> _Environment:
    environment = _Environment(undefined=StrictUndefined, finalize=_as_markdown, autoescape=False, cache_size=0)
    environment.filters = dict(filters)
    environment.globals = {}
    environment.tests = {}
    return environment


def _as_markdown(value: Any) -> Any:
    """Data is words, not markup: signs that Markdown would read are escaped."""
    if value is not None and not isinstance(value, _PRINTABLE):
        raise UndefinedError("only words and numbers can be printed; for a list use and_list or join")
    return _MARKDOWN_SIGNS.sub(r"\\\1", str(value)) if value is not None else ""


_ENVIRONMENT = _environment(FILTERS)


def context(policy: Policy, practices: Mapping[str, Practice], vocabulary: Vocabulary) -> dict[str, Any]:
    """The names that clause text may use: `organization`, `policy`, `practices`; keys are replaced by their labels."""
    tree: dict[str, Any] = {}
    for identity, practice in practices.items():
        place = tree
        *above, leaf = identity.split(".")
        for part in above:
            place = place.setdefault(part, {})
        place[leaf] = _Said(practice, vocabulary)
    about = policy.model_dump(mode="json", include={"title", "last_updated", "language", "time_zone", "site_url"})
    return {"organization": policy.organization.model_dump(mode="json"), "policy": about, "practices": tree}


class _Said(Mapping[str, Any]):
    """A practice's fields as clause text may use them, worked out when the first is asked for: most are never used."""

    def __init__(self, practice: Practice, vocabulary: Vocabulary) -> None:
        self._fields = cache(lambda: _fields(practice, vocabulary))

    def __getitem__(self, name: str) -> Any:
        return self._fields()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields())

    def __len__(self) -> int:
        return len(self._fields())


def _fields(practice: Practice, vocabulary: Vocabulary) -> dict[str, Any]:
    fields = practice.model_dump(mode="json")
    for name, kind in (("data", "data"), ("excludes", "data"), ("purposes", "purposes"), ("subjects", "subjects")):
        if isinstance(fields.get(name), list):
            fields[name] = [vocabulary.label(kind, key) for key in fields[name]]
    if isinstance(fields.get("recipients"), list):
        fields["recipients"] = [vocabulary.label("recipients", each["id"]) for each in fields["recipients"]]
    return fields


def parse(path: str, first_line: int, text: str) -> nodes.Template:
    """Clause text as a syntax tree of allowed nodes only. Raises SourceError with file:line for anything else."""
    try:
        tree, wrong = _read(text)
    except TemplateSyntaxError as error:
        problem = f"The template can't be read: {error.message}."
        raise SourceError(Problem(path, error.lineno + first_line - 1, problem, "Check the braces.")) from None
    except ValueError:  # a number with thousands of digits
        raise SourceError(Problem(path, first_line, "The template holds a number that is too long.", _MEND)) from None
    except RecursionError:
        raise SourceError(Problem(path, first_line, "The template is nested too deeply.", "Flatten it.")) from None
    for line, message in wrong[:1]:
        raise SourceError(Problem(path, line + first_line - 1, message, "Use names, for, if and the listed filters."))
    return tree


@lru_cache(maxsize=1024)  # a text is judged when its file is read, and again when it is filled in
def _read(text: str) -> tuple[nodes.Template, tuple[tuple[int, str], ...]]:
    tree = _ENVIRONMENT.parse(text)
    return tree, tuple(_forbidden(tree))


_CONSTRUCT = re.compile(
    r"""\{\{(?:"[^"]*"|'[^']*'|[^"'])*?\}\}|\{%(?:"[^"]*"|'[^']*'|[^"'])*?%\}|\{\#.*?\#\}""", re.DOTALL
)
_OPENS, _ENDS = re.compile(r"\{%[-+]?\s*(?:for|if)\b"), re.compile(r"\{%[-+]?\s*end(?:for|if)\b")


def constructs(text: str) -> list[tuple[str, bool]]:
    """Clause text cut at its templates: (piece, whether it is one). A loop or condition is one piece with all inside."""
    pieces: list[tuple[str, bool]] = []
    depth = start = plain = 0
    for found in _CONSTRUCT.finditer(text):
        if depth == 0:
            pieces += [(text[plain : found.start()], False)] if plain < found.start() else []
            start = found.start()
        depth += bool(_OPENS.match(found[0])) - bool(_ENDS.match(found[0]))
        if depth <= 0:
            depth, plain = 0, found.end()
            pieces.append((text[start:plain], True))
    return [*pieces, (text[plain:], False)] if plain < len(text) else pieces


def fill(
    path: str, first_line: int, text: str, names: Mapping[str, Any], filters: Mapping[str, Any] | None = None
) -> str:
    """Clause text with its variables filled in.

    In: name and first line for messages, the text, the names it may use, filters of another language. Out: Markdown.
    Raises SourceError with file:line for syntax that isn't allowed, unknown names, and results beyond 256 KB.
    """
    if not any(sign in text for sign in ("{{", "{%", "{#")):
        return text
    tree = parse(path, first_line, text)
    evaluation = Evaluation(_environment(filters) if filters else _ENVIRONMENT)
    pieces, size = [], 0
    try:
        for piece in evaluation.said(tree.body, names):
            size += len(piece)
            if size > MAX_OUTPUT:
                raise SourceError(Problem(path, first_line, "This clause grows beyond 256 KB.", "Shorten its loops."))
            pieces.append(piece)
    except (JinjaError, SyntaxError, TypeError, ValueError, LookupError, RecursionError, MemoryError) as error:
        line = evaluation.line + first_line - 1
        raise SourceError(Problem(path, line, f"The template can't be filled in: {error}.", _MEND)) from None
    return "".join(pieces)


_MEND = "Check the spelling against the practices and policy.yaml."


def _forbidden(node: nodes.Node, depth: int = 0) -> Iterator[tuple[int, str]]:
    name = type(node).__name__.lower()
    line = node.lineno or 1  # nodes that a tag makes by itself stand on no line
    if not isinstance(node, _ALLOWED):
        yield line, f"{name!r} isn't allowed in clause text."
    elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield line, f"The filter {node.name!r} isn't allowed in clause text."
    elif isinstance(node, nodes.For):
        depth += 1
        if depth > MAX_LOOP_DEPTH:
            yield line, "Loops may be two deep, not more."
        if node.recursive or node.test or not isinstance(node.iter, nodes.Name | nodes.Getattr):
            yield line, "A loop goes over one list, without conditions."
    for child in node.iter_child_nodes():
        yield from _forbidden(child, depth)
