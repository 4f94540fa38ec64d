"""The command ``serve``: the reading room."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.option_types import Seconds, WholeNumber
from crawler.commands.options import Dir, configured
from crawler.configuration.environment import WrongSetting
from crawler.configuration.named import text_of

if TYPE_CHECKING:
    from crawler.configuration.environment import Configuration

LOOPBACK, PORT, SECONDS = "127.0.0.1", 8001, 10.0
"""Our choices: this machine alone, Datasette's port, and longer than any selective question takes."""
MISSING = "the reading room needs Datasette: pip install 'newsarchive[serve]'"


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen at; another than loopback needs a password.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option(parser=WholeNumber("--port", 0, 65535), help="0: any.")] = PORT,
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--password-file", help="A file whose first line is the password. [NEWSARCHIVE_SERVE_PASSWORD]"
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(parser=Seconds("--seconds"), help="How long a page or statement may ask.")
    ] = SECONDS,
    directory: Dir = None,
) -> None:
    """Open the reading room: search, articles, coverage, tables and SQL in a browser."""
    if find_spec("datasette") is None or find_spec("uvicorn") is None:
        raise WrongSetting(MISSING)
    from crawler.orders.told_to_stop import hung_up_as_told
    from crawler.serve.server import Serving
    from crawler.serve.server import serve as open_room

    if seconds <= 0:
        raise WrongSetting("--seconds takes more than 0: no page is made in no time")
    settings = configured(dir=directory)
    serving = Serving(
        url=settings.url, host=host, port=port, password=_password(settings, password_file), seconds=seconds
    )
    with hung_up_as_told():
        open_room(
            serving, lambda address: typer.echo(f"reading room at {address} (Ctrl-C ends it)", err=True)
        )


def _password(settings: Configuration, file: Path | None) -> str | None:
    """The password; None: there is none. It is not repeated in any message."""
    if file is None:
        return settings.serve_password.get_secret_value() if settings.serve_password else None
    try:
        lines = text_of(file).splitlines()
    except OSError as error:
        raise WrongSetting(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise WrongSetting(f"{file} is not UTF-8") from error
    if not lines or not lines[0].strip():
        raise WrongSetting(f"{file} holds no password in its first line")
    return lines[0].strip()
