from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.model.notices import OutgoingMessage, Receipt
from dutydesk.notify import apprise_channel
from dutydesk.notify.senders import Senders
from tests.notify.conftest import Message
from tests.notify.sinks import Sink
from tests.notify.test_http_channel import channels_of


async def send(url: str, message: OutgoingMessage, **options: Any) -> Receipt:
    async with Senders(channels_of(a={"url": url, "timeout": 5, **options}), clock=ManualClock()) as senders:
        return await senders.send("a", message)


class Mailbox:
    """Refuses ``nobody`` for good and ``later`` for now."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's own name
        self, server: object, session: object, envelope: Any, address: str, options: object
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        if address.startswith("later"):
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def smtp() -> Iterator[tuple[Mailbox, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox, port
    controller.stop()


def mailto(port: int) -> str:
    return f"mailto://127.0.0.1:{port}?from=duty@example.org&to={{address}}"


async def test_json_reaches_the_path_of_the_recipient(sink: Sink, message: Message) -> None:
    receipt = await send(f"json://{sink.host}/ok/{{address}}", message(title="九龙坡应急"))
    assert receipt.outcome is Outcome.ACCEPTED
    assert sink.taken[0].raw_path == "/ok/13900000001"
    assert sink.taken[0].json["message"] == message().body
    assert sink.taken[0].json["title"] == "九龙坡应急"


async def test_an_e_mail_is_the_plain_text_that_was_previewed(
    smtp: tuple[Mailbox, int], message: Message
) -> None:
    mailbox, port = smtp
    body = "陶家镇 <b>液氯</b> & [/紧急]\n收到请回复确认码 4711"
    receipt = await send(mailto(port), message("li@example.org", body, title="九龙坡应急"))
    assert receipt.outcome is Outcome.ACCEPTED, receipt.detail
    assert mailbox.mails[0].rcpt_tos == ["li@example.org"]
    mail = email.message_from_bytes(mailbox.mails[0].content, policy=email.policy.default)
    assert mail["Subject"] == "九龙坡应急"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n").strip() == body
    assert mail.get_body(("html",)) is None


@pytest.mark.parametrize(("who", "outcome"), [("nobody", Outcome.REFUSED), ("later", Outcome.TRY_AGAIN)])
async def test_a_mail_servers_code_tells_for_good_from_for_now(
    smtp: tuple[Mailbox, int], message: Message, who: str, outcome: Outcome
) -> None:
    receipt = await send(mailto(smtp[1]), message(f"{who}@example.org"))
    assert receipt.outcome is outcome
    assert "example.org" not in receipt.detail


@pytest.mark.parametrize(
    "address",
    [
        "a@b.cn,c@d.cn", "a@b.cn c@d.cn", "x/y", "x?to=z", "a@b.cn;c", "", "..", "a\nb",
        "a@b.cn:c@d.cn", "a@b.cn*c@d.cn", "a@b.cn!c@d.cn", "a@b.cn=c@d.cn", "a@b.cn$to=c@d.cn",
        "a@b.cn，c@d.cn", "a@b.cn、c@d.cn", "a@b.cn+c@d.cn", "a@b.cn(c@d.cn)", "a@b.cn@c.cn",
    ],
)  # fmt: skip
async def test_an_address_that_would_become_several_or_lose_a_part_is_refused(
    smtp: tuple[Mailbox, int], message: Message, address: str
) -> None:
    receipt = await send(mailto(smtp[1]), message(address))
    assert receipt.outcome is Outcome.REFUSED
    assert smtp[0].mails == []


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        ("ok", Outcome.ACCEPTED),
        ("400", Outcome.REFUSED),
        ("429", Outcome.TRY_AGAIN),
        ("500", Outcome.UNKNOWN),
        ("504", Outcome.UNKNOWN),
        ("moved", Outcome.REFUSED),
        ("drop", Outcome.UNKNOWN),
        ("hang", Outcome.UNKNOWN),
    ],
)
async def test_a_failure_is_told_apart(
    sink: Sink, message: Message, behaviour: str, outcome: Outcome
) -> None:
    receipt = await send(f"json://{sink.host}/{behaviour}/{{address}}", message(), timeout=0.8)
    assert receipt.outcome is outcome, receipt.detail
    assert len(sink.taken) == 1


@pytest.mark.parametrize("option", ["redirect=yes", "retry=3&wait=0", "optional=yes"])
@pytest.mark.parametrize(("behaviour", "outcome"), [("moved", Outcome.REFUSED), ("500", Outcome.UNKNOWN)])
async def test_no_option_of_a_url_sends_twice_or_makes_a_failure_a_success(
    sink: Sink, message: Message, option: str, behaviour: str, outcome: Outcome
) -> None:
    receipt = await send(f"json://{sink.host}/{behaviour}/{{address}}?{option}", message())
    assert receipt.outcome is outcome, receipt.detail
    assert len(sink.taken) == 1


async def test_a_closed_port_means_nothing_left(message: Message) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert (await send(f"json://127.0.0.1:{port}/", message())).outcome is Outcome.TRY_AGAIN
    assert (await send(mailto(port), message("a@example.org"))).outcome is Outcome.TRY_AGAIN


async def test_a_mail_server_that_never_greets_means_nothing_left(message: Message) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = mailto(listener.getsockname()[1])
        # A tenth of this lies between the plugin's time-out and the channel's: a busy machine needs some.
        receipt = await send(url, message("a@example.org"), timeout=4)
    assert receipt.outcome is Outcome.TRY_AGAIN


class SlowToLoad:
    """Stands before the making of a plugin, and lets it be made when ``loaded`` is set."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        import apprise

        self.loaded = threading.Event()
        self._make = apprise.Apprise.instantiate
        patch.setattr(apprise.Apprise, "instantiate", staticmethod(self))

    def __call__(self, *args: Any, **options: Any) -> Any:
        assert self.loaded.wait(30)
        return self._make(*args, **options)


async def test_loading_apprise_is_no_part_of_the_gateways_time(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowToLoad(monkeypatch)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asyncio.get_running_loop().call_later(0.6, slow.loaded.set)
    receipt = await send(f"json://127.0.0.1:{port}/", message(), timeout=0.5)
    assert receipt.outcome is Outcome.TRY_AGAIN, receipt.detail


async def test_what_was_told_as_not_sent_does_not_go_out_later(
    sink: Sink, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowToLoad(monkeypatch)
    monkeypatch.setattr(apprise_channel, "_LOADING", 0.0)
    spec = {"url": f"json://{sink.host}/ok/{{address}}", "timeout": 0.3, "concurrency": 1, "slow_lane": 0}
    async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
        assert (await senders.send("a", message("1"))).outcome is Outcome.TRY_AGAIN
        slow.loaded.set()
        monkeypatch.setattr(apprise_channel, "_LOADING", 30.0)
        await senders.send("a", message("2"))  # on the one thread, after the first
    assert [taken.raw_path for taken in sink.taken] == ["/ok/2"]


async def test_a_service_nobody_knows_is_refused_not_raised(message: Message) -> None:
    assert (await send("nosuchservice://{address}@host/x", message())).outcome is Outcome.REFUSED


async def test_nothing_apprise_says_gets_out(
    sink: Sink, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = await send(f"json://u:topsecret@{sink.host}/500/{{address}}", message())
    assert receipt.outcome is Outcome.UNKNOWN
    everything = caplog.text + receipt.detail
    assert "topsecret" not in everything
    assert "13900000001" not in everything


async def test_sends_are_not_slept_apart(sink: Sink, message: Message) -> None:
    spec = {"url": f"json://{sink.host}/ok/{{address}}"}
    async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
        await senders.send("a", message())
        started = time.monotonic()
        receipts = await asyncio.gather(*(senders.send("a", message(str(n))) for n in range(40)))
    assert time.monotonic() - started < 60  # forty times Apprise's 5.5 s would be more
    assert all(receipt.outcome is Outcome.ACCEPTED for receipt in receipts)
    assert {taken.raw_path for taken in sink.taken[1:]} == {f"/ok/{n}" for n in range(40)}


def test_a_hung_send_does_not_hold_up_the_end_of_the_process() -> None:
    script = """
        import asyncio, socket
        from dutydesk.model.clock import ManualClock
        from dutydesk.model.notices import OutgoingMessage
        from dutydesk.notify.channels import load
        from dutydesk.notify.senders import Senders
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"json://127.0.0.1:{listener.getsockname()[1]}/{{address}}?rto=600"
        async def main():
            spec = load('a: {url: "%s", timeout: 0.5}' % url.replace("rto=600", "x=1"), "channels.yaml")
            async with Senders(spec, clock=ManualClock()) as senders:
                from dutydesk.notify.threads import DaemonPool
                import time
                DaemonPool(1, "hung").submit(lambda: time.sleep(600))
                print((await senders.send("a", OutgoingMessage(1, 1, "x", "", "text", False, False))).outcome)
        asyncio.run(main())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "unknown"


def test_apprise_is_imported_only_when_a_notice_is_sent() -> None:
    script = """
        import sys
        import dutydesk.notify.senders, dutydesk.notify.channels, dutydesk.notify.compose
        dutydesk.notify.channels.load('a: {url: "json://h/{address}"}', "channels.yaml")
        print("apprise" in sys.modules, "aiohttp" in sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
