"""Clause templates by Jinja's syntax: an allow-list over its tree, and the tree read aloud.

Allowed are names, attributes, `for` over lists (two deep), `if` with simple tests, a few filters. Attributes are looked up
in our own data only, never on Python objects, so there is nothing to escape from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from policytrail.errors import Problem, SourceError
from policytrail.model.json_value import Json

from .context import FILTERS, shown
from .evaluator import Evaluation

MAX_LOOP_DEPTH = 2
_MEND = "Check the spelling against the practices and policy.yaml."
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
)


class _Environment(ImmutableSandboxedEnvironment):
    """Looks names up in our own mappings and nowhere else."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, StrictUndefined):
            return obj
        return self.undefined(f"there is nothing called {attribute!r} here", name=attribute)


def environment(filters: Mapping[str, Json]) -> _Environment:
    """Jinja with nothing but these filters."""
    made = _Environment(undefined=StrictUndefined, finalize=_finalize, autoescape=False, cache_size=0)
    made.filters = dict(filters)
    made.globals = {}
    made.tests = {}
    return made


def _finalize(value: object) -> str:
    try:
        return shown(str(value) if isinstance(value, Undefined) else value)
    except TypeError as error:
        raise UndefinedError(str(error)) from None


_READER = environment(FILTERS)


def parse(path: str, first_line: int, text: str) -> nodes.Template:
    """Clause text as a syntax tree of allowed nodes only. Raises SourceError with file:line for anything else."""
    try:
        tree, wrong = _read(text)
    except TemplateSyntaxError as error:
        problem = f"The template can't be read: {str(error.message).rstrip('.')}."
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
    tree = _READER.parse(text)
    return tree, tuple(_forbidden(tree))


def fill_in(
    path: str, first_line: int, text: str, names: Mapping[str, Json], filters: Mapping[str, Json], longest: int
) -> str:
    """Any allowed template filled in. Raises SourceError as `template.fill` does; `longest`: characters of the result."""
    tree = parse(path, first_line, text)
    evaluation = Evaluation(_READER if filters is FILTERS else environment(filters))
    pieces, size = [], 0
    try:
        for piece in evaluation.said(tree.body, names):
            size += len(piece)
            if size > longest:
                raise SourceError(Problem(path, first_line, "This clause grows beyond 256 KB.", "Shorten its loops."))
            pieces.append(piece)
    except (JinjaError, SyntaxError, TypeError, ValueError, LookupError, RecursionError, MemoryError) as error:
        line = evaluation.line + first_line - 1
        raise SourceError(Problem(path, line, f"The template can't be filled in: {error}.", _MEND)) from None
    return "".join(pieces)


def _forbidden(node: nodes.Node, depth: int = 0) -> Iterator[tuple[int, str]]:
    name = type(node).__name__.lower()
    line = node.lineno or 1  # nodes that a tag makes by itself stand on no line
    if not isinstance(node, _ALLOWED):
        yield line, f"{name!r} isn't allowed in clause text."
    elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield line, f"The filter {node.name!r} isn't allowed in clause text."
    elif isinstance(node, nodes.Filter) and (node.dyn_args or node.dyn_kwargs):
        yield line, "Arguments by a list (*) aren't allowed in clause text."
    elif isinstance(node, nodes.For):
        depth += 1
        if depth > MAX_LOOP_DEPTH:
            yield line, "Loops may be two deep, not more."
        if node.recursive or node.test or not isinstance(node.iter, nodes.Name | nodes.Getattr):
            yield line, "A loop goes over one list, without conditions."
    for child in node.iter_child_nodes():
        yield from _forbidden(child, depth)
