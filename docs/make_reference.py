#!/usr/bin/env python3
"""Write docs/reference/ from the code: every command, key, rule, regime and exit status. A test tells when it is stale.

python docs/make_reference.py
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click

from policytrail import errors
from policytrail.classify import engine as _entered  # noqa: F401  (enters the rules)
from policytrail.classify.rules.registry import RULES
from policytrail.cli.main import COMMANDS, policytrail
from policytrail.model import policy as policies
from policytrail.model import practice as practices
from policytrail.model import practice_fields
from policytrail.model.validation.record import NEEDED, Field, Part
from policytrail.render.shared.phrases import count
from policytrail.schedule.duties.regimes import REGIMES
from policytrail.sources import approvers
from policytrail.sources.vocabulary import SENSITIVE, OwnTerm, OwnVocabulary, default_vocabulary

FOLDER = Path(__file__).resolve().parent / "reference"
_HEAD = "<!-- Written by docs/make_reference.py from the code; edit the code, not this page. -->\n"

_POLICY = (
    policies.Policy,
    policies.Organization,
    policies.Section,
    policies.ConsentPlan,
    policies.KeptElsewhere,
    policies.Lints,
    policies.LintOff,
)


def pages() -> dict[str, str]:
    """Every page of the reference by its file name."""
    made = {
        "commands.md": _commands(),
        "keys.md": _keys(),
        "rules.md": _rules(),
        "regimes.md": _regimes(),
        "vocabulary.md": _vocabulary(),
        "exit-status.md": _exit_status(),
    }
    return {name: _HEAD + "\n".join(lines).rstrip() + "\n" for name, lines in made.items()}


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    cells = [[each.replace("|", "\\|").replace("\n", " ") for each in row] for row in rows]
    return ["", *(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *cells)), ""]


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield "\nEvery command has `--help`. Messages go to standard error, what a program reads goes to standard output."
    for name in COMMANDS:
        command = policytrail.get_command(click.Context(policytrail), name)
        assert command is not None
        context = click.Context(command, info_name=f"policytrail {name}")
        yield f"\n## policytrail {name}\n"
        yield f"```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```\n"
        yield "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
        rows = [_option(each) for each in command.params if isinstance(each, click.Option)]
        if rows:
            yield from _table(["option", "meaning"], rows)


def _option(option: click.Option) -> list[str]:
    value = "" if option.is_flag else f" {option.metavar or _metavar(option)}"
    notes = ["needed" if option.required else "", "can be given again" if option.multiple else ""]
    default = option.default
    if default not in (None, "", False, ()) and not callable(default) and not option.is_flag:
        notes.append(f"default `{default}`")
    if option.envvar:
        notes.append(f"environment `{option.envvar}`")
    said = "; ".join(filter(None, notes))
    return [f"`{', '.join(option.opts)}{value}`", (option.help or "") + (f" ({said})" if said else "")]


def _metavar(option: click.Option) -> str:
    kind = option.type
    return "|".join(map(str, kind.choices)) if isinstance(kind, click.Choice) else kind.name.upper()


def _keys() -> Iterator[str]:
    yield "# Keys of the sources"
    yield "\nA key that isn't here is an error with file and line. What the keys are for: [the sources](../sources.md)."
    files: list[tuple[str, tuple[type[Part], ...]]] = [
        (
            "policy/policy.yaml",
            _POLICY,
        ),
        ("policy/vocabulary.yaml", (OwnVocabulary, OwnTerm)),
        ("policy/recipients.yaml", (policies.RegisteredRecipient,)),
        ("policy/approvers.yaml", (approvers.Approvers, approvers.Person)),
    ]
    for file, models in files:
        yield f"\n## {file}"
        for model in models:
            yield from _model(model)
    yield "\n## policy/clauses/**.md (front matter)"
    yield from _model(policies.Clause, without={"text"})
    yield "\n## policy/practices/*.yaml"
    yield from _model(practices.Practice, without={"type"})
    for model in (
        practice_fields.Recipient,
        practice_fields.Scope,
        practice_fields.Mechanism,
        practice_fields.Period,
        practice_fields.Channel,
        practice_fields.Channels,
        practice_fields.Trigger,
    ):
        yield from _model(model)
    yield "\n## Types of practices\n\nEach has these keys besides those of every practice."
    for model in typing.get_args(typing.get_args(practices.AnyPractice)[0]):
        yield from _model(model, without=set(practices.Practice.fields()), title=f"type: {_type_of(model)}")


def _type_of(model: type[Part]) -> str:
    return str(typing.get_args(model.fields()["type"].hint)[0])


def _model(model: type[Part], without: set[str] | None = None, title: str = "") -> Iterator[str]:
    yield f"\n### {title or model.__name__}\n"
    yield " ".join((model.__doc__ or "").split())
    rows = [
        [f"`{name}`", meanings(model).get(name, ""), _words(field.hint), _default(field)]
        for name, field in model.fields().items()
        if name not in (without or set())
    ]
    if rows:
        yield from _table(["key", "meaning", "value", "if not given"], rows)


_FIELD = re.compile(r"^    (\w+): ")


@cache
def meanings(model: type[Part]) -> dict[str, str]:
    """What each field means: the comment `#: ...` behind it or above it in the class, or in a class that it comes from."""
    above = model.__mro__[1]
    found = dict(meanings(above)) if issubclass(above, Part) and above is not Part else {}
    waiting: list[str] = []
    for line in inspect.getsource(model).splitlines():
        _, mark, said = line.partition("#: ")
        if mark and line.strip().startswith("#: "):
            waiting.append(said)
        elif field := _FIELD.match(line):
            if words := [*waiting, *([said] if mark else [])]:
                found[field[1]] = " ".join(words)
            waiting = []
    return found


def _default(field: Field) -> str:
    value = field.default
    if value is NEEDED:
        return "**needed**"
    if isinstance(value, Part) or value in (None, (), {}, ""):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _words(annotation: Any) -> str:
    """A type as a person would write the value."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _words(inner[0])
    if origin is typing.Literal:
        return ", ".join(f"`{each}`" for each in inner)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_words(each) for each in inner if each is not type(None))
    if origin is tuple:
        return f"list of: {_words(inner[0])}"
    if origin is not None:
        return f"{_words(inner[0])}: {_words(inner[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {str: "text", bool: "`true`, `false`", int: "whole number"}.get(annotation, str(annotation))


def _rules() -> Iterator[str]:
    yield "# Rules"
    yield (
        "\nWhat each kind of change means, by direction: *broadens* (worse for the person), *narrows* (better), *neutral* "
        "(neither, or not to be told by a rule). Consent: when it broadens, it is asked whether data already held is reached."
        " Defaults, not law: [materiality](../explanation/materiality.md) explains."
    )
    rows = [
        [
            f"`{each.id}`",
            str(each.broadens),
            str(each.narrows),
            str(each.neutral),
            "yes" if each.consent else "",
            each.reason,
            each.source,
        ]
        for _, each in sorted(RULES.items())
    ]
    yield from _table(["rule", "broadens", "narrows", "neutral", "consent", "reason", "source"], rows)


def _regimes() -> Iterator[str]:
    yield "# Regimes"
    yield (
        "\nName those that bind your policy under `regimes` in policy.yaml; the strictest combination wins. Events "
        "are named at a release (`--event`). [How they work](../explanation/notice.md)."
    )
    rows = []
    for each in REGIMES.values():
        channels = [" or ".join(each.any_of), " and ".join(each.all_of)]
        days = "as promised" if each.days is None else count(each.days, "day")
        other = f"; other changes {count(each.other_days, 'day')}" if each.other_days is not None else ""
        after = [f"within {each.after_days} days after: {' or '.join(each.after)}"] if each.after_days else []
        after += [f"a review every {each.review_months} months"] if each.review_months else []
        consent = {"no": ""}.get(each.consent, each.consent.replace("_", " "))
        after += ["event"] if each.event else []
        rows.append(
            [
                f"`{each.id}`",
                days + other,
                each.count,
                "; ".join(filter(None, channels)),
                ", ".join(each.kinds),
                consent,
                "; ".join(after),
                each.source,
            ]
        )
    yield from _table(["regime", "days", "count", "channels", "set off by", "consent", "", "source"], rows)


def _vocabulary() -> Iterator[str]:
    yield "# Vocabulary"
    yield (
        "\nThe keys that come with policytrail (fideslang's taxonomy). Your own hang below one of them, and their last part "
        "begins with `x_`. Keys marked *sensitive* are raised wherever they are added."
    )
    for kind, terms in default_vocabulary().terms.items():
        if terms:
            yield f"\n## {kind}"
            rows = [[f"`{key}`", term.label, "sensitive" if key in SENSITIVE else ""] for key, term in terms.items()]
            yield from _table(["key", "label", ""], rows)


def _exit_status() -> Iterator[str]:
    yield "# Exit status"
    yield "\n0: fine. Any other status comes with one sentence an error on standard error: where, what is wrong, how to mend it."
    found = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.PolicytrailError)
    ]
    rows = [
        [str(each.exit_status), f"`{each.__name__}`", " ".join((each.__doc__ or "").split())]
        for each in sorted(found, key=lambda each: (each.exit_status, each.__name__))
    ]
    yield from _table(["status", "error", "meaning"], rows)
    yield "130: stopped by the keyboard."


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
