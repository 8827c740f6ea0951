"""What may stand under ``http:`` of a channel: the request, and what its answer means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dutydesk.i18n import N_, Said
from dutydesk.model.errors import DeskError
from dutydesk.notify.templates import compiled, render
from dutydesk.notify.url_check import fault_of

_DEFAULT_BODY: dict[str, Any] = {
    "address": "{{ address }}",
    "title": "{{ title }}",
    "body": "{{ body }}",
}
_FILLS_BODY = re.compile(r"\{[{%][^}]*\bbody\b")
_METHOD = re.compile(r"GET|POST|PUT|PATCH")
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FRAMING = frozenset({"content-length", "transfer-encoding", "expect", "upgrade", "trailer", "te"})
"""Headers that say where a message ends and how it is carried: of one with a false length a part is taken."""

Scalar = str | int | float | bool | None


class Strict(BaseModel):
    """Unknown keys are refused, values do not change, and neither repr nor an error shows one."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return []


class AnswerRule(Strict):
    """What an answer must be like; all that is stated must hold. ``json`` maps a dotted path to the value
    wanted there, or to a list of such values. ``text`` is a regular expression sought in the answer."""

    status: tuple[int, ...] = ()
    body: dict[str, Scalar | tuple[Scalar, ...]] = Field(default_factory=dict, alias="json")
    text: str = ""

    @field_validator("status", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, int) else value

    @field_validator("text")
    @classmethod
    def _is_expression(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error:
            raise ValueError(N_("not a regular expression")) from None
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.status or self.body or self.text):
            raise ValueError(N_("state at least one of status, json, text"))
        return self

    @property
    def reads_body(self) -> bool:
        """Whether the answer's body has to be read to judge it."""
        return bool(self.body or self.text)


class HttpSpec(Strict):
    """The own HTTP adapter. Text values are Jinja templates over ``address``, ``title``, ``body``,
    ``delivery``, ``broadcast``, ``drill`` and ``urgent``.

    ======================  =================================================================================
    ``url``                 http(s); ``{address}`` is quoted in; host and port are fixed
    ``method``              ``POST`` (default), ``GET``, ``PUT``, ``PATCH``
    ``headers``             name: value
    ``query``               name: value, added to the URL
    ``body``                a mapping or list is sent as JSON, its texts filled one by one, so that no value
                            can break out; a text is sent as filled. Default: address, title, body
    ``form``                name: value, sent as a form
    ``accepted``            the answer that counts as taken; default: any 2xx
    ``refused``             the answer that is a refusal for good
    ``try_again``           the answer that asks to wait, such as a gateway's own rate-limit code
    ``code``, ``reason``    dotted paths of the gateway's code and explanation in its JSON answer
    ``gateway_id``          dotted path of the gateway's own number for the message
    ``verify``              check the certificate (default true)
    ======================  =================================================================================
    """

    url: str = Field(min_length=8)
    method: str = "POST"
    headers: dict[str, str] = Field(default_factory=dict)
    query: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] | list[Any] | str | None = None
    form: dict[str, str] | None = None
    accepted: AnswerRule | None = None
    refused: AnswerRule | None = None
    try_again: AnswerRule | None = None
    code: str = ""
    reason: str = ""
    gateway_id: str = ""
    verify: bool = True

    @field_validator("url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not value.lower().startswith(("http://", "https://")):
            raise ValueError(N_("the HTTP adapter's url begins with http:// or https://"))
        if fault := fault_of(value):
            raise ValueError(fault)
        return value

    @field_validator("method", mode="after")
    @classmethod
    def _is_method(cls, value: str) -> str:
        if not _METHOD.fullmatch(value.upper()):
            raise ValueError(N_("method is POST, GET, PUT or PATCH"))
        return value.upper()

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            if not _HEADER_NAME.fullmatch(name) or not text.isprintable():
                raise ValueError(N_("a header has a plain name and a value on one line"))
            if name.lower() in _FRAMING:
                raise ValueError(
                    N_("Content-Length and the like are the desk's own to state: leave them out")
                )
            _check_template(text)
        return value

    @field_validator("query", "form")
    @classmethod
    def _are_templates(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        for text in (value or {}).values():
            _check_template(text)
        return value

    @field_validator("body")
    @classmethod
    def _is_body(cls, value: Any) -> Any:
        _check_body(value)
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            _check_json_text(value)
        return value

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.form is not None and self.body is not None:
            raise ValueError(N_("state body or form, not both"))
        if self.method == "GET" and (self.form is not None or self.body is not None):
            raise ValueError(N_("GET has no body: use query"))
        return self

    @model_validator(mode="after")
    def _carries_the_message(self) -> Self:
        stated = (self.query, self.headers, self.form or {}, self.content)
        if not any(_FILLS_BODY.search(text) for value in stated for text in _texts(value)):
            raise ValueError(N_("nothing here has {{ body }}: the message would not be carried"))
        return self

    @property
    def content(self) -> dict[str, Any] | list[Any] | str | None:
        """The body's template: the one stated, or the default where neither body nor form is."""
        if self.body is not None or self.form is not None or self.method == "GET":
            return self.body
        return _DEFAULT_BODY


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def probe(marker: str) -> dict[str, object]:
    """Facts to try a template on: every text value is ``marker``."""
    return {
        "address": marker, "title": marker, "body": marker,
        "delivery": 1, "broadcast": 1, "drill": False, "urgent": False,
    }  # fmt: skip


def _check_template(text: str) -> None:
    try:
        compiled(text)
        render(text, probe("x"))
    except DeskError as fault:
        raise ValueError(Said(fault.msgid, **fault.details)) from None


def _check_body(value: object) -> None:
    if isinstance(value, str):
        _check_template(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(N_("the keys of a body are texts: quote them"))  # noqa: TRY004 -- pydantic's own way
            _check_body(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_body(inner)
    elif value is not None and not isinstance(value, bool | int | float):
        raise ValueError(N_("a body has texts, numbers, true, false, null, lists and mappings only"))


def _check_json_text(text: str) -> None:
    """A JSON body written as one text must stand any value: a quote in a message must not break out of it."""
    advice = N_(
        "a value would break out of this JSON: write the body as a mapping, or fill values with | tojson"
    )
    shapes = []
    for marker in ("x", 'a"b\\\n', '","x":"'):
        try:
            shapes.append(_shape(json.loads(render(text, probe(marker)))))
        except (ValueError, DeskError):
            raise ValueError(advice) from None
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError(advice)


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return type(value).__name__
