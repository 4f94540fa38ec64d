"""Why a certificate is refused, in words of whoever keeps the archive. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from cryptography import x509
from cryptography.hazmat.bindings.openssl.binding import Binding
from cryptography.x509.oid import NameOID
from OpenSSL.SSL import X509VerificationCodes as Code
from service_identity import CertificateError
from service_identity.hazmat import DNS_ID, DNSPattern, IPAddress_ID, IPAddressPattern

Address = IPv4Address | IPv6Address | IPv4Network | IPv6Network

SHOWN_NAMES, SHOWN_LETTERS = 5, 60
"""Of the names in a certificate, which a stranger may have written: a reason is one line. Our choice."""

_UNKNOWN_ISSUER = (
    Code.ERR_UNABLE_TO_GET_ISSUER_CERT,
    Code.ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    Code.ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
)


def why_not_trusted(host: str, shown: x509.Certificate, number: int, depth: int, now: datetime) -> str:
    """What is wrong with a certificate of a host's chain.

    Args:
        shown: the certificate at which the chain was refused.
        number: OpenSSL's of the error.
        depth: 0: it is the host's own; 1: of who vouches for that one, and so on.
    """
    whose = f"the certificate of {host}"
    if depth:
        whose += f" rests on one ({_named(shown.subject)}) that"
    return f"{whose} {_what(shown, number, now)}{_accepted(host)}"


def _what(shown: x509.Certificate, number: int, now: datetime) -> str:
    clock = f"this machine's clock says {now.date().isoformat()}"
    if number == Code.ERR_CERT_HAS_EXPIRED:
        return f"expired on {shown.not_valid_after_utc.date().isoformat()} ({clock})"
    if number == Code.ERR_CERT_NOT_YET_VALID:
        first = shown.not_valid_before_utc.date().isoformat()
        return f"is not valid before {first} ({clock}: is it right?)"
    if number == Code.ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "is signed by itself: nobody vouches for it"
    if number == Code.ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "vouches for itself and is unknown to this machine"
    if number in _UNKNOWN_ISSUER:
        return (
            f"was issued by {_named(shown.issuer)}, unknown to this machine "
            "(or the server does not send all of its chain)"
        )
    words = Binding.ffi.string(Binding.lib.X509_verify_cert_error_string(number)).decode("ascii", "replace")
    return f"cannot be trusted: {words}"


def why_of_another(host: str, shown: x509.Certificate) -> str | None:
    """What is wrong where a certificate names others than its host; None where it names that.

    A name that cannot be read (an address as the name of a host, ``w*.example.kr``) is nobody's. The common
    name counts for nothing (RFC 9525, section 2).
    """
    try:
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        names = x509.SubjectAlternativeName([])
    except ValueError as error:
        return f"the certificate of {host} cannot be read ({_cut(str(error))}){_accepted(host)}"
    hosts, addresses = names.get_values_for_type(x509.DNSName), names.get_values_for_type(x509.IPAddress)
    if _is_named(host, hosts, addresses):
        return None
    others = [*hosts, *map(str, addresses)]
    whose = (
        f"for {_listed(others)}" if others else f"that names no host (its owner is {_named(shown.subject)})"
    )
    return f"{host} shows a certificate {whose}{_accepted(host)}"


def _is_named(host: str, hosts: list[str], addresses: Sequence[Address]) -> bool:
    try:
        asked = IPAddress_ID(host)
    except ValueError:
        return any(DNS_ID(host).verify(one) for one in map(_pattern, hosts) if one is not None)
    return any(asked.verify(IPAddressPattern(one)) for one in addresses)  # type: ignore[arg-type]


def _pattern(name: str) -> DNSPattern | None:
    try:
        return DNSPattern.from_bytes(name.encode())
    except CertificateError:
        return None


def _listed(names: Sequence[str]) -> str:
    more = len(names) - SHOWN_NAMES
    shown = ", ".join(map(_cut, names[:SHOWN_NAMES]))
    return f"{shown} and {more} more" if more > 0 else shown


def _named(whom: x509.Name) -> str:
    """The common name, else the organisation, else what there is."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for one in whom.get_attributes_for_oid(kind):
            return f'"{_cut(str(one.value))}"'
    return f'"{_cut(whom.rfc4514_string())}"'


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}..."


def _accepted(host: str) -> str:
    return f"; NEWSARCHIVE_UNVERIFIED_HOSTS={host} takes it all the same"
