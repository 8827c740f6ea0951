"""The channels of HOME/channels.yaml: which there are, and a trial of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dutydesk.desk.desk import Desk
from dutydesk.desk.officers.authority import require
from dutydesk.home.paths import Home
from dutydesk.home.private import read_private
from dutydesk.home.redaction import register_secret
from dutydesk.model.clock import SystemClock
from dutydesk.model.enums import Permission
from dutydesk.model.errors import ConfigError, NotFound
from dutydesk.model.notices import OutgoingMessage, Receipt
from dutydesk.model.officers import Actor
from dutydesk.model.visible import quoted
from dutydesk.notify.channels import Channels, load
from dutydesk.notify.compose import compose
from dutydesk.notify.hidden import secrets_of
from dutydesk.notify.senders import Senders
from dutydesk.notify.spec import Purpose
from dutydesk.resources import data_dir

TRIAL_TEXT = "值班台通道测试，收到无需处置。"


@dataclass(frozen=True, slots=True)
class ChannelRow:
    name: str
    kind: str
    purpose: str


def load_channels(file: Path) -> Channels:
    """The channels of ``channels.yaml``. Raises ConfigError for a missing, too open or faulty file."""
    if not file.exists():
        raise ConfigError(
            "There is no {file}; {docs}/channels.md says how to write one.", file=file, docs=data_dir("docs")
        )
    found = load(read_private(file), str(file))
    for spec in found.values():
        for secret in secrets_of(spec):
            register_secret(secret)
    return found


def channel_rows(home: Home) -> tuple[ChannelRow, ...]:
    """One row a channel, without anything secret."""
    return tuple(
        ChannelRow(name, spec.kind, spec.purpose)
        for name, spec in sorted(load_channels(home.channels_file).items())
    )


def known_channels(home: Home) -> tuple[str, ...] | None:
    """The names of the channels, none where there is no file yet; ``None`` where the file cannot be read, so
    that nobody can tell."""
    if not home.channels_file.exists():
        return ()
    try:
        return tuple(sorted(load_channels(home.channels_file)))
    except ConfigError:
        return None


def refuse_unknown(home: Home, names: Iterable[str]) -> None:
    """Raises NotFound for a name that no channel has: a notice that leaves by it alone would reach nobody."""
    channels = known_channels(home)
    for name in names:
        if channels is not None and name not in channels:
            raise NotFound(
                "There is no channel {name} in {file}; its channels are: {names}.",
                name=quoted(name),
                file=home.channels_file,
                names=" ".join(channels) or "-",
            )


async def try_channel(desk: Desk, actor: Actor, *, home: Home, name: str, address: str) -> Receipt:
    """Sends one trial message, marked as a drill, and keeps what the gateway answered in the journal."""
    require(actor, Permission.OPERATE)
    channels = load_channels(home.channels_file)
    refuse_unknown(home, (name,))
    only = {name: channels[name].model_copy(update={"purpose": Purpose.BOTH})}
    message = OutgoingMessage(
        delivery=0,
        broadcast=0,
        address=address,
        title="值班台",
        body=compose(TRIAL_TEXT, drill=True),
        drill=True,
        urgent=True,
    )
    async with Senders(only, clock=SystemClock()) as senders:
        receipt = await senders.send(name, message)
    async with (await desk.store()).transaction(actor) as tx:
        tx.journal("channel.tried", f"channel:{name}", {"outcome": receipt.outcome, "detail": receipt.detail})
    return receipt
