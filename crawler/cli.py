"""The command line: the program, and the exit code of whatever its commands raise."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress

from crawler.commands.loading import loading

with loading():
    from crawler.commands import streams
    from crawler.commands.option_types import WrongWord
    from crawler.commands.output import say
    from crawler.commands.program import make_program
    from crawler.configuration.environment import WrongSetting
    from crawler.configuration.exit_codes import BELOW_EXPECTATION, HEALTHY, INTERRUPTED, REFUSED, WRONG_USE


def process() -> None:
    """The entry point of a process of its own: the program, and nothing behind its end.

    Once all threads have ended and all handlers were called, Python takes apart what was loaded, and looks
    through all objects three times: 0.4 s after a crawl (2026-11-26). The system takes it all back as well.
    """
    code = 1  # of an error that Python tells

    def leave() -> None:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # it takes nothing more, or is closed
                stream.flush()
        os._exit(code)

    atexit.register(leave)  # before any other: called behind them
    try:
        main()
        code = HEALTHY
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)  # as Python does
        raise


def main() -> None:
    """The program, and its end even where a thread of it does not come back."""
    streams.open_closed()
    try:
        _main()
    except SystemExit as end:
        if "crawler.run.standstill" in sys.modules:  # a run was made
            from crawler.run.standstill import leave_if_stood_still

            leave_if_stood_still(int(end.code or 0))
        raise


def _main() -> None:
    """Every expected failure is one sentence and its exit code."""
    try:
        try:
            with loading():
                program = make_program(*sys.argv[1:2])
            program()
        finally:
            streams.flush()
    except KeyboardInterrupt:
        say("interrupted")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever read our answer has enough
        streams.forsake_output()
        sys.exit(HEALTHY)
    except Exception as error:
        if (told := exit_of(error)) is None:
            raise
        if streams.is_of_output(error):
            streams.forsake_output()
        code, sentence = told
        say(sentence)
        sys.exit(code)


def exit_of(error: Exception) -> tuple[int, str] | None:
    """The exit code and the sentence of an expected failure; None: it is a fault of ours."""
    error = _refused(error)
    code = _code_of(error)
    return None if code is None else (code, _sentence(error))


def _refused(error: Exception) -> Exception:
    """What a database said no to where nobody has told it yet, as a refusal; else the error."""
    if type(error).__module__.partition(".")[0] not in ("sqlalchemy", "psycopg", "sqlite3"):
        return error
    from storage.database.refusal import refusal_of

    return refusal_of(error) or error


def _code_of(error: Exception) -> int | None:
    """The exit code of an expected failure; None: it is a fault of ours.

    What a database refuses is asked for here and not above: ``--help`` need not load SQLAlchemy to end well.
    """
    from pydantic import ValidationError

    from crawler.orders.told_to_stop import NotBegun
    from storage.database.opening import DatabaseRefused, WrongUrl
    from storage.database.shortage import shortage
    from storage.query.reader import WrongStatement

    if isinstance(error, (WrongWord, WrongSetting, WrongStatement, WrongUrl, ValidationError)):
        return WRONG_USE
    if isinstance(error, OSError | UnicodeEncodeError) or shortage(error) is not None:
        return REFUSED
    if isinstance(error, NotBegun):
        return BELOW_EXPECTATION
    return REFUSED if isinstance(error, DatabaseRefused) else None


def _sentence(error: Exception) -> str:
    from pydantic import ValidationError

    from storage.database.shortage import shortage

    if isinstance(error, UnicodeEncodeError):
        return streams.letters(error)
    if (short := shortage(error)) is not None:
        return short
    if isinstance(error, OSError) and error.errno is not None:
        return streams.sentence(error)
    return error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)


if __name__ == "__main__":
    process()
