"""Values with declared fields: frozen, every field read by its form, a field that isn't known refused.

A class below `Part` declares fields as a dataclass does (`name: hint`, `name: hint = default`) and inherits those of its
base. A union's or a field's form is worked out when the first value is read. What a field means stands behind it, or above
it, as a comment `#: ...`; the reference takes it from there.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, dataclass_transform, get_args

from .field_types import Finding, Form, Place, form_of

NEEDED: Any = object()
NOTHING: Mapping[Any, Any] = {}  # the default of a mapping


class FormError(ValueError):
    """What is wrong with a value, place by place."""

    def __init__(self, name: str, findings: list[Finding]) -> None:
        self.findings = tuple(findings)
        first = findings[0]
        where = ".".join(map(str, first.place)) or "the value"
        why = {"missing": "is missing", "unknown": "is no field"}.get(first.kind, f"must be {first.expected}")
        super().__init__(f"{name}: {where} {why}")


@dataclass(frozen=True)
class Field:
    """One field as it was declared: its hint, and what it is where it isn't given (`NEEDED`: it must be given)."""

    hint: Any
    default: Any


@dataclass(frozen=True)
class _Reading:
    """How the fields of one class are read: their forms, what they are where they aren't given, which must be given."""

    forms: dict[Any, Form]
    defaults: dict[str, Any]
    needed: frozenset[str]


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Part:
    """Base of every value in the model. Made from keywords or, by `model_validate`, from a mapping."""

    _own: ClassVar[dict[type, dict[str, Field]]] = {}
    _read: ClassVar[dict[type, _Reading]] = {}

    def __init__(self, **values: Any) -> None:
        found: list[Finding] = []
        self._fill(values, (), found)
        if found:
            raise FormError(type(self).__name__, found)

    @classmethod
    def fields(cls) -> Mapping[str, Field]:
        """Every field by its name, those of the base first."""
        if cls not in Part._own:
            inherited = cls.__mro__[1].fields() if issubclass(cls.__mro__[1], Part) else {}
            hints = inspect.get_annotations(cls, eval_str=True) if cls is not Part else {}
            declared = {name: Field(hint, vars(cls).get(name, NEEDED)) for name, hint in hints.items()}
            Part._own[cls] = {**inherited, **declared}
        return Part._own[cls]

    @classmethod
    def words_of(cls, name: str) -> tuple[str, ...]:
        """The words that a field declared as a choice takes."""
        return get_args(cls.fields()[name].hint)

    @classmethod
    def read_part(cls, value: Any, place: Place, found: list[Finding]) -> Any:
        """The part that a mapping (or a part of this class) is; what is wrong with it joins `found`."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping):
            found.append(Finding(place, "type", value, "a mapping"))
            return value
        made = cls.__new__(cls)
        made._fill(value, place, found)
        return made

    @classmethod
    def model_validate(cls, value: Any) -> Self:
        """The part that a mapping is. Raises FormError with everything that is wrong with it."""
        return read(cls, value)  # type: ignore[no-any-return]

    def _fill(self, values: Mapping[str, Any], place: Place, found: list[Finding]) -> None:
        before, held = len(found), self.__dict__
        reading = Part._read.get(type(self)) or self._forms()
        forms, needed = reading.forms, reading.needed
        held.update(reading.defaults)
        for name, value in values.items():
            if form := forms.get(name):
                held[name] = form.read(value, (*place, name), found)
            else:
                found.append(Finding((*place, name), "unknown", value, ""))
        if not needed <= values.keys():
            found += [Finding((*place, name), "missing", None, "") for name in forms if name in needed - values.keys()]
        if len(found) == before:
            try:
                self.check_whole()
            except ValueError as error:
                found.append(Finding(place, "value", None, str(error)))

    @classmethod
    def _forms(cls) -> _Reading:
        fields = cls.fields()
        made = _Reading(
            {name: form_of(field.hint) for name, field in fields.items()},
            {name: field.default for name, field in fields.items()},
            frozenset(name for name, field in fields.items() if field.default is NEEDED),
        )
        return Part._read.setdefault(cls, made)

    def check_whole(self) -> None:
        """What must hold between fields that are sound one by one: raises ValueError with half a sentence."""

    def model_copy(self, update: Mapping[str, Any] | None = None) -> Self:
        """The same value with some fields replaced, which are taken as they are."""
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__, **(update or {}))
        return made

    def model_dump(
        self,
        mode: str = "python",
        include: Iterable[str] | None = None,
        exclude: Iterable[str] = (),
        exclude_defaults: bool = False,
    ) -> dict[str, Any]:
        """The value as plain data, in the order in which the fields are declared.

        `mode`: `json` makes lists of tuples. `include`, `exclude`: names of fields. `exclude_defaults`: leave out, here and
        in parts below, what is as it would be were it not given.
        """
        dumped = {}
        for name, field in self.fields().items():
            value = self.__dict__[name]
            if (include is not None and name not in include) or name in exclude:
                continue
            if not (exclude_defaults and field.default is not NEEDED and value == field.default):
                dumped[name] = _plain(value, mode == "json", exclude_defaults)
        return dumped

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be deleted")

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.fields() if name in self.__dict__)
        return f"{type(self).__name__}({said})"


def read(hint: Any, value: Any) -> Any:
    """The value as a type hint declares it: a part, a union of parts, a list of them. Raises FormError with all that is wrong."""
    found: list[Finding] = []
    made = form_of(hint).read(value, (), found)
    if found:
        raise FormError(getattr(hint, "__name__", "value"), found)
    return made


def _plain(value: Any, lists: bool, exclude_defaults: bool) -> Any:
    if isinstance(value, Part):
        return value.model_dump("json" if lists else "python", exclude_defaults=exclude_defaults)
    if isinstance(value, tuple):
        made = [_plain(each, lists, exclude_defaults) for each in value]
        return made if lists else tuple(made)
    if isinstance(value, Mapping):
        return {name: _plain(each, lists, exclude_defaults) for name, each in value.items()}
    return value
