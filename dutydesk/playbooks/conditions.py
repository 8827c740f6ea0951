"""``when``: CEL conditions, restricted to comparing and combining, checked when a playbook is loaded and
three-valued when it is walked."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dutydesk.i18n import Said
from dutydesk.model.enums import FactType
from dutydesk.playbooks.names import FIGURES, Domain, Facts

if TYPE_CHECKING:
    from cel import Program

# No arithmetic, indexing or loops: a condition can then fail for no other reason than an unknown value.
_LOGIC = ("_&&_", "_||_", "!_", "_?_:_")
_COMPARISONS = ("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "contains", "startsWith", "endsWith")
_FUNCTIONS: Final = frozenset((*_LOGIC, *_COMPARISONS))
_MOST_PROBES: Final = 2_000
_TOKEN = re.compile(
    r"""\s+ | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
      | (?P<mark>==|!=|<=|>=|&&|\|\||.)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_UNSTATED: Final = object()
_WORDS: Final = frozenset({"true", "false", "null", "in", "has"})
_TYPE_NAMES: Final = {
    FactType.TEXT: Said("a text"),
    FactType.CHOICE: Said("a choice"),
    FactType.TIME: Said("a time"),
    FactType.NUMBER: Said("a number"),
    FactType.BOOLEAN: Said("true or false"),
}


class BadCondition(ValueError):
    """A condition that cannot be taken; ``what`` says what is wrong with it."""

    def __init__(self, what: Said) -> None:
        super().__init__(what)
        self.what = what


def truth(source: str, known: Facts) -> bool | None:
    """Whether ``source`` holds, or None where a value it hangs on is not ``known``.

    ``a && b`` is false as soon as either is, ``a || b`` true as soon as either is, whatever else is unknown.
    """
    from_names = names(source)
    stated = {name: known[name] for name in from_names if name in known}
    try:
        result = _program(source).execute(_context(stated))
    except (RuntimeError, KeyError, ValueError):
        if any(name not in known for name in from_names):
            return None
        raise
    if not isinstance(result, bool):
        raise BadCondition(Said("the condition {source!r} is neither true nor false", source=source))
    return result


def can_settle(source: str, known: Facts, coming: Mapping[str, Domain]) -> bool:
    """Whether ``source``, undecided by what is ``known``, could be decided by the names ``coming`` alone."""
    rest = {name: value for name, value in known.items() if name not in coming}
    for values in itertools.islice(_values(tuple(coming), coming, source), _MOST_PROBES):
        if truth(source, {**rest, **values}) is not None:
            return True
    return False


@lru_cache(maxsize=1024)
def names(source: str) -> tuple[str, ...]:
    """The names ``source`` refers to, figures dotted, in the order they appear. Needs no CEL library."""
    found: dict[str, None] = {}
    tokens = _tokens(source)
    for index, (kind, word) in enumerate(tokens):
        if kind != "path" or word in _WORDS:
            continue
        called = index + 1 < len(tokens) and tokens[index + 1][1] == "("
        name = word.rpartition(".")[0] if called else word
        if name:
            found[name] = None
    return tuple(found)


@lru_cache(maxsize=1024)
def guarded(source: str) -> frozenset[str]:
    """The names whose being unknown ``source`` provides for with ``has(…)``: nothing waits for them."""
    words = [word for _, word in _tokens(source)]
    return frozenset(words[at + 2] for at, word in enumerate(words[:-2]) if word == "has")


def check(source: str, domains: Mapping[str, Domain]) -> None:
    """Raises BadCondition when ``source`` does not parse, uses a name or operation that does not exist here,
    clashes in types, is not true-or-false, or can never be true."""
    program = _program(source)
    references = program.references()
    for function in references["functions"]:
        if function not in _FUNCTIONS:
            raise BadCondition(
                Said(
                    "{operation!r} is not available in a condition: compare values and combine them with &&, "
                    "|| and !",
                    operation=function.strip("_"),
                )
            )
    used = names(source)
    for name in used:
        if name not in domains:
            if name.split(".")[0] == "figures":
                raise BadCondition(Said("{name!r} is no figure: write it like figures.deaths", name=name))
            raise BadCondition(
                Said("{name!r} is no fact or incident name: define it under facts or correct it", name=name)
            )
    _check_literals(source, domains)
    _probe(source, program, used, domains)


def _context(values: Mapping[str, object]) -> dict[str, object]:
    """``values`` as CEL reaches them: figures as fields of one name."""
    plain = {name: value for name, value in values.items() if not name.startswith(FIGURES)}
    figures = {
        name.removeprefix(FIGURES): value for name, value in values.items() if name.startswith(FIGURES)
    }
    return {**plain, "figures": figures}


@lru_cache(maxsize=1024)
def _program(source: str) -> Program:
    import cel  # costs 0.2 s, so only where a condition is really needed

    try:
        return cel.compile(source)
    except ValueError as error:
        told = re.search(
            r"<input>:(\d+):(\d+): Syntax error: (.*?)(?: expecting \{.*)?$", str(error), re.MULTILINE
        )
        what = (
            Said(
                "the condition {source!r} has a syntax error at column {column}: {what}",
                source=source,
                column=told[2],
                what=told[3],
            )
            if told
            else Said(
                "the condition {source!r} has a syntax error: {what}",
                source=source,
                what=str(error).splitlines()[0],
            )
        )
        raise BadCondition(what) from error


@lru_cache(maxsize=1024)
def _tokens(source: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (match.lastgroup, match.group()) for match in _TOKEN.finditer(source) if match.lastgroup is not None
    )


def _operand(token: tuple[str, str], domains: Mapping[str, Domain]) -> Domain | None:
    kind, word = token
    if kind == "text":
        return Domain(FactType.TEXT)
    if kind == "number":
        return Domain(FactType.NUMBER)
    if word in ("true", "false"):
        return Domain(FactType.BOOLEAN)
    return domains.get(word) if kind == "path" else None


def _check_literals(source: str, domains: Mapping[str, Domain]) -> None:
    """CEL finds ``3 == "3"`` merely false; here that is a mistake, and so is a choice that is no option."""
    tokens = _tokens(source)
    for index, (_, word) in enumerate(tokens[1:-1], start=1):
        left = _operand(tokens[index - 1], domains)
        if left is None:
            continue
        if word in ("==", "!="):
            _check_pair(tokens[index - 1][1], left, tokens[index + 1], domains)
            continue
        if word == "in" and tokens[index + 1][1] == "[":
            for token in itertools.takewhile(lambda token: token[1] != "]", tokens[index + 2 :]):
                _check_pair(tokens[index - 1][1], left, token, domains)


def _check_pair(name: str, left: Domain, token: tuple[str, str], domains: Mapping[str, Domain]) -> None:
    right = _operand(token, domains)
    if right is None:
        return
    if _family(left.type) != _family(right.type):
        raise BadCondition(
            Said(
                "{left} is {its_type} and {right} is {other_type}",
                left=name,
                its_type=_TYPE_NAMES[left.type],
                right=token[1],
                other_type=_TYPE_NAMES[right.type],
            )
        )
    for domain, (kind, word), of in ((left, token, name), (right, ("text", name), token[1])):
        if domain.options and kind == "text" and word[0] in "\"'" and word[1:-1] not in domain.options:
            options = ", ".join(domain.options)
            raise BadCondition(
                Said(
                    "{word} is no option of {fact}: choose from {options}",
                    word=word,
                    fact=of,
                    options=options,
                )
            )


def _family(kind: FactType) -> FactType:
    return FactType.TEXT if kind in (FactType.CHOICE, FactType.TIME) else kind


def _samples(name: str, domain: Domain, source: str) -> tuple[object, ...]:
    """Values of ``domain`` on each side of every boundary that ``source`` draws."""
    tokens = _tokens(source)
    if domain.type is FactType.BOOLEAN:
        return (True, False)
    if domain.options:
        return domain.options
    if domain.type is FactType.NUMBER:
        if name in ("level", "possible_level", "response_level"):
            return (1, 2, 3, 4)
        drawn = {float(word) for kind, word in tokens if kind == "number"}
        unstated = (_UNSTATED,) if name.startswith(FIGURES) else ()
        return unstated + tuple(
            sorted({near for value in drawn for near in (value - 1, value, value + 1, -value)} | {0.0})
        )
    drawn_texts = dict.fromkeys(word[1:-1] for kind, word in tokens if kind == "text")
    return (
        "",
        "…",
        *drawn_texts,
        *(f"{text}…" for text in drawn_texts),
        *(f"…{text}" for text in drawn_texts),
    )


def _values(used: tuple[str, ...], domains: Mapping[str, Domain], source: str) -> Iterator[dict[str, object]]:
    """Values for ``used`` in every combination that tells; an unstated figure has none."""
    for values in itertools.product(*(_samples(name, domains[name], source) for name in used)):
        yield {name: value for name, value in zip(used, values, strict=True) if value is not _UNSTATED}


def _probe(source: str, program: Program, used: tuple[str, ...], domains: Mapping[str, Domain]) -> None:
    """CEL tells a type clash only when it gets there, so go everywhere."""
    ever_true = False
    count = 0
    for values in itertools.islice(_values(used, domains, source), _MOST_PROBES):
        count += 1
        try:
            result = program.execute(_context(values))
        except KeyError:
            continue  # an unstated figure: unknown, and so neither true nor a clash
        except TypeError as error:
            told = ", ".join(f"{name}: {domains[name].type}" for name in used)
            raise BadCondition(
                Said("the types in {source!r} do not fit together ({told})", source=source, told=told)
            ) from error
        if not isinstance(result, bool):
            raise BadCondition(Said("the condition {source!r} is neither true nor false", source=source))
        ever_true = ever_true or result
    if not ever_true and count < _MOST_PROBES:
        raise BadCondition(Said("the condition {source!r} can never be true", source=source))
