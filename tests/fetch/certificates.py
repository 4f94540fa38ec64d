"""Certificates that the tests make: of a root of their own, and everything that can be wrong with one."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.UTC)


def days(count: int) -> datetime.datetime:
    return NOW + datetime.timedelta(days=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def write(self, path: Path, *chain: Pair) -> Path:
        """As a server wants it: its own, its key, and those between."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(b"".join([self.pem, key, *(one.pem for one in chain)]))
        return path


def made(
    owner: str,
    names: Sequence[str] = (),
    *,
    issuer: Pair | None = None,
    authority: bool = False,
    since: int = -10,
    until: int = 90,
    weak: bool = False,
) -> Pair:
    """A certificate. Without an issuer it signs itself; ``since`` and ``until`` are days from now."""
    key = rsa.generate_private_key(65537, 1024) if weak else ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, owner)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(issuer.certificate.subject if issuer else whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(days(since))
        .not_valid_after(days(until))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_named(name) for name in names]), critical=False
        )
    signer = issuer.key if issuer else key
    return Pair(certificate=builder.sign(signer, hashes.SHA256()), key=key)


def _named(name: str) -> x509.GeneralName:
    """``@`` before an address that stands as the name of a host."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.removeprefix("@"))
