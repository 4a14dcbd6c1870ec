"""Which addresses the broker may connect to: none inside the person's own network unless they named that destination.

A web page, a document or a redirect can name any host; without this rule it could reach the router, a cloud's metadata service or
our own page (CWE-918). What counts is the address that is connected to: a name is resolved once, every answer is judged, and the
connection goes to one that was (a second look-up could answer otherwise). Addresses that carry another inside are judged by both.
Numbers in other clothes (2130706433, 0x7f.1, 0177.0.0.1) are refused as names: no honest host is written so (WHATWG URL, "ends in a
number"), and resolvers disagree on what they mean.

``is_inside``: the person's own mirror turned out to be inside their network, so what it points to may be there too, but never on this
machine, nor where a cloud keeps its metadata (link-local).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NUMBER = re.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?")
_HERE = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")
_INSIDE = (".local", ".internal", ".home.arpa", ".lan")
_METADATA = ("fd00:ec2::254", "100.100.100.200", "192.0.0.192")  # clouds' own that are not link-local
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


def refused_name(host: str, *, is_named: bool, is_inside: bool = False) -> str:
    """Why a host as it is written may not be connected to, in words; empty when it may."""
    if not host or len(host) > 253 or not host.isascii() or re.search(r"[\s/@\\?#%]", host):
        return "that is no host"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
            return "a number that is not written as an address"
        plain = host.rstrip(".").lower()
        is_here = plain in _HERE or plain.endswith(".localhost")
        if not is_named and (is_here or (not is_inside and (plain.endswith(_INSIDE) or "." not in plain))):
            return "a name inside your own network"
    return ""


def refused(address: Address, *, is_named: bool, is_inside: bool = False) -> str:
    """Why ``address`` may not be connected to, in words; empty when it may."""
    for one in _meant(address):
        if one.is_multicast or one.is_unspecified or one == ipaddress.IPv4Address("255.255.255.255"):
            return "an address that is no single machine"
        if not (is_named or is_public(one) or (is_inside and is_neighbour(one))):
            return "an address inside your own network"
    return ""


def is_neighbour(address: Address) -> bool:
    """Inside the person's network, and another machine's."""
    is_machine = not (address.is_loopback or address.is_link_local or address.is_unspecified or str(address) in _METADATA)
    return is_machine and not is_public(address)


def is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST and not any(address in network for network in _NAT64):
        return False  # only 2000::/3 was ever given out for the internet (IANA); fec0::/10 counts as global elsewhere
    return address.is_global


def _meant(address: Address) -> Iterator[Address]:
    """The address and those it carries: IPv4-mapped and -compatible, NAT64 (RFC 6052), 6to4, Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if any(address in network for network in _NAT64) or (int(address) >> 32 == 0 and int(address) > 1):
        yield low
