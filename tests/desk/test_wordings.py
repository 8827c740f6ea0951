from __future__ import annotations

from dutydesk.desk.notices.wordings import area_text, figures_text, loss_text, people_text
from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import Figure


def test_figures_are_said_in_digits_and_a_loss_in_the_unit_of_the_language() -> None:
    stated = (Figure(FigureKind.EVACUATED, 1_234_567), Figure(FigureKind.LOSS_WAN, 12.5))
    assert figures_text(stated) == "疏散转移1234567人，直接经济损失12.5万元"
    assert figures_text(stated, "en") == "1234567 evacuated, direct loss 125000 yuan"


def test_an_unknown_number_is_said_as_unknown() -> None:
    assert figures_text([Figure(FigureKind.DEATHS, None, unknown=True)]) == "死亡人数待核实"
    assert figures_text([]) == "伤亡情况待核实"


def test_a_magnitude_says_nothing_of_the_harm_done() -> None:
    quake = Figure(FigureKind.MAGNITUDE, 5.0)
    assert figures_text([quake]) == "震级5.0级，伤亡情况待核实"
    assert figures_text([quake], "en") == "magnitude 5.0, casualties not yet verified"
    assert figures_text([Figure(FigureKind.DEATHS, 0), quake]) == "死亡0人，震级5.0级"
    assert figures_text([Figure(FigureKind.MAGNITUDE, None, unknown=True)]) == "震级待核实，伤亡情况待核实"


def test_a_report_upward_says_by_name_which_people_are_not_known() -> None:
    stated = (
        Figure(FigureKind.DEATHS, 0),
        Figure(FigureKind.TRAPPED, 3),
        Figure(FigureKind.MISSING, None, unknown=True),
    )
    assert people_text(stated) == "死亡0人，被困3人；失联、重伤、受伤、涉险人数待核实"
    told = "0 dead, 3 trapped; missing, seriously injured, injured, exposed: not yet verified"
    assert people_text(stated, "en") == told
    assert people_text([]) == "死亡、失联、被困、重伤、受伤、涉险人数待核实"


def test_a_loss_and_an_area_are_told_or_said_to_be_unknown() -> None:
    stated = (Figure(FigureKind.LOSS_WAN, 9477.815), Figure(FigureKind.AREA_HA, 1.2))
    assert loss_text(stated) == "直接经济损失初步估计9477.815万元"
    assert loss_text(stated, "en") == "direct loss first put at 94778150 yuan"
    assert (area_text(stated), area_text(stated, "en")) == ("过火面积1.2公顷", "1.2 ha burnt")
    assert (loss_text([]), area_text([])) == ("直接经济损失待核实", "过火面积待核实")
