"""The JSON Schema of the playbook language, for editors that check and complete while one writes."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from dutydesk.playbooks.syntax import FragmentNode, PlaybookNode


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a playbook's or a fragment's file."""
    adapter: TypeAdapter[PlaybookNode | FragmentNode] = TypeAdapter(PlaybookNode | FragmentNode)
    body = adapter.json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dutydesk playbook",
        "description": "A playbook, or a fragment that playbooks include. See docs/playbook-language.md.",
        **body,
    }
