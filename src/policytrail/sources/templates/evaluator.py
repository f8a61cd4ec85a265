"""A template's allowed syntax tree, read aloud: what each node says is worked out by walking it, and no code is generated.

Only nodes that `template.parse` lets through arrive here; what they mean is what Jinja's compiler would make of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2 import Environment, Undefined, nodes

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "lteq": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gteq": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
    "notin": lambda a, b: a not in b,
}


class Evaluation:
    """One walk through one template. `line` is where it stands, for messages."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.line = 1

    def said(self, body: list[nodes.Node], names: Mapping[str, Any]) -> Iterator[str]:
        """The pieces of text that the nodes make. Raises what the environment raises for what isn't there."""
        for node in body:
            self.line = node.lineno or self.line
            if isinstance(node, nodes.Output):
                yield from (self._shown(expr, names) for expr in node.nodes)
            elif isinstance(node, nodes.If):
                branch = next((each for each in (node, *node.elif_) if self.value(each.test, names)), None)
                yield from self.said(branch.body if branch else node.else_, names)
            else:
                assert isinstance(node, nodes.For)
                yield from self._each(node, names)

    def _each(self, node: nodes.For, names: Mapping[str, Any]) -> Iterator[str]:
        entries = list(self.value(node.iter, names))
        for entry in entries:
            yield from self.said(node.body, {**names, **_bound(node.target, entry)})
        if not entries:
            yield from self.said(node.else_, names)

    def _shown(self, node: nodes.Expr, names: Mapping[str, Any]) -> str:
        if isinstance(node, nodes.TemplateData):
            return node.data
        assert self.environment.finalize is not None
        self.line = node.lineno or self.line
        return str(self.environment.finalize(self.value(node, names)))

    def value(self, node: nodes.Node, names: Mapping[str, Any]) -> Any:
        """What an expression stands for."""
        match node:
            case nodes.Const():
                return node.value
            case nodes.Name():
                return names[node.name] if node.name in names else self.environment.undefined(name=node.name)
            case nodes.Getattr():
                return self.environment.getattr(self.value(node.node, names), node.attr)
            case nodes.Filter():
                assert node.node is not None
                given = [self.value(arg, names) for arg in (node.node, *node.args)]
                return self.environment.filters[node.name](*given)
            case nodes.Not():
                return not self.value(node.node, names)
            case nodes.And():
                return self.value(node.left, names) and self.value(node.right, names)
            case nodes.Or():
                return self.value(node.left, names) or self.value(node.right, names)
            case nodes.CondExpr():
                return self._either(node, names)
        assert isinstance(node, nodes.Compare)
        return self._holds(node, names)

    def _either(self, node: nodes.CondExpr, names: Mapping[str, Any]) -> Any:
        if self.value(node.test, names):
            return self.value(node.expr1, names)
        if node.expr2 is None:
            return Undefined()  # prints nothing, as in Jinja: a missing `else` is no slip
        return self.value(node.expr2, names)

    def _holds(self, node: nodes.Compare, names: Mapping[str, Any]) -> Any:
        left, holds = self.value(node.expr, names), True
        for operand in node.ops:
            right = self.value(operand.expr, names)
            holds = _COMPARE[operand.op](left, right)
            if not holds:
                return holds
            left = right
        return holds


def _bound(target: nodes.Node, entry: Any) -> dict[str, Any]:
    assert isinstance(target, nodes.Name)
    return {target.name: entry}
