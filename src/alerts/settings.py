"""Which channels there are: the terminal, and what the environment names; and which of them hear of what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO
from urllib.parse import urlsplit

from alerts.apprise_channel import AppriseChannel
from alerts.channels import Channel, TerminalChannel, WebhookChannel
from alerts.digest import Concern, Digest
from domain.errors import InvalidInput
from domain.history import Alert
from domain.policy import EVERY_CHANNEL, AlertRoutes

VARIABLE = "CLEARANCE_ALERT_URLS"

# A comma may stand inside an address (several mail recipients); between two it precedes a scheme.
_NAMED = r"(?:[a-z][a-z0-9_-]*=)?[A-Za-z][A-Za-z0-9+.-]*://"
_BETWEEN = re.compile(rf"[\s,]+(?={_NAMED})|\s+")
_NAME = re.compile(r"([a-z][a-z0-9_-]{0,39})=(?=[A-Za-z][A-Za-z0-9+.-]*://)")
TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class NamedChannel:
    """A channel and what policy calls it; most have no such name. The key of its deliveries does not depend on it,
    so that naming a channel tells it nothing twice."""

    channel: Channel
    label: str | None = None

    @property
    def name(self) -> str:
        """The key of this channel's deliveries in the outbox."""
        return self.channel.name

    def send(self, digest: Digest) -> None:
        """Deliver one digest. Raises `DeliveryError` when it was not, or perhaps not, taken."""
        self.channel.send(digest)

    def hears(self, alert: Alert, routes: AlertRoutes, concern: Concern) -> bool:
        """Whether policy sends an alert here. The terminal is the log of the run, and hears of everything."""
        names = routes.channels_of(alert, concern.owner, concern.used_by)
        return self.label == TERMINAL or EVERY_CHANNEL in names or self.label in names


def check_routes(routes: AlertRoutes, channels: Sequence[NamedChannel]) -> None:
    """InvalidInput where policy names a channel that the environment does not. Without any address there is only
    the terminal, as for a run by hand; what is meant for others then waits for a run that knows them."""
    known = {channel.label for channel in channels}
    if len(channels) > 1 and (strangers := sorted(routes.named - known)):
        raise InvalidInput(
            f"policy/alerts.yaml sends alerts to {', '.join(strangers)}, and no address in {VARIABLE} is called so:"
            f" write it as {strangers[0]}=https://…"
        )


def channels_from_environment(environ: Mapping[str, str], stream: TextIO) -> tuple[NamedChannel, ...]:
    """The terminal on `stream`, then one channel an address in `CLEARANCE_ALERT_URLS`.

    Addresses are separated by spaces or commas; one may be preceded by a name and `=`. `http` and
    `https` are raw webhooks that get our JSON; any other scheme goes to Apprise. Raises
    `InvalidInput`, naming an address by its position only: addresses hold tokens.
    """
    channels = [NamedChannel(TerminalChannel(stream), TERMINAL)]
    urls = [url for url in _BETWEEN.split(environ.get(VARIABLE, "").strip(" ,\t\n")) if url]
    for position, url in enumerate(urls, start=1):
        try:
            channel = _named(url.rstrip(","), {known.label for known in channels})
        except (InvalidInput, ValueError) as error:
            why = error if isinstance(error, InvalidInput) else "it is no valid address"
            raise InvalidInput(f"{VARIABLE}, address {position}: {why}") from error
        if channel.name not in {known.name for known in channels}:
            channels.append(channel)
    return tuple(channels)


def _named(url: str, taken: set[str | None]) -> NamedChannel:
    match = _NAME.match(url)
    if match is None:
        return NamedChannel(_channel(url))
    if match[1] in taken or match[1] == EVERY_CHANNEL:
        raise InvalidInput(f"the name {match[1]} is taken: choose another")
    return NamedChannel(_channel(url[match.end() :]), match[1])


def _channel(url: str) -> Channel:
    scheme = urlsplit(url).scheme
    if not scheme or "://" not in url:
        raise InvalidInput("write it as scheme://…, for example https://hooks.example.org/clearance")
    return WebhookChannel(url) if scheme in {"http", "https"} else AppriseChannel(url)
