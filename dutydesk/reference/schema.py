"""What an entry of a file may hold, derived from the nouns themselves, so that the two cannot drift apart:
every field of the dataclass, nothing else, spans and times as the district writes them."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import time, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    create_model,
)

from dutydesk.model.text import Text
from dutydesk.reference.spelling import span, time_of_day

T = TypeVar("T")

Word = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Span = Annotated[timedelta, BeforeValidator(span)]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Entry(BaseModel):
    """The base of everything in a file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Entry):
    """A name or sentence as ``{zh: …, en: …}``."""

    zh: Word
    en: str = ""


def entry_model(noun: Any) -> type[Entry]:
    """The shape of one ``noun`` in YAML; ``enabled`` is allowed on every one."""
    return _model(noun, top=True)


def switchable(model: type[Entry], id_field: str) -> Any:
    """The type of one item of a list: a whole entry, or ``{id, enabled}`` that only switches a known one."""
    switch = create_model(
        f"{model.__name__}Switch",
        __base__=Entry,
        **{id_field: (Word, ...), "enabled": (Flag, ...)},  # type: ignore[call-overload]
    )

    def which(item: object) -> Literal["switch", "entry"]:
        return "switch" if isinstance(item, Mapping) and set(item) == {id_field, "enabled"} else "entry"

    return Annotated[Annotated[switch, Tag("switch")] | Annotated[model, Tag("entry")], Discriminator(which)]


def noun_from(noun: type[T], entry: BaseModel) -> T:
    """The frozen value that ``entry`` describes."""
    hints = _hints(typing.cast(Any, noun))
    given = {
        field.name: _plain(hints[field.name], getattr(entry, field.name))
        for field in dataclasses.fields(noun)  # type: ignore[arg-type]
    }
    return noun(**given)


@lru_cache(maxsize=32)
def _model(noun: Any, *, top: bool) -> type[Entry]:
    hints = _hints(noun)
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(noun):
        default = ... if field.default is dataclasses.MISSING else field.default
        kind = _written(hints[field.name])
        if kind is str and default is ...:
            kind = Word
        fields[field.name] = (kind, default)
    if top:
        fields.setdefault("enabled", (Flag, True))
    made: type[Entry] = create_model(noun.__name__, __base__=Entry, **fields)
    return made


@lru_cache(maxsize=32)
def _hints(noun: Any) -> dict[str, Any]:
    return typing.get_type_hints(noun)


def _written(kind: Any) -> Any:
    """The type of a field as it is written in YAML."""
    if kind is Text:
        return Bilingual
    if kind in (timedelta, time, bool, float):
        return {timedelta: Span, time: TimeOfDay, bool: Flag, float: Number}[kind]
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _model(kind, top=False)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return _written(next(part for part in arguments if part is not type(None))) | None
    if kind == tuple[tuple[str, str], ...]:
        return dict[Word, Word]
    if origin is tuple:
        inner = _written(arguments[0])
        return tuple.__class_getitem__((Word if inner is str else inner, ...))
    if origin is dict:
        key, value = arguments[0], _written(arguments[1])
        return dict.__class_getitem__((key, value))
    return kind


def _plain(kind: Any, value: Any) -> Any:
    """A validated value as the noun's own field holds it."""
    if isinstance(value, Bilingual):
        return Text(value.zh, value.en)
    if isinstance(value, BaseModel):
        return noun_from(_dataclass_in(kind), value)
    if isinstance(value, tuple):
        return tuple(_plain(typing.get_args(kind)[0], item) for item in value) if value else ()
    if isinstance(value, dict):
        if typing.get_origin(kind) is tuple:
            return tuple(value.items())
        return {key: _plain(typing.get_args(kind)[1], item) for key, item in value.items()}
    return value


def _dataclass_in(kind: Any) -> type[Any]:
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return kind
    return next(
        part for part in typing.get_args(kind) if isinstance(part, type) and dataclasses.is_dataclass(part)
    )
