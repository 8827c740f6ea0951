"""Small playbooks for the tests, and the shipped ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from dutydesk.playbooks.catalogue import Catalogue, catalogue
from dutydesk.playbooks.language import parse
from dutydesk.playbooks.playbook import Playbook
from dutydesk.playbooks.walk import Action, RunEvent
from dutydesk.resources import data_dir

START = datetime(2026, 11, 23, 18, 40, tzinfo=UTC)

SMALL = """\
id: small
version: 1
title: {zh: 小流程, en: small}
applies_to: {types: [hazmat]}
source: 测试
verified: false
facts:
  - {id: leaking, type: boolean, label: {zh: 在漏吗, en: leaking}}
  - {id: tonnes, type: number, label: {zh: 吨数, en: tonnes}, unit: {zh: 吨, en: t}}
  - id: product
    type: choice
    label: {zh: 品名, en: product}
    options:
      - {id: chlorine, label: {zh: 氯气, en: chlorine}}
      - {id: other, label: {zh: 其他, en: other}}
phases:
  - id: first
    title: {zh: 先, en: first}
    steps:
      - {id: log, kind: do, title: {zh: 登记, en: log}, must: true, within: 5m, source: 测试, verified: true}
      - {id: ask_leak, kind: ask, fact: leaking, title: {zh: 问, en: a}, needs: [log],
         source: s, verified: true}
      - {id: ask_tonnes, kind: ask, fact: tonnes, when: leaking, title: {zh: 问, en: a},
         source: s, verified: true}
      - {id: ask_product, kind: ask, fact: product, title: {zh: 问, en: a},
         source: s, verified: true}
  - id: then
    title: {zh: 后, en: then}
    steps:
      - id: stop
        kind: do
        title: {zh: 堵漏, en: stop it}
        when: leaking
        within: 10m
        cautions: [{zh: 不要用水, en: no water}]
        source: 测试
        verified: true
      - {id: big, kind: do, title: {zh: 大量, en: big}, when: tonnes >= 10, source: 测试, verified: true}
      - id: call
        kind: call
        whom: {group: fire}
        say: {zh: "{{ place }}漏了{{ tonnes }}吨", en: "{{ tonnes }} t at {{ place }}"}
        title: {zh: 打电话, en: call}
        must: true
        within: 30m
        from: start
        source: 测试
        verified: true
      - id: graver
        kind: do
        title: {zh: 升级, en: graver}
        when: graded && level <= 3
        within: 15m
        source: 测试
        verified: true
  - id: last
    title: {zh: 完, en: last}
    needs: [first]
    steps:
      - {id: close, kind: do, title: {zh: 收尾, en: close}, source: 测试, verified: true}
"""


def small() -> Playbook:
    return parse(SMALL, file="small.yaml")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def event(minutes: float, step: str, action: Action, value: object = None, reason: str = "") -> RunEvent:
    return RunEvent(step, action, value, reason, at(minutes), "值班员甲")


def shipped_texts() -> dict[str, str]:
    root = data_dir("playbooks")
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in _yaml_files(root)}


def _yaml_files(root: Path) -> list[Path]:
    return sorted(root.rglob("*.yaml"))


def shipped() -> Catalogue:
    return catalogue(shipped_texts())
