"""Where templates come from, and the environment they run in: a sandbox that escapes and forgives no misspelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from ..errors import Problem, TemplateError
from ..model.dates import in_words
from . import links, passages, redline
from .markdown import to_html, to_text
from .words import SEVERITIES, and_list, clause_anchor, count, evidence_words, sentence, sentence_case, wrapped

# What a mistake in a template raises; anything else is ours and goes on as it is.
_MENDABLE = (jinja2.TemplateError, ArithmeticError, TypeError, ValueError, AttributeError, LookupError)
_PACKAGE = Path(__file__).resolve().parents[1]


def packaged_templates() -> Path:
    """The folder of the packaged templates: inside the installed package, or at the top of a source checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "templates"


Once = Callable[[tuple[str, ...], Callable[[], bytes]], bytes]


def environment(*folders: Path, once: Once | None = None) -> jinja2.Environment:
    """A Jinja environment that looks in the given folders first, file by file, then in the packaged templates.

    `once` keeps what `{% call kept(KEY, ...) %}` renders: given a key and what makes the bytes, it returns them.
    """
    searched = [*map(str, folders), str(packaged_templates())]
    made = _Environment(
        loader=jinja2.FileSystemLoader(searched, followlinks=False),
        undefined=jinja2.StrictUndefined,
        autoescape=_escapes,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(_filters())
    made.globals["kept"] = _keeper(once)
    made.globals |= {"severity_words": SEVERITIES.__getitem__, "evidence_words": evidence_words}
    return made


def _keeper(once: Once | None) -> Callable[..., Markup]:
    def kept(*key: str, caller: Callable[[], str]) -> Markup:
        """What stands inside the block, made anew only if it isn't kept. The key holds all that it depends on."""
        return Markup(once(key, lambda: caller().encode()).decode() if once else caller())

    return kept


def assets(*folders: Path) -> dict[str, bytes]:
    """The theme's own files below `assets/`, by their path in the site; a folder given first wins, file by file."""
    found: dict[str, bytes] = {}
    for folder in (packaged_templates(), *reversed(folders)):
        for path in sorted((folder / "assets").rglob("*")):
            if path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _escapes(name: str | None) -> bool:
    return name is None or name.endswith((".html", ".xml", ".svg", ".atom"))


def _filters() -> dict[str, Callable[..., Any]]:
    def markdown(text: str, heading_shift: int = 0, base: str = "") -> Markup:
        return Markup(to_html(text, heading_shift, base))

    def day(value: date | str) -> str:
        return in_words(date.fromisoformat(value) if isinstance(value, str) else value)

    return {
        "markdown": markdown,
        "plain": to_text,
        "day": day,
        "and_list": and_list,
        "href": links.href,
        "is_safe": links.is_safe,
        "redline": redline.inline,
        "sides": redline.side_by_side,
        "words_of": passages.words_of,
        "runs": passages.inline,
        "run_sides": passages.sides,
        "visible": redline.visible,
        "count": count,
        "wrapped": wrapped,
        "sentence": sentence,
        "sentence_case": sentence_case,
        "link_label": links.label,
        "clause_anchor": clause_anchor,
    }


def render(env: jinja2.Environment, template: str, context: Mapping[str, Any]) -> str:
    """One template with its values. Raises TemplateError with the place and how to mend it."""
    try:
        return env.get_template(template).render(context)
    except jinja2.TemplateNotFound as missing:
        raise _mended(missing) from missing


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with errors that name the line of the template and say how to mend it."""

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Called by Jinja wherever a template can't be compiled or rendered."""
        try:
            super().handle_exception(source)
        except _MENDABLE as wrong:
            raise _mended(wrong) from wrong


def _mended(error: Exception) -> TemplateError:
    if isinstance(error, jinja2.TemplateNotFound):
        mend = "Put it back, or delete your own copy of the template that asks for it."
        return TemplateError(Problem(f"templates/{error.name}", 0, "This template doesn't exist.", mend))
    if isinstance(error, jinja2.TemplateSyntaxError):
        place = error.filename or f"templates/{error.name}"
        return TemplateError(Problem(place, error.lineno, _sentence(error), "Mend the tag on this line."))
    mend = "Look at the names on this line: each must be one that the template is given."
    return TemplateError(Problem(*_place(error), _sentence(error), mend))


def _sentence(error: Exception) -> str:
    return f"{str(error).rstrip('.')}."


def _place(error: Exception) -> tuple[str, int]:
    """Jinja rewrites tracebacks so that the last frame of a template names its file and line."""
    found = ("templates/", 0)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        found = found if name.endswith(".py") or name.startswith("<") else (name, trace.tb_lineno)
        trace = trace.tb_next
    return found
