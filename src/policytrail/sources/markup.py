"""What Markdown in a clause may hold: no HTML, no address that a link may not have, nothing that takes ages to read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from ..errors import Problem, SourceError
from ..model.links import is_safe
from ..model.plain import surely_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# An opening bracket that nothing closes is looked for to the end of its paragraph: quadratic, 5 seconds at 64 KB.
MAX_BRACKETS = 2_000


@cache
def _parser() -> MarkdownIt:
    """Reads everything as markup that anybody could, so that all of it can be judged."""
    from markdown_it import MarkdownIt  # slow to import, and seldom needed

    class Lenient(MarkdownIt):
        def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's own name
            return True

    return Lenient("js-default", {"html": True, "linkify": False, "typographer": False})


def check_markup(path: str, text: str, first_line: int) -> None:
    """Raise SourceError for HTML, unsafe links and hostile brackets in Markdown. `first_line` is where the text begins.

    Plain http is no danger to readers of the source: the renderer shows such a link as words.
    """
    if text.count("[") > MAX_BRACKETS:
        message = f"This clause has more than {MAX_BRACKETS:,} opening brackets."
        raise SourceError(Problem(path, first_line, message, "Take out those that begin no link, or split the clause."))
    if not surely_safe(text):
        problems = [Problem(path, first_line + line, *found) for line, found in _found(_parser().parse(text))]
        if problems:
            raise SourceError.of(problems)


def _found(tokens: list[Token]) -> Iterator[tuple[int, tuple[str, str]]]:
    for token in tokens:
        line = token.map[0] if token.map else 0
        for inner in [token, *(token.children or ())]:
            if inner.type in ("html_block", "html_inline"):
                shown = inner.content.strip().split("\n")[0][:40]
                yield (
                    line,
                    (f"HTML isn't allowed in a clause: {shown!r}.", "Use Markdown; for the sign itself write \\<."),
                )
            elif inner.type == "link_open" and not _allowed(str(inner.attrs.get("href", ""))):
                shown = str(inner.attrs["href"])[:60]
                mend = "Use https://, mailto: without header fields, tel:, or an address on this site."
                yield line, (f"A link may not point to {shown!r}.", mend)
            line += inner.type in ("softbreak", "hardbreak")


def _allowed(url: str) -> bool:
    return is_safe(url) or is_safe(url.replace("http://", "https://", 1))
