"""One article against the truth, and many such results as the scores of a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from crawler.normalise.article_json import time_text
from crawler.quality.expected import Expected, minute
from crawler.quality.hashing import line_hash, squeeze, title_hash, token_hashes
from storage.records import Article

EXACT = ("outcome", "title", "publisher", "published", "modified", "notice", "emails")

CHROME = (
    "가나다라마바사",
    "매우 작은 폰트",
    "글자크기로 변경됩니다",
    "가장 빠른 뉴스가 있고 다양한 정보",
    "자동요약 기사 제목과 주요 문장을 기반으로",
    "음성으로 듣기",
    "음성재생 설정",
    "Translated by",
    "해당 언론사로 연결됩니다",
    "해당 언론사로 이동합니다",
    "무단전재",
    "무단 전재",
    "재배포 금지",
    "재배포금지",
    "All rights reserved",
    "구독하세요",
    "앱 다운받기",
    "검색해 채널 추가",
    "많이 본 뉴스",
    "관심 있을 만한",
    "이미지 확대보기",
    "fnSurvey",
    "$$ARTICLEAD$$",
)
"""Strings of page furniture (docs/sites/daum.md 2, credits.md 4, shared pages): in a body they are leaks."""

_GLUED = 12
"""Characters from which a line of the page within a paragraph is a leak: shorter ones occur in prose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Sets of one kind: how many were right, made up, and missed."""

    right: int = 0
    extra: int = 0
    missing: int = 0

    def __add__(self, other: Found) -> Found:
        return Found(
            right=self.right + other.right,
            extra=self.extra + other.extra,
            missing=self.missing + other.missing,
        )

    @property
    def precision(self) -> float:
        """1.0 when nothing was found: nothing is wrong then."""
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missing) if self.right + self.missing else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """One page's result."""

    page: str
    exact: Mapping[str, bool]
    names: Found
    roles: Found
    body: float | None
    """Token F1; None when neither the page nor the article has a body."""
    leaks: tuple[str, ...]
    wrong: tuple[str, ...]
    """What is wrong, one line each."""


def score_page(page: str, expected: Expected, article: Article, printed: Sequence[str]) -> PageScore:
    """Score one article.

    Args:
        printed: every line of the page as the oracle reads it; those outside the body are what may leak.
    """
    checks = _exact(expected, article)
    names = _compare({p.name for p in expected.bylines}, {p.name for p in article.bylines})
    roles = _compare(
        {(p.name, p.role) for p in expected.bylines if p.role},
        {(p.name, p.role) for p in article.bylines if p.role},
    )
    body = _body_f1(expected, article)
    leaks = find_leaks(expected, article.body, printed)
    wrong = [f"{name}: {said}" for name, (right, said) in checks.items() if not right]
    wrong += [f"names: {_people(article)}"] * (names.extra + names.missing > 0)
    wrong += [f"roles: {_people(article)}"] * (roles.extra + roles.missing > 0)
    wrong += [f"body: F1 {body:.4f}"] if body is not None and body < 1.0 else []
    wrong += [f"leak: {leak}" for leak in leaks]
    return PageScore(
        page=page,
        exact={name: right for name, (right, _) in checks.items()},
        names=names,
        roles=roles,
        body=body,
        leaks=leaks,
        wrong=tuple(wrong),
    )


def _exact(expected: Expected, article: Article) -> dict[str, tuple[bool, str]]:
    """Field -> is it right, and what the article says."""
    published, modified = minute(time_text(article.published)), minute(time_text(article.modified))
    emails = {p.email for p in article.bylines if p.email}
    unprinted = article.publisher is None and not expected.publisher_printed
    return {
        "outcome": (article.kind.value == expected.outcome, article.kind.value),
        "title": (title_hash(article.title) == expected.title, repr(article.title)),
        "publisher": (unprinted or article.publisher == expected.publisher, repr(article.publisher)),
        "published": (published == expected.published, repr(published)),
        "modified": (modified == expected.modified, repr(modified)),
        "notice": (article.rights.notice == expected.notice, repr(article.rights.notice)),
        "emails": (emails == {p.email for p in expected.bylines if p.email}, repr(sorted(emails))),
    }


def _people(article: Article) -> str:
    return ", ".join(f"{p.name} {p.role or ''}".strip() for p in article.bylines) or "nobody"


def _compare(expected: set[Hashable], found: set[Hashable]) -> Found:
    expected, found = expected - {None}, found - {None}
    return Found(right=len(expected & found), extra=len(found - expected), missing=len(expected - found))


def _body_f1(expected: Expected, article: Article) -> float | None:
    if expected.tokens is None and article.body is None:
        return None
    return token_f1(expected.tokens or Counter(), token_hashes(article.body or ""))


def token_f1(expected: Counter[str], found: Counter[str]) -> float:
    """Harmonic mean of precision and recall over whitespace tokens as multisets; 0.0: nothing is shared."""
    shared = (expected & found).total()
    return 2 * shared / (expected.total() + found.total()) if shared else 0.0


def find_leaks(expected: Expected, body: str | None, printed: Sequence[str]) -> tuple[str, ...]:
    """Lines of ``body`` that are page furniture, or that have furniture glued to them.

    A line that is one of the article's own is never a leak, whatever it says.
    """
    around = {squeeze(line) for line in printed if line_hash(line) not in expected.lines}
    around = {text for text in around if text and text not in (expected.text or "")}
    glued = [text for text in around if len(text) >= _GLUED]
    leaks = []
    for line in (body or "").split("\n"):
        bare = squeeze(line)
        if not bare or line_hash(line) in expected.lines:
            continue
        known = any(text in line for text in CHROME)
        if known or bare in around or any(text in bare for text in glued):
            leaks.append(line)
    return tuple(leaks)


Scores = dict[str, float]
"""Measure -> value between 0 and 1; ``leaks`` is a count."""


def summary(pages: Sequence[PageScore]) -> Scores:
    """The scores of a group: shares of pages, micro-averaged sets, the mean body F1, the sum of leaks."""
    names = _sum(pages, lambda page: page.names)
    roles = _sum(pages, lambda page: page.roles)
    bodies = [page.body for page in pages if page.body is not None]
    scores = {field: sum(page.exact[field] for page in pages) / len(pages) for field in EXACT}
    return scores | {
        "names precision": names.precision,
        "names recall": names.recall,
        "roles precision": roles.precision,
        "roles recall": roles.recall,
        "body F1": sum(bodies) / len(bodies) if bodies else 1.0,
        "leaks": float(sum(len(page.leaks) for page in pages)),
    }


def _sum(pages: Sequence[PageScore], part: Callable[[PageScore], Found]) -> Found:
    return sum((part(page) for page in pages), Found())
