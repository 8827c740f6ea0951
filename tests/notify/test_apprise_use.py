"""Given an Apprise URL that does not use the address, or an address that the service would skip, when a
notice is sent, then it is refused and not sent to somebody else."""

from __future__ import annotations

import apprise
import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.notify.address import in_apprise_url
from dutydesk.notify.apprise_use import another, tells_apart
from dutydesk.notify.senders import Senders
from tests.notify.conftest import Message
from tests.notify.test_apprise_channel import Mailbox, smtp
from tests.notify.test_http_channel import channels_of

__all__ = ["smtp"]


async def test_an_address_that_the_service_would_leave_out_is_refused(
    smtp: tuple[Mailbox, int], message: Message
) -> None:
    """With a slip in the parameter's name the mail would go to its own sender, and count as taken."""
    url = f"mailto://duty@127.0.0.1:{smtp[1]}?from=duty@example.org&too={{address}}"
    async with Senders(channels_of(a={"url": url, "timeout": 20}), clock=ManualClock()) as senders:
        for _ in range(2):
            receipt = await senders.send("a", message("li@example.org"))
            assert receipt.outcome is Outcome.REFUSED
            assert "{address}" in receipt.detail
    assert smtp[0].mails == []


async def test_so_is_one_that_the_service_would_drop_beside_another(
    smtp: tuple[Mailbox, int], message: Message
) -> None:
    url = f"mailto://127.0.0.1:{smtp[1]}?from=duty@example.org&to=chief@example.org&cc={{address}}"
    async with Senders(channels_of(a={"url": url, "timeout": 20}), clock=ManualClock()) as senders:
        assert (await senders.send("a", message("li@example.org"))).outcome is Outcome.ACCEPTED
        assert (await senders.send("a", message("13900000001"))).outcome is Outcome.REFUSED
    assert [set(mail.rcpt_tos) for mail in smtp[0].mails] == [{"chief@example.org", "li@example.org"}]


@pytest.mark.parametrize(
    "url",
    [
        "json://{address}:pw@h/",
        "json://h/?-to={address}",
        "json://h/?+X-To={address}",
        "form://h/?:to={address}",
        "tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/{address}",
        "ntfy://{address}",
        "ntfy://h/{address}",
        "pover://{address}@abcdefghijklmnopqrstuvwxyz0123",
        "discord://{address}/abcdefghijklmnopqrstuvwxyz0123456789",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/{address}",
        "rocket://duty:pw@h/{address}",
        "syslog://{address}",
    ],
)
@pytest.mark.parametrize("address", ["139", "a0@example.org", "local0"])
def test_wherever_a_service_takes_an_address_it_is_seen_to(url: str, address: str) -> None:
    made = [apprise.Apprise.instantiate(in_apprise_url(url, each)) for each in (address, another(address))]
    assert made[0] is None or tells_apart(*made)
