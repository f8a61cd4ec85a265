#!/usr/bin/env python3
"""Write docs/reference/ from the code: every command, key, rule, regime and exit status. A test tells when it is stale.

python docs/make_reference.py
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click

from policytrail import errors
from policytrail.classify import engine as _entered  # noqa: F401  (enters the rules)
from policytrail.classify.rules.registry import RULES, Rule
from policytrail.cli.main import COMMANDS, policytrail
from policytrail.model import policy as policies
from policytrail.model import practice as practices
from policytrail.model import practice_fields
from policytrail.model.validation.record import NEEDED, Field, Part
from policytrail.render.shared.phrases import count
from policytrail.schedule.duties.regime import Regime
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


def _commands() -> Iterator[str]:
    commands = {name: _command(name) for name in COMMANDS}
    options = {
        name: [_option(each) for each in command.params if isinstance(each, click.Option) and not each.hidden]
        for name, command in commands.items()
    }
    uses = Counter(row for rows in options.values() for row in rows)
    shared = {row: row.partition(" ")[0].strip("`,:") for row in sorted(uses) if uses[row] > 1}
    yield "# Commands"
    yield "\nEvery command has `--help`; each that needs a day has `--as-of`. Messages go to standard error."
    yield from _list("Options of several commands", list(shared))
    for name, command in commands.items():
        context = click.Context(command, info_name=f"policytrail {name}")
        usage = command.get_usage(context).removeprefix("Usage: policytrail ").replace(" [OPTIONS]", "")
        yield f"\n## policytrail {usage}\n"
        yield "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
        yield from _list("", [row for row in options[name] if row not in shared])
        if also := [f"`{shared[row]}`" for row in options[name] if row in shared and shared[row] != "--as-of"]:
            yield f"\nAlso {', '.join(also)}."


def _command(name: str) -> click.Command:
    command = policytrail.get_command(click.Context(policytrail), name)
    assert command is not None
    return command


def _list(title: str, rows: list[str]) -> list[str]:
    head = [f"\n## {title}"] if title else []
    return [*head, "", *(f"- {row}" for row in rows)] if rows else []


def _option(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.metavar or _metavar(option)}"
    notes = ["needed" if option.required else "", "repeatable" if option.multiple else ""]
    default = option.default
    if default not in (None, "", False, ()) and not callable(default) and not option.is_flag:
        notes.append(f"default `{default}`")
    if option.envvar:
        notes.append(f"environment `{option.envvar}`")
    said = "; ".join(filter(None, notes))
    return f"`{', '.join(option.opts)}{value}`: {option.help or ''}" + (f" ({said})" if said else "")


def _metavar(option: click.Option) -> str:
    kind = option.type
    if isinstance(kind, click.Choice):
        return "|".join(map(str, kind.choices))
    return "N" if isinstance(kind, click.IntRange) else kind.name.upper()


def _keys() -> Iterator[str]:
    yield "# Keys of the sources"
    yield (
        "\nAny other key is an error with file and line. A key without a type takes text. How the files "
        "work together: [the sources](../sources.md)."
    )
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
        yield from _model(model, without=set(practices.Practice.fields()), title=_type_of(model))


def _type_of(model: type[Part]) -> str:
    return str(typing.get_args(model.fields()["type"].hint)[0])


def _model(model: type[Part], without: set[str] | None = None, title: str = "") -> Iterator[str]:
    yield f"\n### {title or model.__name__}\n"
    if title:
        yield " ".join((model.__doc__ or "").split()).partition(". ")[0].rstrip(".") + "."
    yield from _list(
        "",
        [
            f"`{name}`{_value(field)}: {meanings(model).get(name, '')}"
            for name, field in model.fields().items()
            if name not in (without or set())
        ],
    )


def _value(field: Field) -> str:
    """What the value may be, and what holds without one. Nothing for a text that may be missing."""
    kind = "" if isinstance(field.default, bool) else _words(field.hint)
    said = [each for each in (kind, _default(field)) if each not in ("text", "")]
    return f" ({'; '.join(said)})" if said else ""


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
    if isinstance(value, tuple):
        return f"default `[{', '.join(value)}]`"
    return f"default `{str(value).lower() if isinstance(value, bool) else value}`"


def _words(annotation: Any) -> str:
    """A type as a person would write the value."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _words(inner[0])
    if origin is typing.Literal:
        return "/".join(f"`{each}`" for each in inner)
    if origin in (typing.Union, types.UnionType):
        said = [_words(each) for each in inner if each is not type(None)]
        return ("/" if all(each.startswith("`") for each in said) else " or ").join(said)
    if origin is tuple:
        return "list" if inner[0] is str else f"list of {_words(inner[0])}"
    if origin is not None:
        return f"{_words(inner[0])}: {_words(inner[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {str: "text", bool: "`true`/`false`", int: "whole number"}.get(annotation, str(annotation))


def _rules() -> Iterator[str]:
    yield "# Rules"
    yield (
        "\nEach kind of change has a severity for each direction: it *broadens* (worse for the person), *narrows* (better), or "
        "is *neutral* (neither, or no rule can tell). Rules marked (consent) also ask whether a broadening reaches data already "
        "held. "
        "These are defaults, not law: [materiality](../explanation/materiality.md)."
    )
    by_severity: dict[tuple[str, str, str], list[Rule]] = {}
    for _, rule in sorted(RULES.items()):
        by_severity.setdefault((str(rule.broadens), str(rule.narrows), str(rule.neutral)), []).append(rule)
    for (broadens, narrows, neutral), rules in sorted(by_severity.items(), key=lambda item: -len(item[1])):
        yield f"\n## Broadens: {broadens}; narrows: {narrows}; neutral: {neutral}"
        yield from _list("", [f"`{rule.id}`{_asks(rule)}: {rule.reason} *{rule.source}*" for rule in rules])


def _asks(rule: Rule) -> str:
    return " (consent)" if rule.consent else ""


def _regimes() -> Iterator[str]:
    yield "# Regimes"
    yield (
        "\nName those that bind your policy under `regimes` in policy.yaml; the strictest combination wins. Days "
        "count as `full_days` unless said. A release names an event (`--event`). [How they work](../explanation/notice.md)."
    )
    yield from _list("", [_regime(regime) for regime in REGIMES.values()])


def _regime(regime: Regime) -> str:
    days = "as promised" if regime.days is None else count(regime.days, "day")
    other = f" ({count(regime.other_days, 'day')} for other changes)" if regime.other_days is not None else ""
    said = [
        "event" if regime.event else "",
        f"{days}{other}" + (f", `{regime.count}`" if regime.count != "full_days" else ""),
        " or ".join(regime.any_of),
        " and ".join(regime.all_of),
        f"only for {', '.join(regime.kinds)}" if regime.kinds else "",
        f"consent: {regime.consent.replace('_', ' ')}" if regime.consent != "no" else "",
        f"within {regime.after_days} days after: {' or '.join(regime.after)}" if regime.after_days else "",
        f"a review every {regime.review_months} months" if regime.review_months else "",
    ]
    return f"`{regime.id}`: {'; '.join(filter(None, said))}. *{regime.source}*"


def _vocabulary() -> Iterator[str]:
    yield "# Vocabulary"
    yield (
        "\npolicytrail's own keys, from fideslang's taxonomy, with their labels where the key's end doesn't spell them. Put your "
        "own below one of them and begin their last part with `x_`. `!` marks sensitive data: adding it is material."
    )
    for kind, terms in default_vocabulary().terms.items():
        if not terms:
            continue
        yield f"\n## {kind}\n\n```text"
        yield from (f"{'!' if key in SENSITIVE else ''}{key}{_label(key, term.label)}" for key, term in terms.items())
        yield "```"


def _label(key: str, label: str) -> str:
    """A key's label, unless the key's last parts spell it."""
    spelt = key.replace("_", " ").split(".")
    return "" if label in (" ".join(spelt[-number:]) for number in (1, 2)) else f"  {label}"


def _exit_status() -> Iterator[str]:
    yield "# Exit status"
    yield "\n0: fine. With any other status standard error has one sentence for each error: where, what is wrong, how to fix it."
    found = [
        each for each in vars(errors).values() if isinstance(each, type) and errors.PolicytrailError in each.__bases__
    ]
    for status in sorted({each.exit_status for each in found}):
        said = [" ".join((each.__doc__ or "").split()) for each in found if each.exit_status == status]
        yield from _list(str(status), said)
    yield "\n## 130\n\nSomebody stopped the command (Ctrl-C)."


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
