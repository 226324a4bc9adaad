"""Which names a request may call the server by, and which pages may send one.

A page of another site can make a browser ask a server on the visitor's own machine. It cannot
choose the ``Origin`` of its requests, and after it has let its own name point to this machine (DNS
rebinding) it cannot choose their ``Host`` either. Both are compared with the names that the server
is meant to have.
"""

import ipaddress
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

__all__ = ["LOCAL_NAMES", "allowed_names", "refusal"]

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
"""What this machine calls itself."""


def allowed_names(host: str, others: Iterable[str] = ()) -> frozenset[str]:
    """Return the names by which a server that listens at ``host`` may be called.

    Args:
        host: The address that the server listens at. At ``0.0.0.0`` or ``::``, all addresses, it
            may be called by any address in numbers, which no rebinding can forge, and by the name
            of this machine.
        others: Names that a proxy in front of it is called by.

    Returns:
        Names in lower case; ``"*"`` among them stands for any address in numbers.
    """
    names = {name.lower() for name in others} | LOCAL_NAMES
    if host in ("0.0.0.0", "::"):
        names |= {"*", socket.gethostname().lower(), socket.getfqdn().lower()}
    else:
        names.add(host.lower())
    return frozenset(names)


def refusal(headers: Mapping[str, str], names: frozenset[str]) -> str | None:
    """Return why a request is refused, or None.

    Args:
        headers: Its headers, with keys in lower case.
        names: What :func:`allowed_names` returns.

    Example:
        >>> names = allowed_names("127.0.0.1")
        >>> refusal({"host": "localhost:8080"}, names) is None
        True
        >>> refusal({"host": "example.org"}, names)
        'This server is not called example.org.'
        >>> refusal({"host": "localhost", "origin": "https://example.org"}, names)
        'Pages of https://example.org may not send requests here.'
    """
    host = headers.get("host", "")
    name = _name(f"//{host}")
    if name is None or not _is_among(name, names):
        return f"This server is not called {host or 'nothing'}."
    origin = headers.get("origin")
    if origin is None:  # a visitor typed the address or followed a link
        return None
    # The port as well: another server on this machine is another site. A proxy may end TLS, so
    # the scheme can differ from what arrives here.
    if urlsplit(origin).netloc.lower() == host.lower():
        return None
    return f"Pages of {origin} may not send requests here."


def _name(address: str) -> str | None:
    """Return the host of an address, without its port and in lower case; None if it has none."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _is_among(name: str, names: frozenset[str]) -> bool:
    if name in names:
        return True
    if "*" not in names:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
