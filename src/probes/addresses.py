"""Which IP addresses may be dialed: public ones, and those the operator names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from domain.errors import InvalidInput

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The only part of IPv6 space handed out for global unicast; everything else is special by definition.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Special-purpose blocks that the standard library of some Python 3.11 calls global.
_SPECIAL: tuple[Network, ...] = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("3fff::/20"),
)
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.IGNORECASE)


def why_not_public(address: Address) -> str | None:
    """Why an address must not be dialed, or None for a public one.

    Addresses that carry another inside (v4-mapped, 6to4, Teredo, NAT64) are judged by what they carry.
    """
    if isinstance(address, IPv6Address):
        for carried in _carried(address):
            why = why_not_public(carried)
            if why is not None:
                return f"{why}, carried in {address}"
        if address.ipv4_mapped is not None or address.sixtofour is not None or address in _NAT64:
            # Pythons differ about the prefixes themselves.
            return None
        if address not in _GLOBAL_UNICAST:
            return f"{address} is no global unicast address"
    if address.is_loopback:
        return f"{address} is a loopback address"
    if address.is_link_local:
        return f"{address} is a link-local address"
    if address.is_multicast:
        return f"{address} is a multicast address"
    if address.is_unspecified or address.is_reserved or not address.is_global:
        return f"{address} is not a public address"
    if any(address in network for network in _SPECIAL):
        return f"{address} is set aside for special use"
    return None


def _carried(address: IPv6Address) -> tuple[IPv4Address, ...]:
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts and blocks that the operator lets through although they are not public."""

    hosts: frozenset[str]
    networks: tuple[Network, ...]

    @staticmethod
    def of(entries: Sequence[str]) -> Allowed:
        """Read `HOST`, address or `CIDR` entries. Raises InvalidInput for anything else."""
        hosts: set[str] = set()
        networks: list[Network] = []
        for entry in entries:
            word = entry.strip()
            try:
                networks.append(ipaddress.ip_network(word.strip("[]")))
            except ValueError:
                numeric = word.replace(".", "").replace("/", "").isdigit()
                if numeric or not _HOST_NAME.fullmatch(word.rstrip(".")):
                    raise InvalidInput(
                        f"cannot allow {entry!r}: give a host name, an address, or a block such as 10.0.0.0/8 (no port)"
                    ) from None
                hosts.add(word.rstrip(".").lower())
        return Allowed(frozenset(hosts), tuple(networks))

    def host(self, host: str) -> bool:
        """Whether the operator named this very host."""
        return host.rstrip(".").lower() in self.hosts

    def address(self, address: Address) -> bool:
        """Whether the operator named this address or a block it lies in."""
        plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
        return any(plain in network for network in self.networks)
