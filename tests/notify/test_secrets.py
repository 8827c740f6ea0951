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
