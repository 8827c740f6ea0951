"""A playbook as a picture."""

from __future__ import annotations

from dutydesk.playbooks.graph import mermaid
from dutydesk.playbooks.language import parse
from tests.playbooks.books import SMALL, small


def test_the_flowchart_shows_phases_needs_and_conditions() -> None:
    drawn = mermaid(small(), "en").splitlines()
    assert drawn[0] == "flowchart TD"
    assert '  subgraph phase_first["first"]' in drawn
    assert "  step_log --> step_ask_leak" in drawn
    assert '  step_ask_leak -. "leaking" .-> step_stop' in drawn
    assert "  phase_first --> phase_last" in drawn
    assert "  class step_log,step_call must" in drawn


def test_a_title_cannot_write_the_chart_itself() -> None:
    wild = parse(
        SMALL.replace("{zh: 堵漏, en: stop it}", "{zh: '\"] --> x[/紧急]', en: x}"), file="wild.yaml"
    )
    line = next(line for line in mermaid(wild).splitlines() if "step_stop" in line)
    assert line.count('"') == 2
    assert "-->" not in line
