"""Which channels there are: the terminal, and what the environment names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TextIO
from urllib.parse import urlsplit

from alerts.apprise_channel import AppriseChannel
from alerts.channels import Channel, TerminalChannel, WebhookChannel
from domain.errors import InvalidInput

VARIABLE = "CLEARANCE_ALERT_URLS"

# A comma may stand inside an address (several mail recipients); between two it precedes a scheme.
_BETWEEN = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9+.-]*://)|\s+")


def channels_from_environment(environ: Mapping[str, str], stream: TextIO) -> tuple[Channel, ...]:
    """The terminal on `stream`, then one channel an address in `CLEARANCE_ALERT_URLS`.

    Addresses are separated by spaces or commas. `http` and `https` are raw webhooks that get our
    JSON; any other scheme goes to Apprise. Raises `InvalidInput`, naming an address by its position
    only: addresses hold tokens.
    """
    channels: list[Channel] = [TerminalChannel(stream)]
    urls = [url for url in _BETWEEN.split(environ.get(VARIABLE, "").strip(" ,\t\n")) if url]
    for position, url in enumerate(urls, start=1):
        try:
            channel = _channel(url.rstrip(","))
        except (InvalidInput, ValueError) as error:
            why = error if isinstance(error, InvalidInput) else "it is no valid address"
            raise InvalidInput(f"{VARIABLE}, address {position}: {why}") from error
        if channel.name not in {known.name for known in channels}:
            channels.append(channel)
    return tuple(channels)


def _channel(url: str) -> Channel:
    scheme = urlsplit(url).scheme
    if not scheme or "://" not in url:
        raise InvalidInput("write it as scheme://…, for example https://hooks.example.org/clearance")
    return WebhookChannel(url) if scheme in {"http", "https"} else AppriseChannel(url)
