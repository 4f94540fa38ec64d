"""The environment, read when asked. What reads it is loaded then: ``--help`` does without."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Set
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.configuration.words import DEFAULT_DELAY_S as DEFAULT_DELAY_S
from crawler.configuration.words import WrongSetting as WrongSetting
from crawler.configuration.words import wrong

if TYPE_CHECKING:
    from crawler.configuration.variables import Configuration as Configuration


def __getattr__(name: str) -> Any:
    """``Configuration`` for whoever asks for it here."""
    if name == "Configuration":
        from crawler.configuration.variables import Configuration

        return Configuration
    raise AttributeError(name)


def require_contact(configuration: Configuration, source: str) -> None:
    """No real site is asked by a crawler that does not say who runs it.

    Raises:
        WrongSetting: no contact, and the source is not played by another server.
    """
    if configuration.contact is None and source not in configuration.origins:
        raise WrongSetting(
            "set NEWSARCHIVE_CONTACT to an e-mail or web address before crawling a real site: "
            "it is sent in the user agent so that the site can reach you"
        )


def check_delay(configuration: Configuration, source: str) -> None:
    """A delay below one second is for servers on this machine only.

    Raises:
        WrongSetting: the source would be asked faster than the promise.
    """
    origin = configuration.origins.get(source, "")
    if configuration.delay < DEFAULT_DELAY_S and not on_this_machine(origin):
        raise WrongSetting(
            f"a delay below {DEFAULT_DELAY_S:g} s is only for a source whose --origin is on this machine, "
            f"not for {source}"
        )


def on_this_machine(url: str) -> bool:
    """Whether the URL's host is loopback by its name alone (no DNS look-up)."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def configuration() -> Configuration:
    """The settings as the environment gives them.

    Raises:
        WrongSetting: a variable holds a value that cannot be used, or is a setting's name misspelt: the
            default would hold in silence, and a crawl fill another archive.
    """
    from crawler.configuration.variables import misspelt

    for name, meant in misspelt():
        raise WrongSetting(f"{name} is no setting: mend the name (is it {meant}?), or unset it")
    return read_configuration({})


def read_configuration(values: Mapping[str, Any], options: Set[str] = frozenset()) -> Configuration:
    """The settings with ``values`` laid over the environment's.

    Args:
        options: the values that come from the command line: they are told by their option's name.

    Raises:
        WrongSetting: a value that cannot be used.
    """
    from pydantic import ValidationError

    from crawler.configuration.variables import Configuration

    try:
        return Configuration(**values)
    except ValidationError as error:
        # Without the input, which may hold a password.
        first = error.errors(include_input=False, include_context=False)[0]
        field = "_".join(str(part) for part in first["loc"])
        name = f"--{field.replace('_', '-')}" if field in options else f"NEWSARCHIVE_{field.upper()}"
        raise WrongSetting(f"{name}: {wrong(first['type'], first['msg'])}") from error
