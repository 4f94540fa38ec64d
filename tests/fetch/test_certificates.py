"""A host must prove to be who was asked: what is refused, in which words, and what that costs a run."""

from __future__ import annotations

import gzip
import json
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from OpenSSL import SSL
from twisted.python.failure import Failure

from crawler.fetch.authorities import NoAuthorities, lacking_authorities, trust_authorities
from crawler.fetch.certificates import VerifiedHost
from tests.crawl.conftest import stage_on
from tests.crawl.counting import ALLOWED, NONE, Asked, CountingServer, answer, page
from tests.fetch.certificates import NOW, Pair, days, made

ROOT = made("가상 인증기관", authority=True)
MIDDLE = made("Middle", issuer=ROOT, authority=True)
OLD = made("Old Middle", issuer=ROOT, authority=True, until=-2)
STRANGER = made("Stranger", authority=True)
HOST = "www.news.example"


def day(count: int) -> str:
    return days(count).date().isoformat()


TODAY = NOW.date().isoformat()
CLOCK = f"this machine's clock says {TODAY}"
UNKNOWN = "unknown to this machine (or the server does not send all of its chain)"
GOOD = made("x", [HOST], issuer=ROOT)


class Asking:
    """What Twisted hands over: it is told why a connection ends."""

    why: str | None = None

    def failVerification(self, reason: Failure) -> None:  # noqa: N802  Twisted's name
        self.why = str(reason.value)


def refused(folder: Path, host: str, shown: Pair, *chain: Pair) -> str | None:
    """Why a handshake with a host that shows this certificate ended; None: it came to its end."""
    (folder / "root.pem").write_bytes(ROOT.pem)
    trusting = SSL.Context(SSL.TLS_METHOD)
    trusting.load_verify_locations(str(folder / "root.pem"))
    asking = Asking()
    client = VerifiedHost(trusting, host).clientConnectionForTLS(asking)  # type: ignore[arg-type]
    client.set_connect_state()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.set_ciphers("DEFAULT@SECLEVEL=0")
    serving.load_cert_chain(shown.write(folder / "shown.pem", *chain))
    received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(received, sent, server_side=True)
    try:
        shake(client, server, received, sent)
    except SSL.Error:
        assert asking.why is not None
    else:
        assert asking.why is None
    return asking.why


def shake(
    client: SSL.Connection, server: ssl.SSLObject, received: ssl.MemoryBIO, sent: ssl.MemoryBIO
) -> None:
    done = False
    while not done:
        done = moved(client.do_handshake, SSL.WantReadError)
        received.write(client.bio_read(65536))
        done = moved(server.do_handshake, ssl.SSLWantReadError) and done
        if sent.pending:
            client.bio_write(sent.read())


def moved(step: Callable[[], None], waits: type[Exception]) -> bool:
    try:
        step()
    except waits:
        return False
    return True


@pytest.mark.parametrize(
    ("host", "names"),
    [
        (HOST, [HOST]),
        (HOST, ["*.news.example"]),
        (HOST, ["WWW.News.Example"]),
        (HOST, ["w*.example", "@127.0.0.1", "http://x", HOST]),  # the others are nobody's
        ("xn--hq1bm8jm9l.example", ["xn--hq1bm8jm9l.example"]),
        ("127.0.0.1", ["127.0.0.1"]),
        ("::1", ["::1"]),
    ],
)
def test_who_was_asked_is_believed(tmp_path: Path, host: str, names: list[str]) -> None:
    assert refused(tmp_path, host, made("x", names, issuer=MIDDLE), MIDDLE) is None


@pytest.mark.parametrize(
    ("shown", "chain", "said"),
    [
        (
            made("x", [HOST], issuer=ROOT, until=-3),
            (),
            f"the certificate of {HOST} expired on {day(-3)} ({CLOCK})",
        ),
        (
            made("x", [HOST], issuer=ROOT, since=3),
            (),
            f"the certificate of {HOST} is not valid before {day(3)} ({CLOCK}: is it right?)",
        ),
        (
            made("x", [HOST], issuer=OLD),
            (OLD,),
            f'the certificate of {HOST} rests on one ("Old Middle") that expired on {day(-2)} ({CLOCK})',
        ),
        (
            made("x", [HOST]),
            (),
            f"the certificate of {HOST} is signed by itself: nobody vouches for it",
        ),
        (
            made("x", [HOST], issuer=MIDDLE),
            (),
            f'the certificate of {HOST} was issued by "Middle", {UNKNOWN}',
        ),
        (
            made("x", [HOST], issuer=STRANGER),
            (),
            f'the certificate of {HOST} was issued by "Stranger", {UNKNOWN}',
        ),
        (
            made("x", [HOST], issuer=STRANGER),
            (STRANGER,),
            f'the certificate of {HOST} rests on one ("Stranger") that vouches for itself and is unknown to '
            "this machine",
        ),
        (
            made("x", [HOST], issuer=ROOT, weak=True),
            (),
            f"the certificate of {HOST} cannot be trusted: EE certificate key too weak",
        ),
        (
            made("x", ["a.example", "10.0.0.1"], issuer=ROOT),
            (),
            f"{HOST} shows a certificate for a.example, 10.0.0.1",
        ),
        (
            made("x", [f"n{n}.example" for n in range(99)], issuer=ROOT),
            (),
            f"{HOST} shows a certificate for n0.example, n1.example, n2.example, n3.example, n4.example "
            "and 94 more",
        ),
        # Twisted's own judge would take these for any host.
        (
            made(HOST, issuer=ROOT),
            (),
            f'{HOST} shows a certificate that names no host (its owner is "{HOST}")',
        ),
        (made("x", ["w*.example"], issuer=ROOT), (), f"{HOST} shows a certificate for w*.example"),
        (
            made("x", ["*.www.news.example"], issuer=ROOT),
            (),
            f"{HOST} shows a certificate for *.www.news.example",
        ),
        (made("x", ["*.example"], issuer=ROOT), (), f"{HOST} shows a certificate for *.example"),
        (ROOT, (), f'{HOST} shows a certificate that names no host (its owner is "가상 인증기관")'),
    ],
)
def test_who_was_not_is_refused_and_why(
    tmp_path: Path, shown: Pair, chain: tuple[Pair, ...], said: str
) -> None:
    assert refused(tmp_path, HOST, shown, *chain) == (
        f"{said}; NEWSARCHIVE_UNVERIFIED_HOSTS={HOST} takes it all the same"
    )


@pytest.mark.parametrize("name", ["127.0.0.2", "@127.0.0.1", HOST])
def test_an_address_is_no_name(tmp_path: Path, name: str) -> None:
    why = refused(tmp_path, "127.0.0.1", made("x", [name], issuer=ROOT))
    assert why is not None
    assert why.startswith(f"127.0.0.1 shows a certificate for {name.removeprefix('@')}; ")


def test_where_nobody_is_trusted_that_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good, bad = tmp_path / "root.pem", tmp_path / "bad.pem"
    good.write_bytes(ROOT.pem)
    bad.write_text("none")
    hashed = tmp_path / "hashed"
    hashed.mkdir()
    for file, folders, said in [
        (tmp_path / "gone.pem", "", f"(SSL_CERT_FILE={tmp_path}/gone.pem cannot be read, or holds none)"),
        (bad, "", f"(SSL_CERT_FILE={bad} cannot be read, or holds none)"),
        (tmp_path, "", f"(SSL_CERT_FILE={tmp_path} cannot be read, or holds none)"),
        ("", hashed, f"(SSL_CERT_DIR={hashed} holds none)"),
        ("", tmp_path / "gone", f"(SSL_CERT_DIR={tmp_path}/gone holds none)"),
    ]:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        monkeypatch.setenv("SSL_CERT_DIR", str(folders))
        with pytest.raises(NoAuthorities) as lacking:
            trust_authorities(SSL.Context(SSL.TLS_METHOD))
        assert said in str(lacking.value)
        assert lacking_authorities() == str(lacking.value)
    (hashed / "0123abcd.0").write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path}:{hashed}")
    assert lacking_authorities() is None


def test_a_run_refuses_once_and_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The certificate expires while the run goes on; then from the start; then it is taken unverified."""
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    good = made("x", ["localhost"], issuer=ROOT).write(tmp_path / "good.pem")
    old = made("x", ["localhost"], issuer=ROOT, until=-3).write(tmp_path / "old.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(good)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", "")
    number = "202611200900000001"

    def handle(asked: Asked, _before: int) -> bytes:
        if asked.target == "/.well-known/tdmrep.json":
            tls.load_cert_chain(old)
        if asked.target == "/robots.txt":
            return ALLOWED
        return answer(page("가상시 다리 세 곳", number)) if asked.target == f"/news/{number}" else NONE

    with CountingServer(handle, tls=tls) as server:
        origin = server.url.replace("127.0.0.1", "localhost")
        stage = stage_on(tmp_path / "archive", origin)
        words = ("fetch", f"https://www.fnnews.com/news/{number}", *stage.origins(), "--delay", "0")
        expired = f"the certificate of localhost expired on {day(-3)} ({CLOCK}); "
        assert stage.run(*words).code == 1
        assert [
            (row["outcome"], row["reason"].split("NEWS")[0])
            for row in stage.rows("SELECT outcome, reason FROM outcome")
        ] == [("failed", expired)]
        assert server.broken_off == 1, "a certificate is what it is: it is not asked for again"
        assert stage.run(*words).code == 1
        (reason,) = stage.column("SELECT reason FROM outcome WHERE outcome = 'blocked'")
        assert reason.startswith(f"robots.txt unreachable: {expired}")
        assert (server.broken_off, len(server.asked)) == (2, 2)
        nowhere = {"SSL_CERT_FILE": str(tmp_path / "gone.pem")}
        nobody = replace(stage, also=nowhere).run(*words)
        assert nobody.code == 4
        assert nobody.err.count("ERROR") == nobody.err.count("ERROR fnnews stopped: No site can prove") == 1
        taken = replace(stage, also=nowhere | {"NEWSARCHIVE_UNVERIFIED_HOSTS": "localhost"})
        assert taken.run(*words).code == 0
        assert json.loads(stage.column("SELECT settings FROM run")[-1])["unverified"] == "localhost"
    newest = max((stage.folder / "warc").iterdir(), key=lambda file: file.stat().st_mtime)
    assert 'unverified: "localhost"' in gzip.decompress(newest.read_bytes()).decode(), "each record says so"
