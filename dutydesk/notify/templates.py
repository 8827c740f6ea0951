"""Templates written by the district, filled with facts from outside. Facts are data: never a template
themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dutydesk import templating
from dutydesk.model.errors import BadInput

MAX_CHARACTERS: Final = templating.LONGEST
"""The longest text a template may make. A longer notice is a document, not a notice."""

_NAME: Final = re.compile(r"'([^']*)' is undefined|has no attribute '([^']*)'")


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, where ``*`` and ``%`` are for numbers and nothing can be called."""

    intercepted_binops = frozenset(("*", "%"))

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            raise SecurityError(f"{operator} is for numbers only")
        return super().call_binop(context, operator, left, right)


def _make_environment() -> _Sandbox:
    sandbox = _Sandbox(
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sandbox.globals.clear()
    sandbox.filters = templating.filters(templating.NAMES)
    return sandbox


_SANDBOX: Final = _make_environment()


@lru_cache(maxsize=512)
def compiled(source: str) -> Template:
    """``source`` as a template.

    Raises BadInput: with the line when its syntax is wrong, and for what a text has no need of.
    """
    try:
        return _SANDBOX.from_string(templating.parsed(_SANDBOX, source))
    except TemplateSyntaxError as fault:
        raise BadInput(
            "The template is wrong in line {line}: {what}.", line=fault.lineno, what=fault.message
        ) from None


def fill(template: Template, facts: Mapping[str, object]) -> str:
    """The text that ``template`` makes of ``facts``.

    Raises BadInput naming the missing fact, or saying why the template cannot be filled.
    """
    pieces: list[str] = []
    length = 0
    try:
        for piece in template.generate(facts):
            length += len(piece)
            if length > MAX_CHARACTERS:
                raise BadInput("The template makes more than {limit} characters.", limit=MAX_CHARACTERS)
            pieces.append(piece)
    except UndefinedError as fault:
        found = _NAME.search(fault.message or "")
        name = (found.group(1) or found.group(2)) if found else fault.message or ""
        raise BadInput(
            "The template needs the fact {name}, which is not known: fill it in.", name=name
        ) from None
    except (TemplateError, ArithmeticError, TypeError, ValueError, AttributeError, LookupError) as fault:
        raise BadInput("The template cannot be filled: {what}.", what=str(fault)[:200]) from None
    return "".join(pieces)


def render(template_body: str, facts: Mapping[str, object]) -> str:
    """The notice text that ``template_body`` (Jinja, sandboxed, nothing escaped) makes of ``facts``.

    Raises BadInput: a syntax fault with its line, a missing fact by name, or a text over MAX_CHARACTERS.
    """
    return fill(compiled(template_body), facts)
