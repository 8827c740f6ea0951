"""What the district's templates may be written with. Jinja's sandbox keeps a template from reaching out; this
keeps a short one from running on or from making a huge text: no loops, no calls, no macros, nothing kept in a
name but a constant, and only filters that cannot swell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Final

from jinja2 import Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.filters import FILTERS
from jinja2.sandbox import SandboxedEnvironment

from dutydesk.i18n import Said

LONGEST: Final = 20_000
"""Characters of the longest template, of the longest text made of one, and of any text on the way there."""
MOST_NODES: Final = 2_000
"""The largest template: a thousand names and the texts between them."""

_ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Dict,
    nodes.Pair,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Test,
    nodes.Keyword,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Concat,
)
_PLAIN: Final = (
    "default", "d", "length", "count", "int", "float", "round", "abs", "trim", "first", "last", "upper",
    "lower", "capitalize", "title", "string", "truncate", "urlencode",
)  # fmt: skip


def parsed(environment: SandboxedEnvironment, source: str) -> nodes.Template:
    """``source`` as a tree that only does what a text needs.

    Raises jinja2's TemplateSyntaxError with the line, for what is not available too.
    """
    if len(source) > LONGEST:
        raise TemplateSyntaxError(Said("it is longer than {most} characters", most=LONGEST), 1)
    try:
        tree = environment.parse(source)
        count = sum(1 for node in tree.find_all(nodes.Node) if _allow(node))
    except RecursionError:
        raise TemplateSyntaxError(Said("it is nested too deeply"), 1) from None
    if count > MOST_NODES:
        raise TemplateSyntaxError(Said("it has more than {most} parts", most=MOST_NODES), 1)
    return tree


def filters(names: Iterable[str]) -> dict[str, Callable[..., Any]]:
    """The filters of ``names``, none of which makes a long text of short ones.

    Raises KeyError for a filter that is not available.
    """
    available = {**{name: _of_short_texts(FILTERS[name]) for name in _PLAIN}, **_OWN}
    return {name: available[name] for name in names}


def _allow(node: nodes.Node) -> bool:
    constant = isinstance(node, nodes.Assign) and isinstance(node.node, nodes.Const)
    if constant or isinstance(node, _ALLOWED):
        return True
    what = Said('"{what}" is not available in a text', what=type(node).__name__.lower())
    raise TemplateSyntaxError(what, node.lineno)


def _of_short_texts(original: Callable[..., Any]) -> Callable[..., Any]:
    """``original`` for values that are no longer than a whole text may be."""

    @wraps(original)  # with what it is to be handed: an environment, a context
    def bounded(*args: Any, **kwargs: Any) -> Any:
        if any(isinstance(value, str) and len(value) > LONGEST for value in (*args, *kwargs.values())):
            raise SecurityError(f"a text of more than {LONGEST} characters")
        return original(*args, **kwargs)

    return bounded


def _join(values: Iterable[object], between: str = "") -> str:
    pieces = [str(value) for value in values]
    return _bounded(sum(map(len, pieces)) + len(between) * len(pieces), lambda: between.join(pieces))


def _replace(text: object, old: str, new: str) -> str:
    whole = str(text)
    length = len(whole) + whole.count(old) * len(new)
    return _bounded(length, lambda: whole.replace(old, new))


def _tojson(value: object) -> str:
    if isinstance(value, Undefined):
        return str(value)  # which says what is missing
    # Chinese stays readable on the wire, and counts three bytes instead of six.
    return json.dumps(value, ensure_ascii=False)


def _bounded(length: int, make: Callable[[], str]) -> str:
    if length > LONGEST:
        raise SecurityError(f"a text of more than {LONGEST} characters")
    return make()


_OWN: Final[Mapping[str, Callable[..., Any]]] = {"join": _join, "replace": _replace, "tojson": _tojson}
NAMES: Final = (*_PLAIN, *_OWN)
"""Every filter that is available."""
