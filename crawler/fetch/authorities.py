"""The authorities that vouch for sites: whom this machine trusts."""

from __future__ import annotations

import os
import re
import ssl
from pathlib import Path

from OpenSSL import SSL

FILE, FOLDER = "SSL_CERT_FILE", "SSL_CERT_DIR"
"""Of OpenSSL, as every program that uses it knows them."""
ELSEWHERE = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS
)
"""Where systems have them, for a Python that was built on another one."""
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
"""What OpenSSL looks for in a folder (``openssl rehash``)."""


class NoAuthorities(Exception):
    """This machine trusts nobody, so it can verify nobody; the message says what is lacking."""


def trust_authorities(context: SSL.Context) -> None:
    """Trust whom the variables of OpenSSL name, and them alone; else whom this machine trusts.

    Raises:
        NoAuthorities: there are none.
    """
    file, folders = os.environ.get(FILE) or None, os.environ.get(FOLDER) or None
    named = " and ".join(f"{name}={value}" for name, value in ((FILE, file), (FOLDER, folders)) if value)
    if not named:
        file, folders = _of_this_machine()
    if not (file or (folders and _has_hashed(folders))):
        raise NoAuthorities(_nobody(f"{named} holds none" if named else "this machine has none"))
    try:
        context.load_verify_locations(file, folders)
    except SSL.Error as error:
        raise NoAuthorities(_nobody(f"{named or file} cannot be read, or holds none")) from error


def lacking_authorities() -> str | None:
    """Why nobody can be verified here; None: it can be."""
    try:
        trust_authorities(SSL.Context(SSL.TLS_METHOD))
    except NoAuthorities as lacking:
        return str(lacking)
    return None


def _of_this_machine() -> tuple[str | None, str | None]:
    built = ssl.get_default_verify_paths()
    file = built.openssl_cafile if Path(built.openssl_cafile).is_file() else None
    folder = built.openssl_capath if _has_hashed(built.openssl_capath) else None
    if file or folder:
        return file, folder
    return next((known for known in ELSEWHERE if Path(known).is_file()), None), None


def _has_hashed(folders: str) -> bool:
    try:
        inside = (file for one in folders.split(os.pathsep) if one for file in Path(one).iterdir())
        return any(_HASHED.fullmatch(file.name) for file in inside)
    except OSError:
        return False


def _nobody(why: str) -> str:
    return (
        f"No site can prove who it is here: there are no certificates of those who vouch for sites ({why}). "
        f"Install them (Debian, Ubuntu: apt install ca-certificates), or name a file of them in {FILE}"
    )
