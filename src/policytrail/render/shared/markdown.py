"""The one renderer of policy text: Markdown in, HTML or plain text out, the same words in both.

Raw HTML is off, links go only where `links.is_safe` allows, and an image is shown as its description.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from policytrail.model.policy import Snapshot
from policytrail.model.policy_markdown import has_own_title

from .links import is_safe, label


class _Html(RendererHTML):
    """HTML with images as words and with tables in a region that scrolls by itself."""

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return escapeHtml(self.renderInlineAsText(tokens[idx].children, options, env))

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="scroll" role="region" aria-label="Table" tabindex="0">\n<table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table>\n</div>\n"


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's own name
        return is_safe(url)


@cache
def _parser() -> MarkdownIt:
    return _Markdown("js-default", {"html": False, "linkify": False, "typographer": False}, renderer_cls=_Html)


def parse(markdown: str) -> list[Token]:
    """Markdown as the parser's tokens, for a format that isn't HTML or plain text."""
    return _parser().parse(markdown)


@lru_cache(maxsize=8192)  # most clauses of a version stand in the next one as they are
def to_html(markdown: str, heading_shift: int = 0, base: str = "") -> str:
    """Markdown to HTML. `heading_shift` moves its headings down, so that a page keeps one order of headings.

    `base` is the address of the page on which the policy's own anchors are, where that is another one.
    """
    tokens = _parser().parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + heading_shift)}"
        for child in token.children or () if base else ():
            if child.type == "link_open" and str(child.attrs.get("href", "")).startswith("#"):
                child.attrs["href"] = f"{base}{child.attrs['href']}"
    return str(_parser().renderer.render(tokens, _parser().options, {}))


@lru_cache(maxsize=8192)
def to_text(markdown: str) -> str:
    """Markdown to plain text: lists keep their marks, a link becomes `label (address)`."""
    return _blocks(SyntaxTreeNode(_parser().parse(markdown)).children)


def _blocks(nodes: Iterable[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(filter(None, map(_block, nodes)))


def _block(node: SyntaxTreeNode) -> str:
    if node.type in ("bullet_list", "ordered_list"):
        start = int(node.attrs.get("start", 1))
        marks = ("-" if node.type == "bullet_list" else f"{start + place}." for place in range(len(node.children)))
        return "\n".join(
            _hang(f"{mark} ", _blocks(item.children, "\n")) for mark, item in zip(marks, node.children, strict=True)
        )
    if node.type == "blockquote":
        return _hang("  ", _blocks(node.children))
    if node.type == "table":
        return "\n".join(_row(row) for part in node.children for row in part.children)
    if node.type in ("fence", "code_block"):
        return node.content.rstrip("\n")
    if node.type == "hr":
        return "* * *"
    return "".join(map(_inline, node.children))


def _row(row: SyntaxTreeNode) -> str:
    return " | ".join("".join(map(_inline, cell.children)) for cell in row.children)


def _hang(mark: str, text: str) -> str:
    return mark + text.replace("\n", "\n" + " " * len(mark))


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return " " if node.type == "softbreak" else "\n"
    inner = "".join(map(_inline, node.children)) if node.children else node.content
    if node.type != "link":
        return inner
    target = str(node.attrs.get("href", ""))
    plain = label(target)
    return inner if target.startswith("#") or plain == inner else f"{inner} ({plain})"


def policy_text(snapshot: Snapshot, lines: Sequence[str] | None = None) -> str:
    """The whole policy as plain text with the same words as the Markdown; headings are underlined."""
    title = snapshot.policy.title
    parts = [f"{title}\n{'=' * len(title)}", *(lines or ())]
    for section in snapshot.policy.sections:
        parts.append(f"{section.title}\n{'-' * len(section.title)}")
        for clause_id in section.clauses:
            clause = snapshot.clauses[clause_id]
            parts += [clause.title] if has_own_title(section, clause) else []
            parts.append(to_text(clause.text))
    return "\n\n".join(parts) + "\n"
