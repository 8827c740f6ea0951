"""Writes included fragments into a playbook, remembering for every piece which file and line it came from."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dutydesk import yamldoc
from dutydesk.i18n import N_, Said
from dutydesk.model.errors import Fault, FaultyFile, NotFound
from dutydesk.playbooks.syntax import (
    FactNode,
    FragmentNode,
    IncludeNode,
    PhaseItem,
    PhaseNode,
    PlaybookNode,
    SlotNode,
    StepItem,
    StepNode,
)

Include = Callable[[str], str]
"""Gives the text of the fragment at a path counted from the playbooks directory; raises NotFound,
LookupError or OSError when there is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written."""

    document: yamldoc.Document
    path: yamldoc.Path

    def fault(self, what: str, *below: str | int) -> Fault:
        """A fault here, or at the key ``below``."""
        return self.document.fault((*self.path, *below), what)


@dataclass(frozen=True, slots=True)
class PlacedStep:
    node: StepNode
    place: Place


@dataclass(frozen=True, slots=True)
class PlacedPhase:
    node: PhaseNode
    place: Place
    steps: tuple[PlacedStep, ...]


@dataclass(frozen=True, slots=True)
class PlacedFact:
    node: FactNode
    place: Place


@dataclass(slots=True)
class Draft:
    """A playbook with its includes written in, not yet checked as a whole. ``incomplete``: a fragment could
    not be written in, so what looks missing may be there."""

    node: PlaybookNode
    place: Place
    phases: list[PlacedPhase] = field(default_factory=list)
    facts: list[PlacedFact] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    incomplete: bool = False


_Fills = Mapping[str, Sequence[PlacedStep]]


Fragments = dict[str, tuple[FragmentNode, yamldoc.Document] | None]
"""Fragments already read, by path; None for one that could not be."""


def assemble(
    document: yamldoc.Document, include: Include | None, fragments: Fragments | None = None
) -> Draft:
    """The playbook in ``document`` with its includes written in. Raises FaultyFile when the playbook's own
    file does not follow the language; faults in fragments and includes are collected in the draft.

    ``fragments``, handed from one playbook to the next, spares reading the same fragment again; its faults
    are then told with the first playbook alone.
    """
    node = yamldoc.validated(document, PlaybookNode)
    draft = Draft(node, Place(document, ()))
    assembly = _Assembly(draft, include, {} if fragments is None else fragments)
    assembly.add_facts(node.facts, draft.place)
    draft.phases = assembly.phases(node.phases, Place(document, ("phases",)), {}, ())
    return draft


class _Assembly:
    """One playbook's includes. Every fragment is read once, however often it is included."""

    def __init__(self, draft: Draft, include: Include | None, fragments: Fragments) -> None:
        self._draft = draft
        self._include = include
        self._fragments = fragments
        self._facts_of: set[str] = set()

    def add_facts(self, facts: Sequence[FactNode], place: Place) -> None:
        for index, fact in enumerate(facts):
            self._draft.facts.append(PlacedFact(fact, Place(place.document, ("facts", index))))

    def phases(
        self, items: Sequence[PhaseItem], place: Place, fills: _Fills, inside: tuple[str, ...]
    ) -> list[PlacedPhase]:
        found: list[PlacedPhase] = []
        for index, item in enumerate(items):
            here = Place(place.document, (*place.path, index))
            if isinstance(item, PhaseNode):
                steps = self.steps(item.steps, Place(here.document, (*here.path, "steps")), fills, inside)
                found.append(PlacedPhase(item, here, tuple(steps)))
                continue
            opened = self._open(item, here, inside)
            if opened is None:
                continue
            fragment, document, name = opened
            if fragment.steps:
                self._fault(
                    here, N_("this fragment has steps, not phases: include it inside a phase's steps")
                )
                continue
            own = self._fills(item, here, fills, fragment, inside)
            found += self.phases(fragment.phases, Place(document, ("phases",)), own, (*inside, name))
        return found

    def steps(
        self, items: Sequence[StepItem], place: Place, fills: _Fills, inside: tuple[str, ...]
    ) -> list[PlacedStep]:
        found: list[PlacedStep] = []
        for index, item in enumerate(items):
            here = Place(place.document, (*place.path, index))
            if isinstance(item, SlotNode):
                if not inside:
                    self._fault(here, N_("a slot belongs in a fragment: write the steps themselves here"))
                found += fills.get(item.slot, ())
            elif isinstance(item, StepNode):
                found.append(PlacedStep(item, here))
            else:
                found += self._included_steps(item, here, fills, inside)
        return found

    def _included_steps(
        self, item: IncludeNode, here: Place, fills: _Fills, inside: tuple[str, ...]
    ) -> list[PlacedStep]:
        opened = self._open(item, here, inside)
        if opened is None:
            return []
        fragment, document, name = opened
        if fragment.phases:
            self._fault(here, N_("this fragment has phases, not steps: include it in the list of phases"))
            return []
        own = self._fills(item, here, fills, fragment, inside)
        return self.steps(fragment.steps, Place(document, ("steps",)), own, (*inside, name))

    def _fills(
        self,
        item: IncludeNode,
        here: Place,
        outer: _Fills,
        fragment: FragmentNode,
        inside: tuple[str, ...],
    ) -> _Fills:
        offered = _slots(fragment)
        for name in item.slots:
            if name not in offered:
                known = ", ".join(sorted(offered)) or "-"
                self._fault(
                    here,
                    Said("the fragment has no slot {name!r}; it has: {known}", name=name, known=known),
                    "slots",
                    name,
                )
        return {
            name: self.steps(steps, Place(here.document, (*here.path, "slots", name)), outer, inside)
            for name, steps in item.slots.items()
        }

    def _open(
        self, item: IncludeNode, here: Place, inside: tuple[str, ...]
    ) -> tuple[FragmentNode, yamldoc.Document, str] | None:
        opened = self._opened(item, here, inside)
        self._draft.incomplete = self._draft.incomplete or opened is None
        return opened

    def _opened(
        self, item: IncludeNode, here: Place, inside: tuple[str, ...]
    ) -> tuple[FragmentNode, yamldoc.Document, str] | None:
        name = posixpath.normpath(item.include)
        if name.startswith(("/", "..")):
            self._fault(
                here, Said("{path} lies outside the playbooks directory", path=item.include), "include"
            )
            return None
        if name in inside:
            self._fault(here, Said("includes itself: {way}", way=" > ".join((*inside, name))), "include")
            return None
        if name not in self._fragments:
            self._fragments[name] = self._read(name, here)
        opened = self._fragments[name]
        if opened is None:
            return None
        fragment, document = opened
        if name not in self._facts_of:
            self._facts_of.add(name)
            self.add_facts(fragment.facts, Place(document, ()))
        return fragment, document, name

    def _read(self, name: str, here: Place) -> tuple[FragmentNode, yamldoc.Document] | None:
        if self._include is None:
            self._fault(here, N_("nothing can be included here: this text must stand by itself"), "include")
            return None
        try:
            text = self._include(name)
        except (NotFound, LookupError, OSError):
            self._fault(here, Said("there is no file {name} among the playbooks", name=name), "include")
            return None
        try:
            document = yamldoc.read(text, name)
            return yamldoc.validated(document, FragmentNode), document
        except FaultyFile as faulty:
            self._draft.faults += faulty.faults
            return None

    def _fault(self, place: Place, what: str, *below: str | int) -> None:
        self._draft.faults.append(place.fault(what, *below))


def _slots(fragment: FragmentNode) -> set[str]:
    """The slots that ``fragment`` offers, also those it passes on into fragments of its own."""
    found: set[str] = set()
    waiting: list[PhaseItem | StepItem] = [*fragment.phases, *fragment.steps]
    while waiting:
        item = waiting.pop()
        if isinstance(item, SlotNode):
            found.add(item.slot)
        elif isinstance(item, PhaseNode):
            waiting += item.steps
        elif isinstance(item, IncludeNode):
            waiting += [step for steps in item.slots.values() for step in steps]
    return found
