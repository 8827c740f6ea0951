"""Holds a marked document against a pydantic model and says each mismatch in one plain line at its place."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from dutydesk.i18n import N_, Said
from dutydesk.model.errors import Fault, FaultyFile
from dutydesk.yamldoc.document import Document, Path, below

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    M = TypeVar("M", bound=BaseModel)

_PLAIN = {
    "missing": N_("missing"),
    "string_type": N_("must be text: put it in quotes if it is"),
    "int_type": N_("must be a whole number"),
    "int_parsing": N_("must be a whole number"),
    "int_from_float": N_("must be a whole number"),
    "float_type": N_("must be a number"),
    "float_parsing": N_("must be a number"),
    "bool_type": N_("must be true or false"),
    "bool_parsing": N_("must be true or false"),
    "list_type": N_("must be a list"),
    "tuple_type": N_("must be a list"),
    "dict_type": N_("must be a mapping (key: value)"),
    "model_type": N_("must be a mapping (key: value)"),
    "model_attributes_type": N_("must be a mapping (key: value)"),
    "none_required": N_("must be left out"),
    "time_delta_type": N_("must be a span such as 30m, 1h or 2d"),
    "time_delta_parsing": N_("must be a span such as 30m, 1h or 2d"),
    "time_type": N_('must be a time such as "09:00"'),
    "time_parsing": N_('must be a time such as "09:00"'),
    "string_too_short": N_("must not be empty"),
}


_NOT_ONE_OF = N_("{value} is not one of {known}")
_LIMITS = {
    "greater_than": ("gt", N_("must be greater than {limit}")),
    "greater_than_equal": ("ge", N_("must be greater than or equal to {limit}")),
    "less_than": ("lt", N_("must be less than {limit}")),
    "less_than_equal": ("le", N_("must be less than or equal to {limit}")),
}

_LENGTHS = {
    "string_too_long": ("max_length", N_("must have at most {limit} characters")),
    "too_short": ("min_length", N_("needs at least {limit} entries")),
    "too_long": ("max_length", N_("takes at most {limit} entries")),
}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean "limit"?`` where a known word is near ``word``, else nothing: the end of a sentence,
    to be filled into it."""
    near = _near(word, known)
    return Said('; did you mean "{near}"?', near=near) if near else ""


def _near(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def validated(document: Document, model: type[M], *, context: Mapping[str, Any] | None = None) -> M:
    """``document`` as ``model``. Raises FaultyFile with every fault, each on its line."""
    outcome = check(document, model, context=context)
    if isinstance(outcome, tuple):
        raise FaultyFile(outcome)
    return outcome


def check(
    document: Document, model: type[M], *, context: Mapping[str, Any] | None = None
) -> M | tuple[Fault, ...]:
    """The model, or every fault."""
    from pydantic import ValidationError

    if document.value is None:
        return (document.fault((), N_("the file is empty")),)
    try:
        return model.model_validate(document.value, context=dict(context or {}))
    except ValidationError as error:
        details = error.errors(include_url=False)
    faults = [_fault(document, model, detail) for detail in details]
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: fault.line))


def _fault(document: Document, model: type[BaseModel], detail: ErrorDetails) -> Fault:
    kind = detail["type"]
    path = _in_document(document, detail["loc"])
    if kind == "missing":
        missing = str(detail["loc"][-1])
        return document.fault((*path, missing), "missing")
    if kind == "extra_forbidden":
        return document.fault(path, _unknown_key(document, model, path))
    return document.fault(path, sentence(detail))


def sentence(detail: ErrorDetails) -> str:
    """One pydantic error in plain words, such as ``must be a whole number``."""
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind in _PLAIN:
        return Said(_PLAIN[kind])
    if kind in _LIMITS:
        name, msgid = _LIMITS[kind]
        return Said(msgid, limit=f"{context.get(name, 0):g}")
    if kind in ("enum", "literal_error"):
        return Said(_NOT_ONE_OF, value=_shown(detail["input"]), known=_any_of(str(context.get("expected"))))
    if kind in ("value_error", "assertion_error"):
        error = context.get("error")
        said = error.args[0] if isinstance(error, Exception) and error.args else detail["msg"]
        return said if isinstance(said, Said) else _one_line(str(said))
    if kind == "union_tag_invalid":
        return Said(
            _NOT_ONE_OF, value=_shown(context.get("tag")), known=_any_of(str(context.get("expected_tags")))
        )
    if kind == "string_pattern_mismatch":
        return Said("{value} does not fit the pattern {pattern}", value=_shown(detail["input"]), **context)
    if kind in _LENGTHS:
        name, msgid = _LENGTHS[kind]
        return Said(msgid, limit=context.get(name))
    message = detail["msg"]
    return _one_line(message.replace("Input should be ", "must be ").replace("Value should ", "must "))


def _unknown_key(document: Document, model: type[BaseModel], path: Path) -> str:
    known = sorted({name for owner in _models_at(model, path[:-1]) for name in _field_names(owner)})
    given = document.get(path[:-1])
    free = [name for name in known if name not in given]
    if given[path[-1]] is None and " " in str(path[-1]):
        return N_(
            "unknown key: if this is the end of a text with a comma in it, put the whole text in quotes"
        )
    near = _near(str(path[-1]), free) or _near(str(path[-1]), known)
    return Said('unknown key; did you mean "{near}"?', near=near) if near else N_("unknown key")


def _in_document(document: Document, loc: Sequence[str | int]) -> Path:
    """``loc`` without the parts pydantic adds for unions and validators, as far as the document goes."""
    path: list[str | int] = []
    here = document.value
    for part in loc:
        for spelling in _spellings(part):
            try:
                here = below(here, spelling)
            except KeyError:
                continue
            path.append(spelling)
            break
    return tuple(path)


def _spellings(part: str | int) -> tuple[str | int, ...]:
    """``part`` as it may stand in the document: pydantic tells an integer key as text."""
    return (part, int(part)) if isinstance(part, str) and part.isdecimal() else (part,)


def _field_names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


def _models_at(annotation: Any, path: Sequence[str | int]) -> set[type[BaseModel]]:
    """The models that may describe what lies at ``path`` below something of type ``annotation``."""
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not path:
            return {annotation}
        for name, field in annotation.model_fields.items():
            if path[0] in (name, field.alias):
                return _models_at(field.annotation, path[1:])
        return set()
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _models_at(arguments[0], path)
    if origin in (typing.Union, types.UnionType):
        return {found for argument in arguments for found in _models_at(argument, path)}
    if isinstance(origin, type) and arguments and path:
        item = arguments[-1] if issubclass(origin, Mapping) else arguments[0]
        return _models_at(item, path[1:])
    return set()


def _any_of(expected: str) -> str:
    """``'a', 'b' or 'c'`` as pydantic tells what it takes, in a form that can be said in Chinese."""
    some, either, last = expected.rpartition(" or ")
    return Said("{some} or {last}", some=some, last=last) if either else expected


def _shown(value: object) -> str:
    text = _one_line(value if isinstance(value, str) else repr(value))
    return f'"{text}"'


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 200 else flat[:199] + "…"
