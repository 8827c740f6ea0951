"""Carries a message by Apprise, the transport for the long tail of services: one URL for each recipient, a
fresh plugin object for each send, on threads of the channel's own."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from dutydesk.model.enums import Outcome
from dutydesk.model.notices import OutgoingMessage, Receipt
from dutydesk.model.text import Language, Text
from dutydesk.notify import reasons
from dutydesk.notify.address import HOLE, UnusableAddress, in_apprise_url
from dutydesk.notify.apprise_log import outcome_of
from dutydesk.notify.apprise_use import AddressUnused, another, tells_apart
from dutydesk.notify.bulkhead import Place
from dutydesk.notify.spec import ChannelSpec
from dutydesk.notify.threads import DaemonPool, NoThread

_MAIL: Final = frozenset({"mailto", "mailtos"})
_LOADING: Final = 60.0
"""Seconds that Apprise may take to be loaded, beside the channel's time-out: a slow start of its own must not
look like a gateway that is slow to answer."""

T = TypeVar("T")


class Plugin:
    """One recipient's plugin, with what it is to send. It is made, and called, on a pool's thread: Apprise is
    imported there, when the first notice is sent."""

    def __init__(self, plugin: Any, title: str, text: str) -> None:
        self._plugin = plugin
        self._title = title
        self._text = text

    @classmethod
    def make(cls, url: str, title: str, text: str, timeout: float, *, contrast: str = "") -> Self | None:
        """Sends nothing yet. ``None`` where Apprise does not understand the URL. ``contrast`` is the URL with
        another address, empty where it names none.

        Raises AddressUnused where the two would be sent in the same way.
        """
        from dutydesk.notify.apprise_log import listen

        listen()
        plugin = _instance(url)
        if plugin is None:
            return None
        if contrast and not tells_apart(plugin, _instance(contrast)):
            raise AddressUnused
        _set_up(plugin, timeout, mail=url.partition("://")[0].lower() in _MAIL)
        return cls(plugin, title, text)

    def __call__(self) -> tuple[Outcome, str]:
        """Sends, and returns the outcome and the service's code."""
        from dutydesk.notify.apprise_log import listen

        said = listen()
        said.begin()
        try:
            taken = self._plugin.notify(
                body=self._text, title=self._title, notify_type="info", body_format="text"
            )
        finally:
            lines = said.end()
        return (Outcome.ACCEPTED, "") if taken else outcome_of(lines)


def _instance(url: str) -> Any:
    import apprise

    return apprise.Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)


def _set_up(plugin: Any, timeout: float, *, mail: bool) -> None:
    # The channel paces itself; the plugin would sleep on a pool thread.
    plugin.request_rate_per_sec = 0
    # Whatever the URL says: a redirected POST becomes a GET, whose answer says nothing of the message.
    plugin.redirects = False
    # Connecting gets half, so that a time-out there is told apart from one after the message left.
    # The e-mail plugin has this one for the whole exchange.
    plugin.socket_connect_timeout = max(timeout * (0.9 if mail else 0.5), 0.05)
    plugin.socket_read_timeout = max(timeout * 0.9, 0.05)


@functools.cache
def _asset() -> Any:
    import apprise

    return apprise.AppriseAsset(
        app_id="dutydesk",
        app_desc="dutydesk",
        app_url="",
        secure_logging=True,
        async_mode=False,
        http_redirects=False,
        storage_mode="memory",
    )


class AppriseChannel:
    """One channel with an Apprise URL, as an async context."""

    def __init__(self, name: str, spec: ChannelSpec, *, language: Language) -> None:
        if spec.url is None:
            raise ValueError("not a channel of Apprise")
        self._spec = spec
        self._url = _with_plain_text(spec.url)
        self._addressed = HOLE in spec.url
        self._language: Language = language
        self._pool = DaemonPool(spec.lane + spec.slow_lane, f"{name}-apprise")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    async def carry(self, message: OutgoingMessage, title: str, text: str, place: Place) -> Receipt:
        """Sends ``text``, one part of ``message``. ``place`` is kept for as long as a thread works on it,
        which may be longer than the channel's time-out. Raises nothing for what the world does."""
        try:
            url = in_apprise_url(self._url, message.address)
            contrast = in_apprise_url(self._url, another(message.address.strip())) if self._addressed else ""
        except UnusableAddress:
            return self._receipt(Outcome.REFUSED, reasons.BAD_ADDRESS)
        make = functools.partial(Plugin.make, url, title, text, self._spec.timeout, contrast=contrast)
        try:
            plugin = await self._within(place, make, self._spec.timeout + _LOADING)
        except AddressUnused:
            return self._receipt(Outcome.REFUSED, reasons.ADDRESS_UNUSED)
        except NoThread:
            return self._receipt(Outcome.TRY_AGAIN, reasons.NO_THREAD)
        except TimeoutError:
            seconds = f"{self._spec.timeout + _LOADING:g}"
            return self._receipt(Outcome.TRY_AGAIN, reasons.NO_CONNECTION_IN_TIME, seconds=seconds)
        except Exception as fault:  # a plugin of the long tail may raise anything  # noqa: BLE001, RUF100
            return self._receipt(Outcome.TRY_AGAIN, reasons.FAULT_BEFORE, kind=type(fault).__name__)
        if plugin is None:
            return self._receipt(Outcome.REFUSED, reasons.NOT_UNDERSTOOD)
        try:
            outcome, code = await self._within(place, plugin, self._spec.timeout)
        except NoThread:
            return self._receipt(Outcome.TRY_AGAIN, reasons.NO_THREAD)
        except TimeoutError:
            seconds = f"{self._spec.timeout:g}"
            return self._receipt(Outcome.UNKNOWN, reasons.NO_ANSWER, seconds=seconds)
        except Exception as fault:  # noqa: BLE001, RUF100 -- as above
            return self._receipt(Outcome.UNKNOWN, reasons.FAULT_WITHIN, kind=type(fault).__name__)
        return self._told(outcome, code)

    async def _within(self, place: Place, work: Callable[[], T], seconds: float) -> T:
        """What ``work`` returns on a thread. Raises NoThread where it was never begun and never will be,
        TimeoutError, and what ``work`` raises."""
        job = self._pool.submit(work)
        place.hold_for(job.future)
        try:
            return await asyncio.wait_for(asyncio.shield(job.future), seconds)
        except asyncio.CancelledError:
            self._pool.withdraw(job)  # nobody waits for it any more: what was not begun stays so
            raise
        except TimeoutError:
            if self._pool.withdraw(job):
                raise NoThread("no thread came free") from None
            raise

    def _told(self, outcome: Outcome, code: str) -> Receipt:
        if outcome is Outcome.ACCEPTED:
            return self._receipt(outcome, reasons.HANDED_OVER)
        if code and outcome is Outcome.UNKNOWN:
            return self._receipt(outcome, reasons.GATEWAY_TROUBLE, status=code, reason="")
        if code and outcome is Outcome.TRY_AGAIN:
            return self._receipt(outcome, reasons.ASKED_TO_WAIT, code=code, reason="")
        if code:
            return self._receipt(outcome, reasons.REFUSED_BODY, code=code, reason="")
        if outcome is Outcome.TRY_AGAIN:
            return self._receipt(outcome, reasons.CANNOT_CONNECT)
        if outcome is Outcome.REFUSED:
            return self._receipt(outcome, reasons.NOT_UNDERSTOOD)
        return self._receipt(outcome, reasons.UNEXPLAINED)

    def _receipt(self, outcome: Outcome, why: Text, **words: object) -> Receipt:
        return Receipt(outcome, why.in_(self._language).format(**words).strip())


def _with_plain_text(url: str) -> str:
    """E-mail goes out as plain text unless the URL says otherwise: what is sent is what was previewed."""
    schema = url.partition("://")[0].lower()
    if schema not in _MAIL or "format=" in url.lower():
        return url
    return url + ("&" if "?" in url else "?") + "format=text"
