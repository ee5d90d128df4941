"""Where a request comes from, as it is counted by whatever may be asked for only so often."""

import ipaddress
from typing import Final

from flask import request

HOME: Final = 64  # bits: a home of the newer internet has a whole block of addresses, and a new one whenever it likes


def network_address() -> str:
    """Whose connection it is: an address, or the block of addresses that one home has."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, HOME), strict=False))
    return str(address)
