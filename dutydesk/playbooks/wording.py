"""The texts of a playbook that are filled in when they are needed: sandboxed Jinja, where what is not known
is said to be not known, never left out and never made up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NoReturn

from dutydesk.i18n import Said
from dutydesk.model.errors import BadInput
from dutydesk.model.text import Language, Text

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

NOT_KNOWN: Final = Text("待核实", "not yet verified")
LONGEST: Final = 20_000
_FILTERS: Final = ("default", "d", "join", "length", "int", "round", "trim", "first", "last")


def render(template: Text, values: Mapping[str, object], language: Language) -> str:
    """``template`` in ``language``, filled from ``values``; whatever is missing there becomes
    :data:`NOT_KNOWN`. Dotted names (``figures.deaths``) are reached as they are written.

    Raises BadInput when the template cannot be filled or grows beyond 20,000 characters.
    """
    from jinja2.exceptions import TemplateError

    try:
        filled = _compiled(template.in_(language), language).render(_nested(values))
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
        raise BadInput(
            "The text cannot be filled in: {why}. Correct the template.", why=str(error)
        ) from error
    if len(filled) > LONGEST:
        raise BadInput("The text is longer than {most} characters: shorten the template.", most=LONGEST)
    return filled


def used_names(template: str) -> tuple[str, ...]:
    """The names ``template`` uses, figures dotted. Raises ValueError when it does not parse."""
    from jinja2 import nodes
    from jinja2.exceptions import TemplateSyntaxError
    from jinja2.meta import find_undeclared_variables

    from dutydesk import templating

    try:
        tree = templating.parsed(_environment("zh"), template)
        _environment("zh").from_string(tree)
    except TemplateSyntaxError as error:
        raise ValueError(Said("the text has a template error: {what}", what=error.message)) from error
    free = find_undeclared_variables(tree)
    dotted = {
        f"{node.node.name}.{node.attr}"
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name in free
    }
    return tuple(sorted(dotted | (free - {name.partition(".")[0] for name in dotted})))


def _nested(values: Mapping[str, object]) -> dict[str, object]:
    nested: dict[str, object] = {}
    groups: dict[str, dict[str, object]] = {}
    for name, value in values.items():
        head, dot, tail = name.partition(".")
        if dot:
            groups.setdefault(head, {})[tail] = _plain(value)
        else:
            nested[name] = _plain(value)
    return {**groups, **nested}


def _plain(value: object) -> object:
    """3.0 people are 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@lru_cache(maxsize=512)
def _compiled(source: str, language: Language) -> Template:
    from dutydesk import templating

    return _environment(language).from_string(templating.parsed(_environment(language), source))


@lru_cache(maxsize=2)
def _environment(language: Language) -> ImmutableSandboxedEnvironment:
    from jinja2 import ChainableUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from dutydesk import templating

    class NotKnown(ChainableUndefined):
        def __str__(self) -> str:
            return NOT_KNOWN.in_(language)

    class Environment(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**", "%"})

        def call_binop(self, _: Context, operator: str, *__: object) -> NoReturn:
            raise SecurityError(f"{operator} is not available in a text")

        def is_safe_callable(self, _: object) -> bool:
            return False

    environment = Environment(undefined=NotKnown, autoescape=False)
    environment.filters = templating.filters(_FILTERS)
    return environment
