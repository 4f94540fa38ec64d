"""The page docs/commands.md, made from the commands themselves: ``python -m crawler.reference``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer.main

from crawler.commands.program import make_program

HEAD = """# Commands

What does each command take? Made from the program by `make docs`; a test holds the two together. How they are
used: [operating](operating.md).
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_sections(typer.main.get_command(make_program()), "newsarchive")])


def _sections(command: Any, name: str) -> Iterator[str]:
    """One for each command; a group that does nothing by itself has none.

    Args:
        command: a command of typer's click.
    """
    inner = getattr(command, "commands", {})
    if not inner or command.invoke_without_command:
        yield f"## {name}\n\n{(command.help or '').strip()}\n"
        if rows := [_row(one) for one in command.params if not getattr(one, "hidden", False)]:
            yield "\n".join(["| argument or option | meaning | default |", "|---|---|---|", *rows, ""])
    for part in sorted(inner):
        yield from _sections(inner[part], f"{name} {part}")


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        takes = "" if parameter.is_flag else f" {parameter.metavar or _kind(parameter)}"
        names = ", ".join((*parameter.opts, *parameter.secondary_opts)) + takes
    else:
        names = (parameter.metavar or parameter.name.upper()).strip("{}")
    text = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
    return f"| `{names}` | {text} | {_default(parameter)} |"


def _kind(parameter: Any) -> str:
    annotation = parameter.type_descriptor.annotation
    return {"str": "TEXT", "int": "NUMBER", "float": "NUMBER", "Path": "PATH"}.get(
        annotation.__name__, "VALUE"
    )


def _default(parameter: Any) -> str:
    """What is taken where nothing is given; what is off or unset says it by itself."""
    if parameter.required:
        return "required"
    value = parameter.default
    if value is None or value is False or not str(value) or callable(value):
        return ""
    return f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(reference())
