"""The ledger as a calendar heat map: in the terminal, as SVG, as PNG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.text import Text

from crawler.ledger import Gap, LedgerDay

CELL, SPACE, LEFT, TOP, BLOCK = 13, 3, 46, 44, 34
"""Pixels: a day, the space around it, the margins, and what stands between two sources."""

NOTHING, GAP, CANNOT = "#e6e8eb", "#f2994a", "#c0392b"
SCALE = ("#c9e3f5", "#8cc1e6", "#4a97cf", "#1f6cab", "#0c4478")
"""Few to many articles listed; blue and orange are told apart by the colour-blind too."""
INK = "#24292f"
_DAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
_SIGNS = "·░▒▓██"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day of one source."""

    day: date
    colour: str
    sign: str
    """For terminals without colour."""
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One source's days."""

    source: str
    cells: tuple[Cell, ...]
    listed: int


def calendars(days: Sequence[LedgerDay], gaps: Iterable[Gap]) -> list[Calendar]:
    """A calendar for each source; the darkest colour is the source's fullest day."""
    lacking = {(gap.source, gap.day): gap for gap in gaps}
    found = []
    for source in sorted({one.source for one in days}):
        ours = [one for one in days if one.source == source]
        most = max(one.listed for one in ours)
        cells = tuple(_cell(one, most, lacking.get((source, one.day))) for one in ours)
        found.append(Calendar(source=source, cells=cells, listed=sum(one.listed for one in ours)))
    return found


def _cell(one: LedgerDay, most: int, gap: Gap | None) -> Cell:
    counts = ", ".join(f"{count} {name}" for name, count in sorted(one.counts.items()))
    title = f"{one.day} {one.source}: {one.listed} listed" + (f" ({counts})" if counts else "")
    if gap is not None:
        title += f"; {'; '.join(gap.reasons)}" + (f"; cannot be filled: {gap.why_not}" if gap.why_not else "")
        colour, sign = (GAP, "!") if gap.fillable else (CANNOT, "x")
    elif not one.listed:
        colour, sign = NOTHING, _SIGNS[0]
    else:
        step = min(len(SCALE) - 1, one.listed * len(SCALE) // (most + 1))
        colour, sign = SCALE[step], _SIGNS[step + 1]
    return Cell(day=one.day, colour=colour, sign=sign, title=title)


# --- the terminal ---------------------------------------------------------------------------------


def terminal(calendar: Calendar) -> Iterator[Text]:
    """The calendar as lines: a week is a column, Monday is the first line."""
    first = _monday(calendar.cells[0].day)
    weeks = (_monday(calendar.cells[-1].day) - first).days // 7 + 1
    yield Text(f"{calendar.source}: {calendar.listed:,} listed", style="bold")
    yield Text("    " + _month_line(first, weeks))
    by_day = {cell.day: cell for cell in calendar.cells}
    for weekday in range(7):
        line = Text(f"{_DAYS[weekday]:<4}")
        for week in range(weeks):
            cell = by_day.get(first + timedelta(weeks=week, days=weekday))
            line.append(f"{cell.sign} " if cell else "  ", style=cell.colour if cell else None)
        yield line


def _month_line(first: date, weeks: int) -> str:
    """Month numbers above the week in which they begin."""
    line = [" "] * (2 * weeks + 8)
    for week in range(weeks):
        monday = first + timedelta(weeks=week)
        if week == 0 or (monday + timedelta(days=6)).day <= 7:
            name = f"{(monday + timedelta(days=6)):%b}"
            if "".join(line[max(0, 2 * week - 3) : 2 * week]).strip():
                continue
            line[2 * week : 2 * week + len(name)] = name
    return "".join(line).rstrip()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# --- pictures -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A square or, with a text, a word."""

    x: int
    y: int
    colour: str = INK
    text: str | None = None
    title: str = ""
    size: int = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What SVG and PNG both draw."""

    width: int
    height: int
    marks: tuple[Mark, ...]


def picture(found: Sequence[Calendar], since: date, until: date) -> Picture:
    """All calendars below each other, with a legend."""
    first = _monday(since)
    weeks = (_monday(until) - first).days // 7 + 1
    step = CELL + SPACE
    marks = [Mark(x=LEFT, y=12, text=f"newsarchive coverage {since} to {until}", size=14)]
    top = TOP
    for calendar in found:
        marks.append(Mark(x=LEFT, y=top, text=f"{calendar.source}: {calendar.listed:,} listed", size=12))
        grid = top + 40
        marks += _months(first, weeks, grid - 18)
        for weekday, name in enumerate(_DAYS):
            if name:
                marks.append(Mark(x=8, y=grid + weekday * step + 1, text=name))
        for cell in calendar.cells:
            week = (cell.day - first).days // 7
            x, y = LEFT + week * step, grid + cell.day.weekday() * step
            marks.append(Mark(x=x, y=y, colour=cell.colour, title=cell.title))
        top = grid + 7 * step + BLOCK
    marks += _legend(top - 12)
    return Picture(width=max(LEFT + weeks * step + 16, 560), height=top + 24, marks=tuple(marks))


def _months(first: date, weeks: int, y: int) -> Iterator[Mark]:
    for week in range(weeks):
        sunday = first + timedelta(weeks=week, days=6)
        if sunday.day <= 7:
            yield Mark(x=LEFT + week * (CELL + SPACE), y=y, text=f"{sunday:%b}")


def _legend(y: int) -> Iterator[Mark]:
    x = LEFT
    for colour, word in (
        (NOTHING, "nothing"),
        (SCALE[0], "few"),
        (SCALE[2], ""),
        (SCALE[4], "many listed"),
        (GAP, "gap, can be filled"),
        (CANNOT, "gap, cannot"),
    ):
        yield Mark(x=x, y=y, colour=colour)
        if word:
            yield Mark(x=x + CELL + 5, y=y + 1, text=word)
        x += CELL + 10 + 7 * len(word)


def as_svg(drawn: Picture) -> str:
    """The picture as SVG; each day tells its numbers when pointed at."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawn.width}" height="{drawn.height}" '
        f'viewBox="0 0 {drawn.width} {drawn.height}" font-family="sans-serif">',
        f'<rect width="{drawn.width}" height="{drawn.height}" fill="#ffffff"/>',
    ]
    for mark in drawn.marks:
        if mark.text is not None:
            words = escape(mark.text)
            y = mark.y + mark.size
            parts.append(
                f'<text x="{mark.x}" y="{y}" font-size="{mark.size}" fill="{mark.colour}">{words}</text>'
            )
        else:
            parts.append(
                f'<rect x="{mark.x}" y="{mark.y}" width="{CELL}" height="{CELL}" rx="2" fill="{mark.colour}">'
                f"<title>{escape(mark.title)}</title></rect>"
            )
    return "\n".join([*parts, "</svg>\n"])


def write_picture(drawn: Picture, path: Path) -> None:
    """Write ``.svg`` or ``.png``, by the name's ending.

    Raises:
        ValueError: another ending.
        OSError: it cannot be written.
    """
    if path.suffix.lower() == ".svg":
        path.write_text(as_svg(drawn), encoding="utf-8")
    elif path.suffix.lower() == ".png":
        _as_image(drawn).save(path, format="PNG", optimize=True)
    else:
        raise ValueError(f"--output ends in .svg or .png; got {path.name!r}")


def _as_image(drawn: Picture, scale: int = 2) -> Image.Image:
    """Drawn twice as large, for screens with fine pixels."""
    image = Image.new("RGB", (drawn.width * scale, drawn.height * scale), "#ffffff")
    draw = ImageDraw.Draw(image)
    for mark in drawn.marks:
        x, y, side = mark.x * scale, mark.y * scale, CELL * scale
        if mark.text is not None:
            draw.text((x, y), mark.text, fill=mark.colour, font=ImageFont.load_default(mark.size * scale))
        else:
            draw.rounded_rectangle((x, y, x + side - 1, y + side - 1), radius=2 * scale, fill=mark.colour)
    return image
