"""Who answers must be who was asked: each certificate is verified before a byte of an answer is believed.

Twisted's own judge of names takes a certificate for any host's whose names it cannot read, or that has none
(26.10: what its callback throws is logged, and the chain's verdict stands). Here what is not understood is
refused, and why is told.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import cached_property
from typing import Any

from crawler.fetch import scrapy_tls  # noqa: F401  before Scrapy's classes of TLS are loaded in their own way

# isort: split
from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from crawler.configuration.variables import Configuration
from crawler.fetch.authorities import trust_authorities
from crawler.fetch.certificate_words import why_not_trusted, why_of_another
from crawler.fetch.wire_words import inner_errors
from storage.clock import utc_now

Judge = Callable[[SSL.Connection, X509, int, int, int], bool]


class CertificateRefused(IgnoreRequest):
    """Who answers did not prove to be who was asked; the message is the outcome's reason.

    It is not asked again in this run: a certificate is what it is.
    """


def refused_certificate(error: BaseException) -> CertificateRefused | None:
    """Why a download failed, where it was for its certificate."""
    return next((one for one in inner_errors(error) if isinstance(one, CertificateRefused)), None)


class CertificateVerifier(_ScrapyClientContextFactory):
    """Scrapy's settings of TLS; a certificate is verified but where the operator takes it unverified."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(tls_ciphers=crawler.settings["DOWNLOADER_CLIENT_TLS_CIPHERS"])
        self._said: Configuration = crawler.settings["NEWSARCHIVE"]

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  Twisted's name
        """Twisted's hook. Raises NoAuthorities, at the first host that is to be verified."""
        host = hostname.decode("ascii")
        if self._said.takes_unverified(host):
            return super().creatorForNetloc(hostname, port)
        return VerifiedHost(self._context, host)

    @cached_property
    def _context(self) -> SSL.Context:
        """Made once: to read the authorities takes 12 ms (2026-11-27)."""
        context = self._get_context()
        trust_authorities(context)
        return context


@implementer(IOpenSSLClientConnectionCreator)
class VerifiedHost:
    """Makes the connections to one host, each of which ends unless the host proves to be it."""

    def __init__(self, context: SSL.Context, host: str) -> None:
        self._context = context
        self._host = host

    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802, N803  Twisted's names
        """Twisted's hook."""
        connection = SSL.Connection(self._context)
        if not (isIPAddress(self._host) or isIPv6Address(self._host)):  # RFC 6066, 3: no name is an address
            connection.set_tlsext_host_name(self._host.encode("ascii"))
        connection.set_verify(
            SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._judge(weakref.ref(tlsProtocol))
        )
        return connection

    def _judge(self, protocol: weakref.ref[TLSMemoryBIOProtocol]) -> Judge:
        def judge(_connection: SSL.Connection, shown: X509, number: int, depth: int, ok: int) -> bool:
            why = self._why_refused(shown, None if ok else number, depth)
            if why is not None and (asking := protocol()) is not None:
                refused = Failure(CertificateRefused(why))  # type: ignore[no-untyped-call]
                asking.failVerification(refused)  # type: ignore[no-untyped-call]
            return why is None

        return judge

    def _why_refused(self, shown: X509, number: int | None, depth: int) -> str | None:
        """What is wrong with one certificate of a chain; that its own names are the host's is asked last."""
        certificate = shown.to_cryptography()
        if number is not None:
            return why_not_trusted(self._host, certificate, number, depth, utc_now())
        return why_of_another(self._host, certificate) if depth == 0 else None
