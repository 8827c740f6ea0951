"""The shape of a YAML contact file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1)
    org: str = ""
    duty: str = ""
    groups: list[str] = []
    addresses: dict[str, str] = {}


class ContactFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    contacts: list[Person]
