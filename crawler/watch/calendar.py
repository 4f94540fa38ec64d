"""The ledger as a calendar heat map: in the terminal, as SVG, as PNG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.text import Text

from crawler.watch.gaps import Gap, LedgerDay

CELL, SPACE, LEFT, TOP, BLOCK = 13, 3, 46, 44, 34
"""Pixels: a day, the space around it, the margins, and what stands between two sources."""
STEP, SIGN = CELL + SPACE, 10
"""Pixels: from a day to the next, and the height of the sign in it."""

NOTHING, GAP, CANNOT = "#e6e8eb", "#f2994a", "#c0392b"
SCALE = ("#c9e3f5", "#8cc1e6", "#4a97cf", "#1f6cab", "#0c4478")
"""Few to many articles listed; blue and orange are told apart by the colour-blind too, and what lacks
something carries the terminal's sign besides: red and dark blue are alike to some, and in grey."""
INK, PAPER = "#24292f", "#ffffff"
_ON_COLOUR = {GAP: INK, CANNOT: PAPER}
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
    most: int
    """On one day: the darkest colour."""

    @property
    def heading(self) -> str:
        return f"{self.source}: {self.listed:,} listed, at most {self.most:,} a day"


def calendars(days: Sequence[LedgerDay], gaps: Iterable[Gap]) -> list[Calendar]:
    """A calendar for each source; the darkest colour is the source's fullest day."""
    lacking = {(gap.source, gap.day): gap for gap in gaps}
    found = []
    for source in sorted({one.source for one in days}):
        ours = [one for one in days if one.source == source]
        most = max(one.listed for one in ours)
        cells = tuple(_cell(one, most, lacking.get((source, one.day))) for one in ours)
        listed = sum(one.listed for one in ours)
        found.append(Calendar(source=source, cells=cells, listed=listed, most=most))
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


def terminal(calendar: Calendar, width: int = 80) -> Iterator[Text]:
    """The calendar as lines: a week is a column, Monday is the first line; long ones go on below.

    Args:
        width: columns of the terminal, 12 at least.
    """
    first = _monday(calendar.cells[0].day)
    weeks = (_monday(calendar.cells[-1].day) - first).days // 7 + 1
    fitting = max(4, (width - 4) // 2)
    yield Text(calendar.heading, style="bold")
    by_day = {cell.day: cell for cell in calendar.cells}
    for start in range(0, weeks, fitting):
        yield from _band(by_day, first + timedelta(weeks=start), min(fitting, weeks - start))


def _band(by_day: Mapping[date, Cell], first: date, weeks: int) -> Iterator[Text]:
    yield Text("    " + _month_line(first, weeks, max(by_day)))
    for weekday in range(7):
        line = Text(f"{_DAYS[weekday]:<4}")
        for week in range(weeks):
            cell = by_day.get(first + timedelta(weeks=week, days=weekday))
            line.append(
                cell.sign if cell else " ", style=_STYLES.get(cell.colour, "bright_blue") if cell else None
            )
            line.append(" " if week + 1 < weeks else "")
        yield line


_STYLES = {GAP: "bold yellow", CANNOT: "bold red", NOTHING: "dim"}
"""The terminal's own colours, which its user can read: the pictures' darkest blue is lost on black."""


def _month_line(first: date, weeks: int, last: date) -> str:
    """Months above the week in which they begin."""
    line = [" "] * max(2 * weeks, len("Jan'27"))
    for week, name in _month_starts(first, weeks, last):
        if 2 * week + len(name) <= len(line):
            line[2 * week : 2 * week + len(name)] = name
    return "".join(line).rstrip()


def _month(day: date) -> str:
    """``Feb``, and ``Jan'27`` where the year begins."""
    return f"{day:%b'%y}" if day.month == 1 else f"{day:%b}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# --- pictures -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A square, or words whose first letter stands at ``x`` and whose middle at ``y``."""

    x: int
    y: int
    colour: str = INK
    text: str | None = None
    title: str = ""
    size: int = 11
    sign: str = ""
    """In the middle of a square."""


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
    marks = [Mark(x=LEFT, y=20, text=f"newsarchive coverage {since} to {until}", size=14)]
    top = TOP
    for calendar in found:
        marks.append(Mark(x=LEFT, y=top + 7, text=calendar.heading, size=12))
        grid = top + 40
        marks += _months(first, weeks, until, grid - 10)
        marks += _days_of_week(grid)
        marks += [_square(cell, first, grid) for cell in calendar.cells]
        top = grid + 7 * STEP + BLOCK
    legend = list(_legend(top - 12))
    right = max(mark.x + _length(mark) for mark in (*marks, *legend))
    width = max(LEFT + weeks * STEP, right) + 16
    return Picture(width=width, height=top + 24, marks=(*marks, *legend))


def _days_of_week(grid: int) -> Iterator[Mark]:
    for weekday, name in enumerate(_DAYS):
        if name:
            yield Mark(x=8, y=grid + weekday * STEP + CELL // 2, text=name)


def _square(cell: Cell, first: date, grid: int) -> Mark:
    week = (cell.day - first).days // 7
    x, y = LEFT + week * STEP, grid + cell.day.weekday() * STEP
    sign = cell.sign if cell.colour in _ON_COLOUR else ""
    return Mark(x=x, y=y, colour=cell.colour, title=cell.title, sign=sign)


def _months(first: date, weeks: int, last: date, y: int) -> Iterator[Mark]:
    for week, name in _month_starts(first, weeks, last):
        yield Mark(x=LEFT + week * STEP, y=y, text=name)


def _month_starts(first: date, weeks: int, last: date) -> Iterator[tuple[int, str]]:
    """The weeks in which a month begins, and its name; the first week too where there is room."""
    sundays = [min(first + timedelta(weeks=week, days=6), last) for week in range(weeks)]
    begun = [week for week, sunday in enumerate(sundays) if sunday.day <= sunday.isoweekday()]
    if not begun or begun[0] > 3:
        begun.insert(0, 0)
    for week in begun:
        yield week, _month(sundays[week])


def _legend(y: int) -> Iterator[Mark]:
    x, middle = LEFT, y + CELL // 2
    for colours, word, sign in (
        ((NOTHING,), "nothing", ""),
        (SCALE, "few to many listed", ""),
        ((GAP,), "gap, can be filled", "!"),
        ((CANNOT,), "gap, cannot", "x"),
    ):
        for colour in colours:
            yield Mark(x=x, y=y, colour=colour, sign=sign)
            x += STEP
        words = Mark(x=x + 2, y=middle, text=word)
        yield words
        x += 2 + _length(words) + 18


def _length(mark: Mark) -> int:
    """How far a mark reaches to the right."""
    return CELL if mark.text is None else round(_font(mark.size).getlength(mark.text))


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def as_svg(drawn: Picture) -> str:
    """The picture as SVG; each day tells its numbers when pointed at."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawn.width}" height="{drawn.height}" '
        f'viewBox="0 0 {drawn.width} {drawn.height}" font-family="sans-serif">',
        f'<rect width="{drawn.width}" height="{drawn.height}" fill="{PAPER}"/>',
    ]
    for mark in drawn.marks:
        parts += _words(mark) if mark.text is not None else _rectangle(mark)
    return "\n".join([*parts, "</svg>\n"])


MIDDLE = 0.35
"""From the middle of a line down to its baseline, in heights of a sans-serif: half of a capital's 0.7.
Said in numbers, since not every viewer knows ``dominant-baseline``."""


def _words(mark: Mark) -> Iterator[str]:
    words = escape(mark.text or "")
    y = mark.y + MIDDLE * mark.size
    yield f'<text x="{mark.x}" y="{y:.1f}" font-size="{mark.size}" fill="{mark.colour}">{words}</text>'


def _rectangle(mark: Mark) -> Iterator[str]:
    yield (
        f'<rect x="{mark.x}" y="{mark.y}" width="{CELL}" height="{CELL}" rx="2" fill="{mark.colour}">'
        f"<title>{escape(mark.title)}</title></rect>"
    )
    if mark.sign:
        x, y = mark.x + CELL / 2, mark.y + CELL / 2 + MIDDLE * SIGN
        yield (
            f'<text x="{x}" y="{y:.1f}" font-size="{SIGN}" text-anchor="middle" pointer-events="none" '
            f'fill="{_ON_COLOUR[mark.colour]}">{mark.sign}</text>'
        )


def write_picture(drawn: Picture, path: Path, form: str) -> None:
    """Write a picture as ``svg`` or ``png``. Raises OSError: it cannot be written."""
    if form == "svg":
        path.write_text(as_svg(drawn), encoding="utf-8")
    else:
        _as_image(drawn).save(path, format="PNG", optimize=True)


def _as_image(drawn: Picture, scale: int = 2) -> Image.Image:
    """Drawn twice as large, for screens with fine pixels."""
    image = Image.new("RGB", (drawn.width * scale, drawn.height * scale), PAPER)
    draw = ImageDraw.Draw(image)
    for mark in drawn.marks:
        x, y, side = mark.x * scale, mark.y * scale, CELL * scale
        if mark.text is not None:
            draw.text((x, y), mark.text, fill=mark.colour, font=_font(mark.size * scale), anchor="lm")
            continue
        draw.rounded_rectangle((x, y, x + side - 1, y + side - 1), radius=2 * scale, fill=mark.colour)
        if mark.sign:
            middle, ink = (x + side / 2, y + side / 2), _ON_COLOUR[mark.colour]
            draw.text(middle, mark.sign, fill=ink, font=_font(SIGN * scale), anchor="mm")
    return image
