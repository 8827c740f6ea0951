"""Given a URL in ``channels.yaml`` by which nothing could be sent, or nothing to its recipient, when the file
is read, then it is refused with its line, in both languages, and nothing of it is repeated."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from dutydesk.i18n import Translator
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.model.errors import FaultyFile
from dutydesk.notify.address import in_url
from dutydesk.notify.channels import load
from dutydesk.notify.hidden import secrets_of
from dutydesk.notify.senders import Senders
from dutydesk.notify.url_check import fault_of
from tests.notify.conftest import Message
from tests.notify.sinks import Sink
from tests.notify.test_http_channel import channels_of


@pytest.mark.parametrize(
    "template",
    ["json://{address}/x", "json://u:p@{address}:80/", "{address}", "{address}://x", "json://h/?{address}=1",
     "json://h/{name}", "json://h/{address", "no url at all", "json:///{address}", "json://u:p@/{address}",
     "ntfy:///{address}", "gotify:////{address}/token"],
)  # fmt: skip
def test_a_url_where_the_address_could_steer_is_refused(template: str) -> None:
    assert fault_of(template)


@pytest.mark.parametrize(
    "template",
    [
        "json://h:1/{address}",
        "tgram://bot/{address}",
        "tgram://123456789:abcdefg/{address}",
        "pover://{address}@token",
        "slack://a/b/c/#channel",
        "json://[::1]:8080/{address}",
        "json://u:p%5Bss@h/[a]/短信/{address}?-to={address}&+X-To={address}",
        "http://短信:密码@h/短信 2/{address}?to={address}",
        "mailto://u:p@h?to={address}",
    ],
)
def test_a_url_with_the_address_in_its_place_is_fine(template: str) -> None:
    assert not fault_of(template)


NASTY = [
    "json://u:pa[topsecret@h/{address}",
    "json://u:topsecret]@h/{address}",
    "mailto://duty:se[topsecret@h?to={address}",
    "tgram://to[psecret/{address}",
    "json://[::1/topsecret/{address}",
    "json://u:topsecret#w@h/{address}",
    "json://u:topsecret/w@h/{address}",
    "json://u:topsecret?w@h/{address}",
    "json://h:99999/topsecret/{address}",
    "json://h:0/topsecret/{address}",
    "mailto://h:topsecret?to={address}",
    "json://\u2100topsecret/{address}",
    "json:///topsecret/{address}",
    "json://top secret/{address}",
    "json://h/topsecret\n/{address}",
    "json://h/topsecret\r\nX-A: b/{address}",
    "json://h/topsecret\x00/{address}",
    "mqtt://h/topsecret\u202e/{address}",
    "json://h\\topsecret/{address}",
    "json://h;topsecret/{address}",
    "json://u:topsecret\\@w/{address}@h",
]


@pytest.mark.parametrize("url", [*NASTY, "json://h/topsecret#/{address}", "json://h/topsecret?to={address}"])
def test_a_url_that_cannot_be_sent_to_is_refused_with_its_line(url: str) -> None:
    text = f"ok: {{url: 'json://h/{{address}}'}}\nsms:\n  url: {json.dumps(url)}\n"
    with pytest.raises(FaultyFile) as raised:
        load(text, "channels.yaml")
    for line in (str(raised.value), Translator("zh").error(raised.value)):
        assert line.startswith("channels.yaml:3: ")
        assert line.endswith("(sms.url)")
        assert "topsecret" not in line
    assert Translator("zh").error(raised.value) != str(raised.value)


@pytest.mark.parametrize(
    "url", [url for url in NASTY if url.startswith("json")] + ["json://短信.cn/{address}"]
)
def test_so_is_one_of_the_http_adapter(url: str) -> None:
    text = json.dumps({"sms": {"http": {"url": url.replace("json://", "https://")}}})
    with pytest.raises(FaultyFile) as raised:
        load(text, "channels.yaml")
    assert "(sms.http.url)" in str(raised.value)


@given(st.text(st.sampled_from("ab[]{}@:/?#%&=\\ .-9℀短\n\ud83d"), max_size=24))
def test_a_url_that_is_taken_can_be_sent_to_and_its_secrets_are_known(rest: str) -> None:
    for schema in ("json", "https", "mailto", "tgram"):
        url = f"{schema}://{rest}"
        if fault_of(url):
            continue
        try:
            (spec,) = channels_of(a={"http": {"url": url}} if schema == "https" else {"url": url}).values()
        except FaultyFile:
            continue
        assert all(isinstance(secret, str) for secret in secrets_of(spec))
        if schema == "https":
            there = URL(in_url(url, "13900000001"), encoded=True)
            assert there.host
            assert there.port


@pytest.mark.parametrize("preset", ["wecom", "dingtalk", "feishu", "bark", "serverchan"])
@pytest.mark.parametrize(
    ("base", "what"),
    [
        ("http://u:topse[cret@h", "%5B"),
        ("https://h:topsecret", "%5B"),
        ("http://h?x=topsecret", "base has no ?"),
        ("gopher://topsecret", "base is an http://"),
        ("http://h/{address}", "base is an http://"),
    ],
)
def test_so_is_the_base_of_a_ready_made_one(preset: str, base: str, what: str) -> None:
    key = {"wecom": {"key": "k"}, "dingtalk": {"token": "k"}, "feishu": {"token": "k"}}.get(preset, {})
    with pytest.raises(FaultyFile) as raised:
        load(json.dumps({"sms": {preset: {**key, "base": base}}}), "channels.yaml")
    (fault,) = raised.value.faults
    assert fault.key == f"sms.{preset}.base"
    assert what in fault.what
    assert "topse" not in str(raised.value)
    assert "cret" not in str(raised.value)


@pytest.mark.parametrize("key", ["a[b", "a#b", "a&key=c", "短 信", "a{b}", "a\nb"])
async def test_a_robots_key_is_one_value_of_its_url(key: str, sink: Sink, message: Message) -> None:
    spec = {"wecom": {"key": key, "base": f"{sink.url}/ok"}}
    async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
        receipt = await senders.send("a", message())
    assert receipt.outcome is Outcome.ACCEPTED, receipt.detail
    assert sink.taken[0].raw_path.count("=") == 1
