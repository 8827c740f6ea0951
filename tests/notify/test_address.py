from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.notify.address import UnusableAddress, in_apprise_url, in_url
from dutydesk.notify.senders import Senders
from tests.notify.conftest import Message
from tests.notify.sinks import Sink
from tests.notify.test_http_channel import channels_of

NASTY = [
    "a/../../b", "../x", "a?x=1", "a#frag", "a&b=c", "a%2Fb", "%2e%2e", "a@evil.example", "//evil.example/x",
    "a\\b", "张三", "+86 139 0000 0001", "a;b,c", "{{ 7*7 }}", "{address}", "http://evil.example/", "a+b",
    "%",
]  # fmt: skip


@given(st.text(min_size=1, max_size=60))
def test_an_address_changes_neither_host_nor_path_nor_parameters(address: str) -> None:
    try:
        url = in_url("https://u:p@gateway.example:8443/send/{address}/now?v=1&to={address}", address)
    except UnusableAddress:
        return
    split = urlsplit(url)
    assert split.netloc == "u:p@gateway.example:8443"
    _, first, middle, last = split.path.split("/")
    assert (first, last) == ("send", "now")
    assert unquote(middle) == address.strip()
    assert split.query.split("&")[0] == "v=1"
    assert split.query.count("&") == 1
    assert split.fragment == ""


@given(st.text(min_size=1, max_size=60))
def test_a_service_url_never_holds_two_recipients(address: str) -> None:
    try:
        url = in_apprise_url("mailto://host?to={address}", address)
    except UnusableAddress:
        return
    assert not set(" ,;/?&") & set(unquote(url.partition("to=")[2]))


@pytest.mark.parametrize("address", NASTY)
@pytest.mark.parametrize("carrier", ["url", "http"])
async def test_on_the_wire_the_address_is_one_step_of_the_path(
    sink: Sink, message: Message, carrier: str, address: str
) -> None:
    if carrier == "url":
        spec: dict[str, Any] = {"url": f"json://{sink.host}/ok/{{address}}/end"}
    else:
        spec = {"http": {"url": f"{sink.url}/ok/{{address}}/end"}}
    async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
        receipt = await senders.send("a", message(address))
    assert receipt.outcome is Outcome.ACCEPTED
    path, _, query = sink.taken[0].raw_path.partition("?")
    assert query == ""
    _, first, middle, last = path.split("/")
    assert (first, last) == ("ok", "end")
    assert unquote(middle) == address


@pytest.mark.parametrize("apart", ["+", ":", "*", "(", "、", "，", "．", "-", "--", "."])
def test_of_two_telephone_numbers_a_service_would_take_one(apart: str) -> None:
    with pytest.raises(UnusableAddress):
        in_apprise_url("clicksend://user:key@{address}", f"13900000001{apart}13800000002")


@pytest.mark.parametrize(
    "address",
    ["+8613900000001", "139-0000-0001", "023-68781234", "li.ming+duty@mail.example.cn", "-1001234567890:42",
     "@li_ming", "12345678-1234-1234-1234-123456789012"],
)  # fmt: skip
def test_an_address_that_is_one_is_taken_whole(address: str) -> None:
    assert unquote(in_apprise_url("tgram://bot/{address}", address)) == f"tgram://bot/{address}"


def test_what_no_request_line_carries_is_quoted() -> None:
    assert in_url("http://h/短信 发/{address}?q=%20&a=1", "1") == (
        "http://h/%E7%9F%AD%E4%BF%A1%20%E5%8F%91/1?q=%20&a=1"
    )
