"""Where templates come from, and the environment they run in: a sandbox that escapes and forgives no misspelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from policytrail.errors import Problem, TemplateError
from policytrail.model.dates import in_words
from policytrail.model.translations.translation import direction
from policytrail.storage.resource_limits import LimitExceeded, bounded

from . import full_redline, links, redline_html
from .markdown import to_html, to_text
from .phrases import SEVERITIES, and_list, clause_anchor, count, evidence_words, sentence, sentence_case, wrapped

# What a mistake in a template raises; anything else is ours and goes on as it is.
_MENDABLE = (
    jinja2.TemplateError,
    ArithmeticError,
    TypeError,
    ValueError,
    AttributeError,
    LookupError,
    RecursionError,
)
_COMPILED: dict[tuple[str, str | None, str | None], Any] = {}
_MOST_COMPILED = 500  # a live preview sees every state of the templates that are being edited
_MOST_BYTES = 16_000_000
_PACKAGE = Path(__file__).resolve().parents[2]


def packaged_templates() -> Path:
    """The folder of the packaged templates: inside the installed package, or at the top of a source checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "templates"


Once = Callable[[tuple[str, ...], Callable[[], bytes]], bytes]


def environment(*folders: Path, once: Once | None = None) -> jinja2.Environment:
    """A Jinja environment that looks in the given folders first, file by file, then in the packaged templates.

    `once` keeps what `{% call kept(KEY, ...) %}` renders: given a key and what makes the bytes, it returns them.
    """
    for folder in folders:
        if folder.exists() and not folder.is_dir():
            raise TemplateError(Problem(folder.name, 0, "This isn't a folder.", "Put your templates into one."))
    searched = [*map(str, folders), str(packaged_templates())]
    made = _Environment(
        loader=_Loader(searched),
        undefined=jinja2.StrictUndefined,
        autoescape=_escapes,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # else constant expressions run while the template is compiled
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
        refuse_link(folder / "assets", "templates/assets")
        for path in sorted((folder / "assets").rglob("*")):
            refuse_link(path, f"templates/{path.relative_to(folder).as_posix()}")
            if not path.is_dir():
                _refuse_no_file(path, f"templates/{path.relative_to(folder).as_posix()}")
                _refuse_large(path, f"templates/{path.relative_to(folder).as_posix()}")
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


@jinja2.pass_context  # so that it isn't run while the template is compiled
def _printable(context: jinja2.runtime.Context, value: Any) -> Any:
    """A list or group printed as it is shows Python's spelling, and hides what is undefined inside it."""
    if isinstance(value, list | tuple | set | dict):
        raise jinja2.TemplateRuntimeError("a list or group can't be printed as it is; loop over it, or use a filter")
    return value


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
        "redline": redline_html.inline,
        "sides": redline_html.side_by_side,
        "words_of": full_redline.words_of,
        "runs": full_redline.inline,
        "run_sides": full_redline.sides,
        "visible": redline_html.visible,
        "count": count,
        "wrapped": wrapped,
        "sentence": sentence,
        "sentence_case": sentence_case,
        "link_label": links.label,
        "clause_anchor": clause_anchor,
        "direction": direction,
    }


def render(env: jinja2.Environment, template: str, context: Mapping[str, Any]) -> str:
    """One template with its values. Raises TemplateError with the place and how to mend it."""
    try:
        return env.get_template(template).render(context)
    except jinja2.TemplateNotFound as missing:
        raise _mended(missing) from missing


class _Template(jinja2.Template):
    """A template whose rendering is bounded: a loop over millions or a text of gigabytes ends in one sentence."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """The text. Raises TemplateError where it takes more than 20 seconds or 512 MB, or prints what doesn't exist."""
        with _bounded():
            return super().render(*args, **kwargs)


@contextmanager
def _bounded() -> Iterator[None]:
    try:
        with bounded():
            yield
    except LimitExceeded as beyond:
        hint = "Look for loops inside loops and for texts that are multiplied."
        raise TemplateError(Problem(*_place(beyond), f"Rendering this {beyond}.", hint)) from None


class _Loader(jinja2.FileSystemLoader):
    """Reads plain files only: a link could lead to any file of the machine, and a page would show it."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """As Jinja's own. Raises TemplateError for a symbolic link, anything else that is no file, and no UTF-8."""
        for folder in self.searchpath:
            refuse_link(Path(folder, template), f"templates/{template}")
            _refuse_no_file(Path(folder, template), f"templates/{template}")
            _refuse_large(Path(folder, template), f"templates/{template}")
        try:
            found = super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            problem = Problem(f"templates/{template}", line, "This file isn't UTF-8 text.", "Save it as UTF-8.")
            raise TemplateError(problem) from None
        return found


def _refuse_no_file(path: Path, shown: str) -> None:
    """A pipe or a folder by a template's name would be passed over silently, and the packaged template shown."""
    if path.exists() and not path.is_file():
        raise TemplateError(Problem(shown, 0, "This isn't a regular file.", "Put a plain file here, or take it away."))


def _refuse_large(path: Path, shown: str) -> None:
    if path.exists() and path.stat().st_size > _MOST_BYTES:
        message = f"This file is larger than {_MOST_BYTES // 1_000_000} MB."
        raise TemplateError(Problem(shown, 0, message, "Readers load it with a page: make it smaller."))


def refuse_link(path: Path, shown: str) -> None:
    """Raise TemplateError where the path, or the folder of templates that it is in, is a symbolic link."""
    inner = Path(*path.parts[-len(Path(shown).parts) :])
    if any(parent.is_symlink() for parent in (path, *path.parents[: len(inner.parts) - 1])):
        raise TemplateError(Problem(shown, 0, "This is a symbolic link.", "Put the file itself here."))


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with errors that name the line of the template and say how to mend it."""

    template_class = _Template

    def compile(
        self, source: Any, name: str | None = None, filename: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """As Jinja's own, within the same bounds: some expressions are worked out while a template is compiled.

        Every environment of ours is the same to the compiler, so that a text is compiled once in a process.
        """
        key = source, name, filename
        if args or kwargs or not isinstance(source, str):
            return self._compiled(source, name, filename, *args, **kwargs)
        if key not in _COMPILED:
            if len(_COMPILED) >= _MOST_COMPILED:
                _COMPILED.clear()
            _COMPILED[key] = self._compiled(source, name, filename)
        return _COMPILED[key]

    def _compiled(self, *args: Any, **kwargs: Any) -> Any:
        with _bounded():
            return super().compile(*args, **kwargs)

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Called by Jinja wherever a template can't be compiled or rendered."""
        try:
            super().handle_exception(source)
        except _MENDABLE as wrong:
            raise _mended(wrong) from wrong


def _mended(error: Exception) -> TemplateError:
    if isinstance(error, jinja2.TemplateNotFound):
        hint = "Put it back, or delete your own copy of the template that asks for it."
        return TemplateError(Problem(f"templates/{error.name}", 0, "This template doesn't exist.", hint))
    if isinstance(error, jinja2.TemplateSyntaxError):
        place = _shown(error.filename or f"templates/{error.name}")
        return TemplateError(Problem(place, error.lineno, _sentence(error), "Mend the tag on this line."))
    if isinstance(error, RecursionError):
        hint = "Look for a template that includes or extends itself, also by way of another one."
        return TemplateError(Problem(*_place(error), "This template calls itself without end.", hint))
    hint = "Look at the names on this line: each must be one that the template is given."
    return TemplateError(Problem(*_place(error), _sentence(error), hint))


def _sentence(error: Exception) -> str:
    return f"{str(error).rstrip('.')}."


def _place(error: Exception) -> tuple[str, int]:
    """Jinja rewrites tracebacks so that the last frame of a template names its file and line."""
    found = ("templates/", 0)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        found = found if name.endswith(".py") or name.startswith("<") else (_shown(name), trace.tb_lineno)
        trace = trace.tb_next
    return found


def _shown(file: str) -> str:
    """A template of the repository as people know it, below templates/; a packaged one with its whole path."""
    own = not Path(file).is_relative_to(packaged_templates()) and "/templates/" in file
    return f"templates/{file.rpartition('/templates/')[2]}" if own else file
