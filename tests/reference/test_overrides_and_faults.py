"""A district changes the data in its home directory, entry by entry, and is told exactly what is wrong."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.errors import ConfigError, FaultyFile
from dutydesk.reference import check_all, load
from dutydesk.reference.spelling import span, time_of_day
from dutydesk.resources import data_dir


def write(directory: Path, name: str, text: str) -> None:
    (directory / name).write_text(text, encoding="utf-8")


def faults_of(directory: Path) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        load(directory)
    return [str(fault).replace(f"{directory}/", "") for fault in caught.value.faults]


def test_an_entry_with_a_known_id_replaces_the_shipped_one_whole_and_keeps_its_place(tmp_path: Path) -> None:
    write(tmp_path, "towns.yaml", "towns:\n- {code: taojia, name: {zh: 陶家镇}, pinyin: tjz, kind: town}\n")
    towns = load(tmp_path).towns
    assert towns["taojia"].name.zh == "陶家镇"
    assert towns["taojia"].aliases == ()
    assert list(towns) == list(load().towns)


def test_a_rule_is_switched_off_and_on_by_id_alone(tmp_path: Path) -> None:
    write(
        tmp_path,
        "deadlines.yaml",
        "deadline_rules:\n- {id: LOCAL_PHONE_30M, enabled: false}\n- {id: ND_FINAL, enabled: true}\n",
    )
    rules = load(tmp_path).deadline_rules
    assert not rules["LOCAL_PHONE_30M"].enabled
    assert rules["LOCAL_PHONE_30M"].limit == timedelta(minutes=30)
    assert rules["ND_FINAL"].enabled
    write(tmp_path, "towns.yaml", "towns: [{code: erlang, enabled: false}]\n")
    assert "erlang" not in load(tmp_path).towns


def test_later_directories_win(tmp_path: Path) -> None:
    for name, zh in (("city", "甲"), ("home", "乙")):
        (tmp_path / name).mkdir()
        write(tmp_path / name, "groups.yaml", f"groups: [{{code: fire, name: {{zh: {zh}}}}}]\n")
    assert load(tmp_path / "city", tmp_path / "home").groups["fire"].name.zh == "乙"


def test_faults_of_all_files_come_with_file_line_and_key(tmp_path: Path) -> None:
    write(
        tmp_path,
        "deadlines.yaml",
        """deadline_rules:
  - id: OWN
    name: {zh: 本地}
    kind: deadline
    trigger: {typs: [fire]}
    anchor: heard
    limit: 20 min
    at_times: [25]
    sender: {zh: 甲}
    receiver: {zh: 乙}
    source: ""
    verified: true
""",
    )
    write(
        tmp_path, "groups.yaml", "groups:\n  - code: a\n    name: {zh: 甲}\n  - code: a\n    name: {zh: 乙}\n"
    )
    write(tmp_path, "town.yaml", "towns: []\n")
    assert faults_of(tmp_path) == [
        'town.yaml:1: no file of the reference data has this name; did you mean "towns.yaml"?',
        'groups.yaml:4: "a" is already in line 2 (groups.1.code)',
        'deadlines.yaml:5: unknown key; did you mean "types"? (deadline_rules.0.trigger.typs)',
        "deadlines.yaml:6: \"heard\" is not one of 'occurred', 'received', 'told' or 'graded' "
        "(deadline_rules.0.anchor)",
        "deadlines.yaml:7: must be a span such as 30m, 1h, 2d or 1h30m (deadline_rules.0.limit)",
        'deadlines.yaml:8: must be a local time such as "09:00", in quotes (deadline_rules.0.at_times.0)',
        "deadlines.yaml:11: must not be empty (deadline_rules.0.source)",
    ]


def test_names_that_refer_to_nothing(tmp_path: Path) -> None:
    write(
        tmp_path,
        "towns.yaml",
        "towns:\n- {code: x, name: {zh: 甲}, pinyin: X1, kind: vilage, run_by: hitech-zone}\n"
        "- {code: y, name: {zh: 乙}, pinyin: y, kind: town, aliases: [陶家]}\n",
    )
    write(
        tmp_path,
        "organisations.yaml",
        "organisations:\n- {code: o, name: {zh: 甲}, kind: firm, verified: false, types: [fires]}\n",
    )
    write(
        tmp_path,
        "contacts.sample.yaml",
        "sample_contacts:\n- {name: 示例, org: o, duty: d, groups: [duty_rom], addresses: {}}\n",
    )
    write(
        tmp_path,
        "escalation.yaml",
        """escalation_policies:
  - id: deadline
    name: {zh: 升级}
    kinds: [deadline]
    acknowledgement_lasts: 0m
    repeat: 5m
    levels:
      - {after: 5m, groups: [shift_chef], name: {zh: 值班长}}
      - {after: 5m, groups: [], name: {zh: 无人}}
  - id: empty
    name: {zh: 空}
    kinds: [step]
    acknowledgement_lasts: 1m
    repeat: 5m
    levels: []
""",
    )
    found = faults_of(tmp_path)
    assert found == [
        'escalation.yaml:8: there is no group "shift_chef"; did you mean "shift_chief"? '
        "(escalation_policies.0.levels.0.groups.0)",
        "escalation.yaml:9: tells nobody: name a group (escalation_policies.0.levels.1.groups)",
        "escalation.yaml:9: must be later than the level before it (escalation_policies.0.levels.1.after)",
        "escalation.yaml:5: must be above zero (escalation_policies.0.acknowledgement_lasts)",
        "escalation.yaml:15: needs at least one level (escalation_policies.1.levels)",
        'towns.yaml:2: "vilage" is not one of subdistrict, town (towns.0.kind)',
        "towns.yaml:2: must be the initials in small Latin letters, such as yjp (towns.0.pinyin)",
        'towns.yaml:2: there is no routing rule "hitech-zone"; did you mean "hi-tech-zone"? (towns.0.run_by)',
        'towns.yaml:3: "陶家" already means taojia (towns.1.aliases)',
        'organisations.yaml:2: "firm" is not one of command, department (organisations.0.kind)',
        'organisations.yaml:2: there is no event type "fires"; did you mean "fire"? '
        "(organisations.0.types.0)",
        'contacts.sample.yaml:2: there is no group "duty_rom"; did you mean "duty_room"? '
        "(sample_contacts.0.groups.0)",
    ]


TABLE = """grading_tables:
  - id: mine
    name: {{zh: 我}}
    types: [{types}]
    level_names: {{1: {{zh: 一}}, 2: {{zh: 二}}, 3: {{zh: 三}}, 4: {{zh: 四}}}}
    rules:
{rules}
"""


def row(rule: str, *, sure: str = "source: s, verified: false") -> str:
    return f"    - {{{rule}, {sure}}}"


LOW = row("id: a, level: 4, indicator: deaths, low: 0, high: 3")


@pytest.mark.parametrize(
    ("rules", "what"),
    [
        ((LOW, row("id: b, level: 3, indicator: deaths, low: 4")), "8: leaves a gap from 3 to 4 above a"),
        ((LOW, row("id: b, level: 3, indicator: deaths, low: 2")), "8: overlaps a (from 0)"),
        ((LOW, row("id: b, level: 4, indicator: deaths, low: 3")), "8: must be graver than level 4 of a"),
        ((LOW,), "7: nothing grades what lies above"),
        ((row("id: a, level: 4, indicator: deaths, low: 3, high: 3"),), "7: must be above low (3)"),
        (
            (row("id: a, level: 1, indicator: loss_wan, low: 100000000"),),
            "7: 100000000 is too much: loss_wan is in ten thousand yuan",
        ),
        ((row("id: a, level: 4, indicator: stuck_hours, low: 7200"),), "7: 7200 is too much: stuck_hours is"),
        ((row("id: a, level: 1, indicator: area_ha, low: 10000000"),), "7: 10000000 is too much: area_ha is"),
        ((row("id: a, level: 4, indicator: deaths, low: -1"),), "7: must not be below zero"),
        ((row("id: a, level: 2, indicator: magnitude, low: 50"),), "7: 50 is too much: magnitude is"),
        (
            (row("id: a, level: 4, indicator: deaths, low: 1, possible_until_known: true"),),
            "7: needs a marker",
        ),
        ((row("id: a, level: 4, marker: m, possible_until_known: true"),), "7: needs an indicator"),
        ((row("id: a, level: 4"),), "7: needs an indicator or a marker"),
        ((row("id: a, level: 4, marker: m, low: 3"),), "7: low and high need an indicator"),
        (
            (row("id: a, level: 4, marker: m", sure="source: 某页（未核实）, verified: true"),),
            "7: the source says",
        ),
        ((row("id: a, level: 4, marker: m"), row("id: a, level: 4, marker: n")), '8: "a" is used twice'),
        ((row("id: a, level: 5, marker: m"),), '7: "5" is not one of 1, 2, 3 or 4'),
        ((row("id: a, level: 4, marker: m", sure="source: s, verified: 1"),), "7: must be true or false"),
    ],
)
def test_intervals_meet_and_what_is_unverified_says_so(
    tmp_path: Path, rules: tuple[str, ...], what: str
) -> None:
    write(tmp_path, "grading.yaml", TABLE.format(types="fire", rules="\n".join(rules)))
    [fault] = faults_of(tmp_path)
    assert fault.startswith(f"grading.yaml:{what}")


def test_a_sparse_district_judges_earthquakes_by_the_other_steps(tmp_path: Path) -> None:
    write(
        tmp_path,
        "grading.yaml",
        "grading_tables:\n- {id: earthquake_magnitude, enabled: false}\n"
        "- {id: earthquake_magnitude_sparse, enabled: true}\n",
    )
    tables = {table.id: table for table in load(tmp_path).grading_tables}
    assert "earthquake_magnitude" not in tables
    steps = [(rule.low, int(rule.level)) for rule in tables["earthquake_magnitude_sparse"].rules]
    assert steps == [(7.0, 1), (6.0, 2), (5.0, 3), (4.0, 4)]
    assert "earthquake_magnitude_sparse" not in {table.id for table in load().grading_tables}


def test_a_district_says_how_it_is_called(tmp_path: Path) -> None:
    write(tmp_path, "towns.yaml", "district_names: [渝中]\n")
    assert load(tmp_path).district_names == ("渝中",)
    assert load().district_names == ("九龙坡",)


def test_a_table_for_a_type_that_is_never_graded(tmp_path: Path) -> None:
    write(
        tmp_path, "grading.yaml", TABLE.format(types="social_safety", rules=row("id: a, level: 4, marker: m"))
    )
    assert "is not graded" in faults_of(tmp_path)[0]


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("请{{ title", 4, "the template"),
        ("请{{ titel }}", 3, 'no notice has the fact "titel"; did you mean "title"?'),
        ("{% include 'x' %}{{ place }}", 4, 'the template: "include" is not available in a text'),
        ("{% for x in place %}{{ x }}{% endfor %}", 4, 'the template: "for" is not available in a text'),
        ("{{ place }}", 0, ""),
    ],
)
def test_a_template_of_the_district_is_checked(tmp_path: Path, body: str, line: int, what: str) -> None:
    text = f"templates:\n- id: own\n  body: |-\n    {body}\n  name: {{zh: 我}}\n"
    write(tmp_path, "templates.yaml", text)
    if not what:
        assert "own" in load(tmp_path).templates
        return
    [fault] = faults_of(tmp_path)
    assert fault.startswith(f"templates.yaml:{line}: {what}")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            "limit: 1h, every: 2h",
            "needs exactly one of limit, end_of_day, every, at_times; it has limit and every",
        ),
        ("urgent: true", "it has none"),
        ("every: 12h", "cadence goes with every or at_times"),
    ],
)
def test_a_deadline_rule_counts_in_one_way(tmp_path: Path, change: str, what: str) -> None:
    write(
        tmp_path,
        "deadlines.yaml",
        "deadline_rules:\n- {id: OWN, name: {zh: 甲}, kind: deadline, trigger: {}, anchor: told, "
        f"sender: {{zh: 甲}}, receiver: {{zh: 乙}}, source: s, verified: false, {change}}}\n",
    )
    assert what in faults_of(tmp_path)[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("trigger: {level: 2, no_graver_than: 3}, limit: 1h", "no grade is level 2 or graver and no graver"),
        ("trigger: {possible: true}, limit: 1h", "says nothing without a level (deadline_rules.0.trigger."),
        ("trigger: {types: [fire], except_types: [fire]}, limit: 1h", '"fire" is in types as well'),
        ("trigger: {}, limit: 0m", "an immediately needs a grace, or it is late when it starts"),
        ("trigger: {}, limit: 1h, grace: 5h", "is for an immediately (limit: 0m) only"),
        ("trigger: {}, limit: 1h, series: followup", "only a cadence belongs to a series"),
    ],
)
def test_a_clock_that_would_never_start_or_start_late_is_a_fault(
    tmp_path: Path, change: str, fault: str
) -> None:
    write(
        tmp_path,
        "deadlines.yaml",
        "deadline_rules:\n- {id: OWN, name: {zh: 甲}, kind: deadline, anchor: told, sender: {zh: 甲}, "
        f"receiver: {{zh: 乙}}, source: s, verified: false,\n   {change}}}\n",
    )
    [found] = faults_of(tmp_path)
    assert found.startswith("deadlines.yaml:3: ")
    assert fault in found


def test_a_source_of_nothing_but_spaces_is_none(tmp_path: Path) -> None:
    row = 'near_miss_rules:\n- {id: own, indicators: [exposed], low: 5, source: "  ", verified: false}\n'
    write(tmp_path, "grading.yaml", row)
    assert faults_of(tmp_path) == ["grading.yaml:2: must not be empty (near_miss_rules.0.source)"]


def test_switching_what_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, "deadlines.yaml", "deadline_rules:\n- {id: LOCAL_PHONE_30, enabled: false}\n")
    assert faults_of(tmp_path) == [
        'deadlines.yaml:2: there is no "LOCAL_PHONE_30" to switch; did you mean "LOCAL_PHONE_30M"? '
        "(deadline_rules.0)"
    ]


def test_a_shipped_file_that_is_lost_is_named(tmp_path: Path) -> None:
    shipped = tmp_path / "reference"
    shutil.copytree(data_dir("db/reference"), shipped)
    (shipped / "towns.yaml").unlink()
    reference, faults = check_all(shipped=shipped)
    assert reference is None
    assert any(fault.file.endswith("towns.yaml") and fault.what == "the file is missing" for fault in faults)


def test_a_directory_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Cannot read the reference directory"):
        load(tmp_path / "absent")


@given(st.integers(0, 9999), st.integers(0, 23), st.integers(0, 59))
def test_a_span_means_what_it_says(days: int, hours: int, minutes: int) -> None:
    assert span(f"{days}d{hours}h{minutes}m") == timedelta(days=days, hours=hours, minutes=minutes)


@pytest.mark.parametrize("written", ["", "5", 5, "1 h", "-1h", "h", "1m1h", "1.5h", "٣m", None])
def test_what_is_no_span(written: object) -> None:
    with pytest.raises(ValueError, match="span"):
        span(written)


@pytest.mark.parametrize("written", ["24:00", "9:00", "09:60", 540, "0900", "09:00:00"])
def test_what_is_no_time_of_day(written: object) -> None:
    with pytest.raises(ValueError, match="local time"):
        time_of_day(written)
