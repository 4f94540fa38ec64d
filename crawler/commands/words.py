"""Words of the command line that begin as options do, and are none."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand


class CommandOfWords(TyperCommand):
    """A command whose words may begin with a minus sign: they go behind ``--``, where nothing is an option.

    An option's value, and what stands behind ``--`` already, are left as they are.
    """

    word: re.Pattern[str]
    """What of all that begins so, and is no option of the command, is a word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        takes_value = {
            name: not getattr(one, "is_flag", False) for one in self.get_params(ctx) for name in one.opts
        }
        options: list[str] = []
        words: list[str] = []
        value = False
        for given in args[:end]:
            name = given.partition("=")[0]
            is_option = given.startswith("-") and (name in takes_value or not self.word.match(given))
            (options if value or (is_option and given != "-") else words).append(given)
            value = not value and takes_value.get(given, False)
        if value:  # the last option lacks its value, which click says
            return super().parse_args(ctx, options)
        return super().parse_args(ctx, [*options, "--", *words, *args[end + 1 :]])


class SearchWords(CommandOfWords):
    """``-중국`` is a word; ``--limitt`` and ``-x`` are options that do not exist."""

    word = re.compile(r"-(?!-|[A-Za-z]\Z)(?=.)", re.DOTALL)


class SqlWords(CommandOfWords):
    """``-- a comment and its statement`` is a word: no option's name has white space in it."""

    word = re.compile(r"-.*\s", re.DOTALL)
