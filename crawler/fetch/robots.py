"""robots.txt: what one answer means (RFC 9309). Pure.

The groups that bind us are chosen here, by our product token alone; protego, which looks for a group's name
anywhere in a whole user agent, is given only their rules and matches paths.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from protego import Protego

from crawler.coding import GZIP
from crawler.fetch.waits import seconds_in
from crawler.packing import damage, unpacked

PRODUCT_TOKEN = "newsarchive"  # noqa: S105  a name, no secret
"""What a robots.txt calls us: the user agent's first word, without its version."""
MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309 section 2.5: a crawler must read at least 500 KiB of robots.txt."""
WHOLE_FILES = (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION)
"""The answers that are the file. Any other 2xx is none yet (202: a check of the browser) or a part (206)."""

_AGENT = frozenset({"user-agent", "useragent", "user agent", "user_agent"})
_RULES = {
    **dict.fromkeys(("allow",), "allow"),
    **dict.fromkeys(
        ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
        "disallow",
    ),
    **dict.fromkeys(("crawl-delay", "crawl delay"), "crawl-delay"),
    **dict.fromkeys(("request-rate", "request rate"), "request-rate"),
    **dict.fromkeys(("visit-time", "visit time"), "visit-time"),
}
"""Fields as written (misspelled as protego knows them) -> the rule. Others do not touch a group
(RFC 9309 section 2.2.4)."""
_RULE_OF_A_PAGE = re.compile(
    rb"(?:^|[\r\n])[ \t]*(?:%b)[ \t]*:" % "|".join(map(re.escape, (*_RULES, "sitemap"))).encode(),
    re.IGNORECASE,
)
"""A line of a robots.txt that came as a web page. With its colon: a page that asks for consent has "Allow
all"; and no User-agent: a page that turns us away prints ours."""
_WORDS = re.compile(rb"^[ \t]*[^#\s]", re.MULTILINE)
_FIELD = re.compile(
    rb"(?:^|[\r\n])[ \t]*(?:(?:%b)[ \t]*[: \t]|(?:sitemap|host)[ \t]*:)"
    % "|".join((*_AGENT, *_RULES)).encode(),
    re.IGNORECASE,
)
"""Any line of a file: written with a blank in place of its colon too, as ``_records`` reads it."""
_RUN_ON = re.compile(r" (?=(?:user-?agent|(?:dis)?allow|crawl-delay|sitemap) *:)", re.IGNORECASE)
"""Where a field begins within a line: an editor that took a file's line ends for spaces."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_RATE = re.compile(r"([0-9]{1,9}) */ *([0-9]+ *[a-z]*)", re.IGNORECASE)
_UNPRINTED = re.compile(rb"[^\x20-\x7e]")
_UNSEEN = re.compile(rb"\xef\xbb\xbf|\xc3\xaf\xc2\xbb\xc2\xbf|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0")
"""What an editor or a paste leaves before a rule, and nobody sees: a byte order mark, one that was taken for
Latin and encoded again, spaces and marks without width."""
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NO_BREAK_SPACE = "\xa0".encode()
_WIDE_COLON = re.compile(rb"(?m)^([ \t]*[A-Za-z-]{3,20}[ \t]*)\xef\xbc\x9a")
"""What a keyboard that is set to Korean or Chinese writes for the colon of a rule."""
_CONTROLS = bytes({*range(32)} - set(b"\t\n\r"))
_TAG = re.compile(rb"</?[A-Za-z!][^<>]{0,200}>")
"""What an editor for web pages puts around the lines of a robots.txt (``User-agent: *<br>``): to the letter
the group would be for a robot of that name, and forbid us nothing."""


@dataclass(frozen=True, slots=True)
class RobotsVerdict:
    """What a host's robots.txt says: parsed, missing, or unreadable for now."""

    rules: Protego | None
    """The rules that bind us, as if they were meant for everybody."""
    missing: bool
    why: str
    delay_s: float | None = None
    """Seconds between two requests that it asks for; None: it asks for none."""
    page: bool = False
    """Something else came in its place: a soft 404, or a login, a block or an error message for a while."""

    @property
    def unreachable(self) -> bool:
        return self.rules is None and not self.missing

    def allows(self, url: str, agent: str, *, explicit: bool) -> bool:
        if self.rules is not None:
            return bool(self.rules.can_fetch(url, agent))
        return self.missing and not explicit


def newest(older: RobotsVerdict | None, newer: RobotsVerdict) -> RobotsVerdict:
    """What a host says that was asked again: its older copy while the file is unreachable (RFC 9309, 2.4), or
    a web page stands in its place."""
    untold = newer.unreachable or newer.page
    return older if older is not None and untold and not older.unreachable else newer


def robots_verdict(
    status: int, body: bytes, *, cut_off: bool = False, unmeasured: bool = False
) -> RobotsVerdict:
    """What one answer for /robots.txt means (RFC 9309 section 2.3.1; 429 counts as unreachable).

    Args:
        body: content-decoded.
        cut_off: not all of it came: what it forbids is unknown.
        unmeasured: nothing said how long it is: one that stops within a line may have been cut off.
    """
    if status in WHOLE_FILES:
        body = unpacked(body)
        if cut_off or (unmeasured and _stops_within(body)):
            return RobotsVerdict(None, missing=False, why="robots.txt unreachable: it came cut off")
        if body.startswith(GZIP):
            what = "its gzip is broken" if damage(body) else "it is too large without its gzip"
            return RobotsVerdict(None, missing=False, why=f"robots.txt unreachable: {what}")
        if other := _other_than_a_file(body):
            return RobotsVerdict(None, missing=True, why=f"no robots.txt ({status}, {other})", page=True)
        rules = rules_for_us(body)
        return RobotsVerdict(Protego.parse(rules), missing=False, why="allowed", delay_s=delay_in(rules))
    if 400 <= status < 500 and status != 429:
        return RobotsVerdict(None, missing=True, why=f"no robots.txt ({status})")
    return RobotsVerdict(None, missing=False, why=f"robots.txt unreachable: {status}")


def rules_for_us(body: bytes) -> str:
    r"""The rules of the groups that name us, else of those for everybody, as one group for everybody.

    >>> rules_for_us(b"User-agent: NewsArchive/2.0\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n")
    'User-agent: *\ndisallow: /a'
    >>> rules_for_us(b"User-agent: news\nDisallow: /a\n")
    'User-agent: *'
    """
    rules: dict[str, list[str]] = {}
    group: list[str] = []
    in_rules = False
    for name, value in _records(body):
        if name in _AGENT:
            group = [] if in_rules else group
            in_rules = False
            for whom in _whom(value):
                group.append(whom)
                rules.setdefault(whom, [])
        elif name in _RULES:
            in_rules = True
            for whom in dict.fromkeys(group):
                rules[whom].append(f"{_RULES[name]}: {_meant(_RULES[name], value)}")
    ours = rules.get(PRODUCT_TOKEN, rules.get("*", []))
    return "\n".join(["User-agent: *", *ours])


def _meant(rule: str, value: str) -> str:
    """What a Disallow forbids that is written as a whole address, or without its first slash: as meant.

    By the letter (RFC 9309 section 2.2.2) it would forbid nothing. An Allow is taken by the letter.
    """
    if rule != "disallow" or not value or value[0] in "/*$":
        return value
    return "/" + re.sub(r"^https?://[^/]*/?", "", value, flags=re.IGNORECASE)


def delay_in(rules: str) -> float | None:
    """Seconds between two requests that rules ask for: the longest of every Crawl-delay and Request-rate.

    >>> [delay_in(f"crawl-delay: {said}") for said in ("3 sec", "2,5", "2m", "nan")]
    [3.0, 2.5, 120.0, None]
    >>> [delay_in(f"request-rate: {said}") for said in ("1/10", "20/1m 0900-1700", "fast")]
    [10.0, 3.0, None]
    """
    asked: list[float] = []
    for line in rules.splitlines():
        name, _, value = line.partition(": ")
        if name == "crawl-delay":
            asked += seconds_in(value.replace(",", "."))
        elif name == "request-rate" and (rate := _RATE.match(value)):
            asked += [seconds / int(rate[1]) for seconds in seconds_in(rate[2]) if int(rate[1])]
    return max(asked, default=None)


def _whom(value: str) -> list[str]:
    """The product tokens that a group is for, lower-case; a version or words behind one do not count. Several
    may stand in one line (``googlebot, bingbot``), each in quotes."""
    return [_token(one.strip(" \"'")) for one in (value.split(",") if "(" not in value else [value])]


def _token(named: str) -> str:
    if named.split()[:1] == ["*"]:
        return "*"
    token = _TOKEN.match(named)
    return token[0].lower() if token else ""


def _records(body: bytes) -> Iterator[tuple[str, str]]:
    """The fields of a file and their values. What is not printed ASCII is percent-encoded, as in a URL."""
    for line in re.split(rb"[\r\n]+", _head(_as_utf8(body))):
        said = _UNPRINTED.sub(_escaped, line.partition(b"#")[0].replace(b"\t", b" ").strip()).decode("ascii")
        for one in _RUN_ON.split(said):
            yield from _record(one)


def _record(said: str) -> Iterator[tuple[str, str]]:
    name, colon, value = said.partition(":")
    if colon and _is_field(name):
        yield _field(name), value.strip()
        return
    words = said.split()
    for count in (1, 2):  # "Disallow /path" is meant so
        if _is_field(name := " ".join(words[:count])):
            yield _field(name), " ".join(words[count:])
            return


def _field(name: str) -> str:
    return " ".join(name.lower().split())


def _is_field(name: str) -> bool:
    return _field(name) in _AGENT or _field(name) in _RULES


def _escaped(byte: re.Match[bytes]) -> bytes:
    return b"%%%02X" % byte[0][0]


def _as_utf8(body: bytes) -> bytes:
    for mark, name in _UTF16:
        if body.startswith(mark):
            return _recoded(body[len(mark) :], name)
    return _recoded(body, _utf16_without_mark(body))


def _recoded(body: bytes, name: str | None) -> bytes:
    return body if name is None else body.decode(name, "replace").encode("utf-8", "replace")


def _utf16_without_mark(body: bytes) -> str | None:
    """UTF-16 of ASCII has a NUL in every other place, and in no other."""
    even, odd = body[:512:2], body[1:512:2]
    if odd and not any(odd) and 0 not in even:
        return "utf-16-le"
    return "utf-16-be" if even and not any(even) and 0 not in odd else None


def _other_than_a_file(body: bytes) -> str | None:
    """What stands in the place of the file: a web page or XML without a rule on any line, or words that are
    none of its fields and no comment; None: the file, be it empty."""
    text = _as_utf8(body)
    if _seen(text).lstrip().startswith(b"<"):
        return None if _RULE_OF_A_PAGE.search(_TAG.sub(b"\n", _seen(text))) else "a web page"
    head = _head(text)
    return "no line of one" if _WORDS.search(head) and not _FIELD.search(head) else None


def _stops_within(body: bytes) -> bool:
    """Whether the last line, which no line end follows, is the beginning of a field's name (``Disal``), or
    opens a group that has no rule yet. Half a path is taken as it stands: of a Disallow it forbids more."""
    last = re.split(rb"[\r\n]", _head(_as_utf8(body)))[-1].decode("utf-8", "replace").strip().lower()
    name, colon, _ = last.partition(":")
    if colon:
        return _field(name) in _AGENT
    return bool(last) and any(known.startswith(_field(last)) for known in (*_AGENT, *_RULES))


def _seen(text: bytes) -> bytes:
    """Without byte order marks and controls, with a space and a colon for what looks like them."""
    plain = _UNSEEN.sub(b"", text).replace(_NO_BREAK_SPACE, b" ").translate(None, _CONTROLS)
    return _WIDE_COLON.sub(rb"\1:", _with_line_ends(plain))


def _with_line_ends(text: bytes) -> bytes:
    r"""A file that came as a program writes a string, as JSON perhaps: ``"User-agent: *\nDisallow: /"``."""
    line = text.strip()
    if rb"\n" not in line or b"\n" in line or b"\r" in line:
        return text
    return line.strip(b"\"'").replace(rb"\r", b"").replace(rb"\n", b"\n")


def _head(text: bytes) -> bytes:
    """At most so much of the file as is read, whole lines, without byte order marks, controls and tags."""
    body = _TAG.sub(b"\n", _seen(text))
    if len(body) <= MAX_ROBOTS_BYTES:
        return body
    head = body[:MAX_ROBOTS_BYTES]
    return head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1]  # half a rule forbids more than it says


def forbidden_because(verdict: RobotsVerdict, *, explicit: bool) -> str:
    if verdict.rules is not None:
        return "forbidden by robots.txt"
    if verdict.missing and explicit:
        return f"{verdict.why}, and this way in needs a permission in so many words"
    return verdict.why
