from __future__ import annotations

import pytest

from dutydesk.model.errors import FaultyFile
from dutydesk.notify.channels import load
from dutydesk.notify.spec import Purpose


def faults(text: str) -> list[str]:
    with pytest.raises(FaultyFile) as raised:
        load(text, "channels.yaml")
    return [str(fault) for fault in raised.value.faults]


def test_the_channels_of_a_duty_room_are_read() -> None:
    channels = load(
        """
短信:
  http:
    url: https://sms.example/send
    headers: {Authorization: Bearer abc}
    body: {mobile: "{{ address }}", content: "{{ body }}"}
    accepted: {status: [200], json: {errcode: 0}}
    refused: {json: {errcode: [40058, 40059]}}
  rate: 20
  timeout: 5s
  max_bytes: 500
mail: {url: "mailtos://u:p@mail.example?to={address}", purpose: live}
drillbox: {url: "json://127.0.0.1/{address}", purpose: drill, retry_base: 500ms}
group: {wecom: {key: abc}}
""",
        "channels.yaml",
    )
    assert list(channels) == ["短信", "mail", "drillbox", "group"]
    assert channels["短信"].timeout == 5.0
    assert channels["短信"].lane == 64
    assert channels["mail"].lane == 16
    assert channels["drillbox"].retry_policy.base == 0.5
    assert channels["mail"].purpose is Purpose.LIVE
    assert not channels["mail"].allows(drill=True)
    assert channels["drillbox"].allows(drill=True)
    assert channels["group"].kind == "wecom"


def test_an_empty_file_has_no_channels() -> None:
    assert len(load("", "channels.yaml")) == 0
    assert len(load("# none yet\n", "channels.yaml")) == 0


def test_an_unknown_key_is_named_with_its_line() -> None:
    (fault,) = faults('sms:\n  url: "json://h/{address}"\n  timout: 5\n')
    assert fault.startswith("channels.yaml:3: unknown key")
    assert "sms.timout" in fault


@pytest.mark.parametrize(
    "schema", ["wecombot", "dingtalk", "feishu", "bark", "barks", "schan", "lark", "BARK"]
)
def test_a_service_that_claims_success_on_refusal_is_not_taken_through_apprise(schema: str) -> None:
    (fault,) = faults(f'robot:\n  url: "{schema}://topsecret/{{address}}"\n')
    assert "reports success when the service refuses" in fault
    assert "robot" in fault
    assert "topsecret" not in fault


@pytest.mark.parametrize(
    "text",
    [
        'a: {url: "json://topsecret@{address}/"}',
        'a: {url: "json://h/topsecret/{name}"}',
        'a: {url: "topsecret"}',
        'a: {url: 5, timeout: "topsecret"}',
        'a: {http: {url: "ftp://topsecret/"}}',
        'a: {http: {url: "http://h/", headers: {"X Y": "topsecret"}}}',
        'a: {http: {url: "http://h/", headers: {content-length: "topsecret"}}}',
        'a: {http: {url: "http://h/", method: topsecret}}',
        'a: {http: {url: "http://h/", body: {x: "{{ topsecret"}}}',
        'a: {http: {url: "http://h/", body: {x: "{{ body }}{{ secret_name }}"}, form: {}}}',
        'a: {wecom: {key: topsecret, base: "gopher://topsecret"}}',
        'a: {wecom: {key: topsecret}, url: "json://h"}',
        'a: {http: {url: "http://h/", accepted: {}}}',
        'a: {http: {url: "http://h/", accepted: {text: "(topsecret"}}}',
        "a: {wecom: {key: 0123topsecret, base: 00123456789}}",
        "a: topsecret",
        "[topsecret]",
        "name: {url: 'json://h/{address}'}",
    ],
)
def test_no_fault_repeats_a_secret(text: str) -> None:
    for fault in faults(text):
        assert fault.startswith("channels.yaml:1: ")
        assert "topsecret" not in fault
        assert "00123456789" not in fault


def test_a_json_body_written_as_text_must_stand_any_value() -> None:
    bad = """a: {http: {url: "http://h/", body: '{"text": "{{ body }}"}'}}"""
    assert "break out" in faults(bad)[0]
    load("""a: {http: {url: "http://h/", body: '{"text": {{ body | tojson }}}'}}""", "channels.yaml")


@pytest.mark.parametrize("more", ["method: GET", "body: {text: 通知}", "form: {a: '{{ address }}'}"])
def test_an_adapter_that_would_not_carry_the_message_is_refused(more: str) -> None:
    (fault,) = faults(f'a: {{http: {{url: "http://h/", {more}}}}}')
    assert "would not be carried" in fault


def test_nothing_prints_a_secret() -> None:
    channels = load('a: {url: "json://u:topsecret@h/{address}"}\nb: {wecom: {key: topsecret}}', "c.yaml")
    shown = (
        repr(channels) + repr(channels["a"]) + str(channels["b"]) + repr(channels["b"].wecom) + str(channels)
    )
    assert "topsecret" not in shown


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "Expect", "Upgrade"])
def test_a_header_that_would_have_the_gateway_take_a_part_is_refused(name: str) -> None:
    (fault,) = faults(f'a: {{http: {{url: "http://h/", headers: {{{name}: "5"}}}}}}')
    assert "leave them out" in fault
