"""Pages and links that a crawler must survive. They exist in the scenario ``rough`` alone (links also in ``hostile``)."""

# ruff: noqa: E501 (markup is easier to read unbroken)

from __future__ import annotations

from dataclasses import dataclass, field

from twin.reply import Reply, html_reply, redirect

HOSTILE_LINKS = (
    "http://127.0.0.1:1/v/20261120170000001",
    "http://localhost/v/20261120170000002",
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "https://example.invalid/v/20261120170000003",
    "https://v.daum.net.example.invalid/v/20261120170000004",
    "https://v.daum.net@example.invalid/v/20261120170000005",
    "//example.invalid/v/20261120170000006",
    "javascript:alert(1)",
    "https://v.daum.net/v/../../../../etc/passwd",
    "https://v.daum.net:8443/v/20261120170000007",
)
"""Links of rough lists: other hosts, loopback, files, look-alikes of the site's own host."""

HOSTILE_FN_LINKS = (
    "http://127.0.0.1:1/news/202611201700000001",
    "file:///etc/hosts",
    "https://example.invalid/news/202611201700000002",
    "https://www.fnnews.com.example.invalid/news/202611201700000003",
    "https://www.fnnews.com/news/202611201700000004/../../../etc/passwd",
)

HUGE_BYTES = 50 * 1024 * 1024
NESTED_DIVS = 20_000
_CHUNK = "<p>같은 문장이 끝없이 이어지는 거대한 페이지입니다.</p>\n".encode() * 1000


KINDS = (
    "unavailable",
    "unavailable",
    "cut",
    "cut",
    "empty",
    "pdf",
    "jpeg",
    "huge",
    "nested",
    "lying charset",
    "binary as html",
    "redirect outside",
    "redirect to loopback",
    "redirect loop",
    "forbidden",
    "no body",
    "always 429",
)
FN_KINDS = ("unavailable", "cut", "empty", "redirect outside", "nested")


@dataclass(frozen=True, slots=True)
class RoughPages:
    """The rough pages by id; kinds as in ``KINDS``."""

    daum: dict[str, str] = field(
        default_factory=lambda: {
            f"20261120174{index:02}0{index:03}": kind for index, kind in enumerate(KINDS)
        }
    )
    fnnews: dict[str, str] = field(
        default_factory=lambda: {
            f"2026112017453{index}{index:04}": kind for index, kind in enumerate(FN_KINDS)
        }
    )

    def addresses(self, site: str) -> list[str]:
        """The addresses that lists show."""
        if site == "daum":
            return [f"https://v.daum.net/v/{key}" for key in self.daum]
        return [f"https://www.fnnews.com/news/{key}" for key in self.fnnews]

    def traps(self) -> list[dict[str, str]]:
        """Address and kind of every rough page."""
        kinds = [*self.daum.values(), *self.fnnews.values()]
        return [
            {"url": url, "kind": kind}
            for url, kind in zip(self.addresses("daum") + self.addresses("fnnews"), kinds, strict=True)
        ]

    def answer(self, host: str, path: str) -> Reply | None:
        """The rough page at that address, None when there is none."""
        key = path.rpartition("/")[2]
        if host == "v.daum.net" and path == f"/v/{key}" and key in self.daum:
            return rough_reply(self.daum[key], path)
        if host == "www.fnnews.com" and path == f"/news/{key}" and key in self.fnnews:
            return rough_reply(self.fnnews[key], path)
        return None


def rough_reply(kind: str, path: str) -> Reply:
    """The answer of one rough page. Raises KeyError for an unknown kind."""
    text = _article("거친 페이지", "<p>여기까지는 온전히 도착한 문장입니다.</p>" * 6)
    replies = {
        "unavailable": Reply(503, b"Service Unavailable", {"Content-Type": "text/plain"}),
        "cut": Reply(
            200,
            text.encode()[:700],
            {"Content-Type": "text/html; charset=utf-8"},
            promised=len(text.encode()),
        ),
        "empty": html_reply(""),
        "pdf": Reply(
            200,
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
            {"Content-Type": "application/pdf"},
        ),
        "jpeg": Reply(
            200,
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 4 + b"\xff\xd9",
            {"Content-Type": "image/jpeg"},
        ),
        "huge": Reply(
            200, _CHUNK, {"Content-Type": "text/html; charset=utf-8"}, repeat=-(-HUGE_BYTES // len(_CHUNK))
        ),
        "nested": html_reply(
            _article("깊은 페이지", "<div>" * NESTED_DIVS + "맨 안쪽 문장입니다." + "</div>" * NESTED_DIVS)
        ),
        "lying charset": Reply(200, text.encode("cp949"), {"Content-Type": "text/html; charset=utf-8"}),
        "binary as html": Reply(200, bytes(range(256)) * 40, {"Content-Type": "text/html; charset=utf-8"}),
        "redirect outside": redirect("https://example.invalid/landing"),
        "redirect to loopback": redirect("http://127.0.0.1:1/admin"),
        "redirect loop": redirect(f"{path}?again=1"),
        "forbidden": Reply(403, b"Forbidden", {"Content-Type": "text/plain"}),
        "no body": html_reply(_article("본문 없는 페이지", "")),
        "always 429": Reply(429, b"Too Many Requests", {"Content-Type": "text/plain", "Retry-After": "2"}),
    }
    return replies[kind]


def _article(title: str, inner: str) -> str:
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><meta property="og:title" content="{title}">'
        f'<meta property="og:regDate" content="20261120174000"><meta property="og:article:author" content="연합뉴스"><title>{title}</title></head>'
        f'<body><h3 class="tit_view">{title}</h3><div class="news_view"><div class="article_view"><section>{inner}</section></div></div></body></html>'
    )
