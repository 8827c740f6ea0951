"""The playbook language as it is written: what a YAML file may say, key by key. The JSON Schema's source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from dutydesk.model.enums import FactType
from dutydesk.playbooks.durations import PATTERN, parse_span
from dutydesk.playbooks.playbook import Means, Within

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _a_span(text: str) -> str:
    parse_span(text)
    return text


Span = Annotated[str, AfterValidator(_a_span), Field(json_schema_extra={"pattern": PATTERN})]


class Node(BaseModel):
    """Any mapping of the language: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Bilingual(Node):
    """A text in Chinese and English. `playbook check` reports a missing English."""

    zh: Words
    en: str = ""


class OptionNode(Node):
    id: Identifier
    label: Bilingual


class FactNode(Node):
    """Something the run asks for and conditions and texts may use."""

    id: Identifier
    type: Annotated[FactType, Field(strict=False)]
    label: Bilingual
    unit: Bilingual | None = Field(None, description="Shown after a number.")
    options: list[OptionNode] = Field([], description="For type choice, and there required.")


class AppliesTo(Node):
    types: list[Code] = Field(min_length=1, description="Event type codes of the district's reference data.")
    when: Words | None = Field(None, description="CEL over the incident; narrows the types.")


class WhomNode(Node):
    """Exactly one of: a contact group, an organisation, or somebody in words (zh, en)."""

    group: Code | None = None
    organisation: Code | None = None
    zh: Words | None = None
    en: str = ""


class StepNode(Node):
    """What every kind of step has."""

    id: Identifier
    title: Bilingual = Field(description="Short and imperative: up to 20 Chinese characters.")
    source: Words = Field(description="Where the step comes from: statute and article, plan, or practice.")
    verified: bool = Field(description="Whether the source was read and says so.")
    detail: Bilingual | None = None
    when: Words | None = Field(
        None, description="CEL over facts and the incident; the step applies where it is true."
    )
    within: Span | None = Field(None, description="Due this long after `from`: 45s, 10m, 1h30m, 2d.")
    from_: Annotated[Within, Field(strict=False)] = Field(
        Within.READY,
        alias="from",
        description="What `within` counts from: the step being ready, or the run's start.",
    )
    cautions: list[Bilingual] = Field([], description="To be read before the step is ticked off.")
    must: bool = Field(False, description="A must step cannot be skipped; any other needs a reason.")
    needs: list[Identifier] = Field([], description="Steps that have to be settled first.")


class DoNode(StepNode):
    """Something to be done and ticked off."""

    kind: Literal["do"]


class AskNode(StepNode):
    """A question whose answer becomes a fact."""

    kind: Literal["ask"]
    fact: Identifier


class CallNode(StepNode):
    """A telephone call; its outcome is recorded."""

    kind: Literal["call"]
    whom: WhomNode
    say: Bilingual | None = Field(None, description="What to say: a sandboxed Jinja template.")


class NotifyNode(StepNode):
    """A notice to contact groups."""

    kind: Literal["notify"]
    groups: list[Code] = Field(min_length=1)
    template: Code = Field(description="Id of a notice template.")
    confirm: bool = Field(False, description="Recipients have to confirm.")
    urgent: bool = False


class ReportNode(StepNode):
    """A report upward, with the deadline rules it meets and the text to read out or send."""

    kind: Literal["report"]
    to: Bilingual
    means: Annotated[Means, Field(strict=False)]
    meets: list[Code] = Field([], description="Deadline rules that this report meets.")
    text: Bilingual = Field(description="A sandboxed Jinja template.")


class SlotNode(Node):
    """A place where an including playbook puts its own steps. Only in fragments."""

    slot: Identifier


class IncludeNode(Node):
    """Another file's phases (or steps) written in here."""

    include: Words = Field(description="A fragment's path, counted from the playbooks directory.")
    slots: dict[Identifier, list[StepItem]] = Field({}, description="Own steps for the fragment's slots.")


_STEP_KINDS = ("do", "ask", "call", "notify", "report")


def _item_kind(value: object) -> str:
    """Which node an entry of a list of steps is. A missing or wrong kind is judged as ``do``, whose
    message then lists what is wrong with ``kind``."""
    if isinstance(value, dict):
        if "slot" in value:
            return "a slot"
        if "include" in value:
            return "an include"
        kind = value.get("kind")
        return kind if kind in _STEP_KINDS else "do"
    if isinstance(value, SlotNode):
        return "a slot"
    return "an include" if isinstance(value, IncludeNode) else str(getattr(value, "kind", "do"))


StepItem = Annotated[
    Annotated[DoNode, Tag("do")]
    | Annotated[AskNode, Tag("ask")]
    | Annotated[CallNode, Tag("call")]
    | Annotated[NotifyNode, Tag("notify")]
    | Annotated[ReportNode, Tag("report")]
    | Annotated[SlotNode, Tag("a slot")]
    | Annotated[IncludeNode, Tag("an include")],
    Discriminator(_item_kind),
]


class PhaseNode(Node):
    """A named part. It opens when the phases in `needs` are through; without `needs` it is open at once."""

    id: Identifier
    title: Bilingual
    needs: list[Identifier] = []
    steps: list[StepItem] = []


def _phase_kind(value: object) -> str:
    included = "include" in value if isinstance(value, dict) else isinstance(value, IncludeNode)
    return "an include" if included else "a phase"


PhaseItem = Annotated[
    Annotated[PhaseNode, Tag("a phase")] | Annotated[IncludeNode, Tag("an include")],
    Discriminator(_phase_kind),
]


class PlaybookNode(Node):
    """A playbook file."""

    language: Literal[1] = Field(1, description="Version of the playbook language.")
    id: Identifier
    version: int = Field(ge=1)
    title: Bilingual
    applies_to: AppliesTo
    source: Words
    verified: bool
    facts: list[FactNode] = []
    phases: list[PhaseItem] = Field(min_length=1)


class FragmentNode(Node):
    """A fragment file: phases, or steps, to be written into playbooks."""

    language: Literal[1] = 1
    fragment: Identifier
    facts: list[FactNode] = []
    phases: list[PhaseItem] = []
    steps: list[StepItem] = []


IncludeNode.model_rebuild()
