"""What Markdown in a clause may hold: no HTML, no address that a link may not have, nothing hidden, nothing that takes ages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from policytrail.errors import Problem, SourceError
from policytrail.model.validation.urls import is_harmless, is_near
from policytrail.text.hidden_characters import check_characters
from policytrail.text.markdown_fast_path import surely_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# An opening bracket that nothing closes is looked for to the end of its paragraph: quadratic, 5 seconds at 64 KB.
MAX_BRACKETS = 2_000
# What a site or a PDF can be made of in seconds, far above what a text for people needs.
MAX_BLOCKS, MAX_MARKS, MAX_COLUMNS, MAX_DEPTH = 10_000, 2_000, 100, 50
_ENDLESS = re.compile(r"\S{5001}|[^\S\n]{1001}")
# Besides HTML and links, these need a parser to be judged; and so do more than a few marks.
_TELLING = re.compile(r"!\[|&#?\w+;")
_MARKS = re.compile(r"[*_~`|#>\n\\\t-]|[0-9][.)]")
_FEW = 2_000
_TAG = re.compile(r"<[A-Za-z/!?][^<]{0,40}")
# A link to script that blanks keep from being one; whoever takes them out has it.
_SPLIT_SCRIPT = re.compile(r"\]\(\W*(j\W*a\W*v\W*a|v\W*b)\W*s\W*c\W*r\W*i\W*p\W*t\W*:", re.IGNORECASE)

Found = Iterator[tuple[int, tuple[str, str]]]


@cache
def _parser() -> MarkdownIt:
    """Reads everything as markup that anybody could, so that all of it can be judged.

    Escapes and entities stay apart from the text around them: what is spelt with them is judged otherwise.
    """
    from markdown_it import MarkdownIt  # saves 22 ms: slow to import, and seldom needed

    class Lenient(MarkdownIt):
        def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's own name
            return True

    made = Lenient("js-default", {"html": True, "linkify": False, "typographer": False})
    made.disable("text_join")
    return made


def check_filled(path: str, written: str, filled: str, first_line: int) -> None:
    """Raise SourceError for what a clause's text may not hold once its variables are filled in.

    What was written has been read for hidden characters already; a constant in a template can spell more of them.
    """
    if filled != written:
        check_characters(path, filled, first_line)
    check_markup(path, filled, first_line)


def check_markup(path: str, text: str, first_line: int) -> None:
    """Raise SourceError for HTML, unsafe links, hidden characters and endless markup. `first_line` is where the text begins.

    Plain http is no danger to readers of the source: the renderer shows such a link as words.
    """
    if text.count("[") > MAX_BRACKETS:
        message = f"This clause has more than {MAX_BRACKETS:,} opening brackets."
        raise SourceError(Problem(path, first_line, message, "Take out those that begin no link, or split the clause."))
    if endless := _ENDLESS.search(text):
        line = first_line + text.count("\n", 0, endless.start())
        hint = "Break it up; no reader's screen or paper can."
        raise SourceError(Problem(path, line, "This line has a word or a gap without end.", hint))
    if surely_safe(text) and not _TELLING.search(text) and len(_MARKS.findall(text)) < _FEW:
        return
    env: dict[str, dict[str, dict[str, object]]] = {}
    tokens = _parser().parse(text, env)
    found = [*_found(tokens), *_definitions(env), *_size(tokens)]
    problems = [Problem(path, first_line + line, *each) for line, each in found]
    for line, words in _spelt(tokens):
        try:
            check_characters(path, words, first_line + line)
        except SourceError as error:
            problems += error.problems
    if problems:
        raise SourceError.of(problems)


def _each(tokens: Iterable[Token]) -> Iterator[tuple[int, Token]]:
    """Every token, also those inside a paragraph, with its line in the text (from 0)."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        for inner in [token, *(token.children or ())]:
            yield line, inner
            line += inner.type in ("softbreak", "hardbreak")


def _found(tokens: list[Token]) -> Found:
    for line, inner in _each(tokens):
        if inner.type in ("html_block", "html_inline"):
            yield line, _html(inner.content)
        elif inner.type == "text" and (tag := _TAG.search(inner.content)):
            yield line, _html(tag[0])  # no tag by the rules of Markdown, but one for a browser
        elif inner.type == "inline" and (split := _SPLIT_SCRIPT.search(_plain(inner))):
            yield line, refused_link(split[0][2:])
        elif inner.type == "link_open" and not is_harmless(str(inner.attrs.get("href", ""))):
            yield line, refused_link(str(inner.attrs["href"]))
        elif inner.type == "image" and not is_near(str(inner.attrs.get("src", ""))):
            shown = str(inner.attrs["src"])[:60]
            hint = "Say in words what it shows: pictures aren't published, and readers fetch nothing from elsewhere."
            yield line, (f"An image may not come from {shown!r}.", hint)


def _plain(paragraph: Token) -> str:
    """What is left as words of a paragraph."""
    return "".join(child.content if child.type == "text" else " " for child in paragraph.children or ())


def _html(content: str) -> tuple[str, str]:
    shown = content.strip().split("\n")[0][:40]
    return f"HTML isn't allowed in a clause: {shown!r}.", "Use Markdown; for the sign itself write \\<."


def refused_link(url: str) -> tuple[str, str]:
    """What is said of an address that a link may not have, and how to mend it."""
    hint = "Use https://, mailto: without header fields, tel:, or an address on this site."
    return f"A link may not point to {url[:60]!r}.", hint


def _definitions(env: dict[str, dict[str, dict[str, object]]]) -> Found:
    """Addresses that are defined, whether or not a link uses them."""
    twice = env.get("duplicate_refs", ())
    for each in [*env.get("references", {}).values(), *twice]:
        url, place = str(each.get("href", "")), each.get("map")
        if not is_harmless(url):
            yield place[0] if isinstance(place, list) else 0, refused_link(url)


def _spelt(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Texts as readers get them where entities spell some of it: a character may hide behind its number."""
    for token in tokens:
        line, words, entities = token.map[0] if token.map else 0, "", False
        for inner in token.children or ():
            words += inner.content if inner.type in ("text", "text_special") else " "
            words += str(inner.attrs.get("title", "")) + str(inner.attrs.get("alt", ""))
            entities |= inner.info == "entity" or "title" in inner.attrs
        if entities:
            yield line, words.replace("\n", "\0").replace("\ufffd", "\0")


def _size(tokens: list[Token]) -> Found:
    """More markup than any text for people holds."""
    hint = "Split the clause, or write it plainer."
    if sum(each.nesting >= 0 and each.type != "inline" for each in tokens) > MAX_BLOCKS:
        yield 0, (f"This clause has more than {MAX_BLOCKS:,} paragraphs, entries and cells.", hint)
    columns = 0
    for token in tokens:
        line = token.map[0] if token.map else 0
        inner = [child for child in token.children or () if child.type not in ("text", "text_special", "softbreak")]
        if max(each.level for each in [token, *inner]) > MAX_DEPTH:
            yield line, (f"This is nested deeper than {MAX_DEPTH} levels.", "Flatten it.")
        if len(inner) > MAX_MARKS:
            yield line, (f"This paragraph has more than {MAX_MARKS:,} marks in it.", hint)
        columns = columns + 1 if token.type in ("th_open", "td_open") else 0 if token.type == "tr_open" else columns
        if columns == MAX_COLUMNS + 1:
            yield line, (f"This table has more than {MAX_COLUMNS} columns.", "Turn it, or split it.")
