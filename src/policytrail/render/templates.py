"""Where templates come from, and the environment they run in: a sandbox that escapes and forgives no misspelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from ..errors import Problem, TemplateError
from ..model.dates import in_words
from . import links, redline
from .markdown import to_html, to_text
from .words import SEVERITIES, and_list, count, sentence, wrapped

_PACKAGE = Path(__file__).resolve().parents[1]


def packaged_templates() -> Path:
    """The folder of the packaged templates: inside the installed package, or at the top of a source checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "templates"


def environment(*folders: Path) -> jinja2.Environment:
    """A Jinja environment that looks in the given folders first, file by file, then in the packaged templates."""
    searched = [*map(str, folders), str(packaged_templates())]
    made = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(searched, followlinks=False),
        undefined=jinja2.StrictUndefined,
        autoescape=_escapes,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(_filters())
    made.globals["severity_words"] = SEVERITIES.__getitem__
    return made


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
    def markdown(text: str, heading_shift: int = 0) -> Markup:
        return Markup(to_html(text, heading_shift))  # noqa: S704 - to_html escapes

    def day(value: date | str) -> str:
        return in_words(date.fromisoformat(value) if isinstance(value, str) else value)

    return {
        "markdown": markdown, "plain": to_text, "day": day, "and_list": and_list, "href": links.href,
        "is_safe": links.is_safe, "redline": redline.inline, "sides": redline.side_by_side,
        "visible": redline.visible, "count": count, "wrapped": wrapped, "sentence": sentence, "link_label": links.label,
    }  # fmt: skip


def render(env: jinja2.Environment, template: str, context: Mapping[str, Any]) -> str:
    """One template with its values. Raises TemplateError with the place and how to mend it."""
    try:
        return env.get_template(template).render(context)
    except jinja2.TemplateNotFound as missing:
        raise TemplateError(
            Problem(f"templates/{missing.name}", 0, "This template doesn't exist.", "Put it back, or remove your "
                    "own templates/ folder to use the packaged one.")
        ) from missing  # fmt: skip
    except jinja2.TemplateSyntaxError as wrong:
        place = wrong.filename or f"templates/{wrong.name or template}"
        raise TemplateError(Problem(place, wrong.lineno, f"{wrong.message}.", "Mend the tag on this line.")) from wrong
    except (jinja2.TemplateError, ArithmeticError, TypeError, ValueError, AttributeError, LookupError) as wrong:
        place, line = _place(wrong, template)
        mend = "Check the names on this line; docs/ lists what each template is given."
        raise TemplateError(Problem(place, line, f"{str(wrong).rstrip('.')}.", mend)) from wrong


def _place(error: Exception, template: str) -> tuple[str, int]:
    """Jinja rewrites tracebacks so that the last frame of a template names its file and line."""
    found = (f"templates/{template}", 0)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith((".html", ".txt", ".xml", ".atom", ".js", ".svg", ".md")):
            found = (name, trace.tb_lineno)
        trace = trace.tb_next
    return found
