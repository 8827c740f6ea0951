"""YAML whose every key and item knows its line, so that a fault in a district's file can be pointed at.

``read(text, file)`` gives a :class:`Document`, ``validated(document, Model)`` a pydantic model; both raise
``FaultyFile`` with every fault found.
"""

from dutydesk.yamldoc.document import Document, Mark, Path, spelled
from dutydesk.yamldoc.reading import read, read_file
from dutydesk.yamldoc.validation import check, did_you_mean, sentence, validated

__all__ = [
    "Document",
    "Mark",
    "Path",
    "check",
    "did_you_mean",
    "read",
    "read_file",
    "sentence",
    "spelled",
    "validated",
]
