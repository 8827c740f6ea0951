"""What a channel's settings hold is known to be secret, so that no log repeats it."""

from __future__ import annotations

import pytest

from dutydesk.notify.channels import load
from dutydesk.notify.hidden import secrets_of

TOKEN = "k7Qh2mZp9vXw"


@pytest.mark.parametrize(
    "settings",
    [
        f"hook: {{url: 'json://duty:{TOKEN}@127.0.0.1/{{address}}'}}",
        f"hook: {{url: 'tgram://{TOKEN}/{{address}}'}}",
        f"hook: {{url: 'tgram://123456789:{TOKEN}/{{address}}'}}",
        "hook: {url: 'json://u:k7Qh2%6DZp9vXw@127.0.0.1/{address}'}",
        f"hook: {{url: 'mailto://127.0.0.1?pass={TOKEN}&to={{address}}'}}",
        f"hook: {{http: {{url: 'http://127.0.0.1/{TOKEN}/{{address}}', body: {{text: '{{{{ body }}}}'}}}}}}",
        f"hook: {{http: {{url: 'http://127.0.0.1/{{address}}', headers: {{X-Token: {TOKEN}}},"
        " body: {text: '{{ body }}'}}}",
    ],
)
def test_the_token_of_a_channel_is_a_secret_and_its_address_is_not(settings: str) -> None:
    (spec,) = load(settings, "channels.yaml").values()
    found = secrets_of(spec)
    assert TOKEN in found
    assert not any("{address}" in secret for secret in found)


def test_a_host_is_no_secret_where_a_host_stands() -> None:
    (spec,) = load("hook: {url: 'json://duty:pw@gateway.example:8443/{address}'}", "c.yaml").values()
    assert secrets_of(spec) == ("duty", "pw")
