"""Texts that a page folds behind a button."""

from __future__ import annotations

import pytest

from crawler.sources.daum import SOURCE as DAUM

from .pages import daum_page, extraction

URL = "https://www.gasang.example/news/1"
SHOWN = tuple(f"{n}번째 문단에서 시는 다리 공사를 내년 봄까지 마치겠다고 밝혔다." for n in range(4))
FOLDED = tuple(f"접힌 {n}번째 문단에서 시는 예산 38억원을 두 해 동안 들인다고 했다." for n in range(2))


def p(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "fold",
    [
        '<button>더보기</button><div style="display:none">{}</div>',
        '<div class="m"><p>- 기사 더보기 -</p></div>\n<div style="margin:0; display: none;">{}</div>',
        '<a href="#">전체 보기</a><div hidden>{}</div>',
        '<div style="display:none">{}</div><button>Read more</button>',
        "<style>.fold{{display:none}}</style><button>더 보기</button><div class='fold'>{}</div>",
        "<details><summary>펼치기</summary>{}</details>",
        '<p>閱讀更多</p><div style="display:none">{}</div>',
    ],
)
def test_a_folded_end_is_text_and_its_button_is_none(fold: str) -> None:
    body = p(SHOWN) + fold.format(p(FOLDED))
    page = f"<html><body><h1>다리 공사 내년 봄까지</h1><div>{body}</div></body></html>"
    assert extraction(page, None, URL).paragraphs == (*SHOWN, *FOLDED)
    assert extraction(daum_page(body), DAUM).paragraphs == (*SHOWN, *FOLDED)


@pytest.mark.parametrize(
    "fold",
    [
        '<button>더보기</button><div style="display:none"><ul><li>주소 복사</li><li>인쇄하기</li></ul></div>',
        '<button>공유</button><div style="display:none"><p>친구에게 전할 주소를 복사했다고 뜬다.</p></div>',
        '<div style="display:none"><p>이 기사를 친구에게 전하는 주소를 복사했다는 알림이 뜬다.</p></div>',
    ],
)
def test_what_else_a_page_hides_stays_hidden(fold: str) -> None:
    page = f"<html><body><h1>다리 공사 내년 봄까지</h1><div>{p(SHOWN)}{fold}</div></body></html>"
    assert extraction(page, None, URL).paragraphs == SHOWN
