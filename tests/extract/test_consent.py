"""Dialogs that ask for cookies beside an article, and what only looks like one."""

from __future__ import annotations

import pytest

from crawler.stages import article_of
from storage.records import CapturedPage

SAID = (
    "가상시는 20일 강변에 새 길을 닦았다고 밝혔다. 다음 공사는 봄에 시작한다.",
    "시민들은 개인정보 동의 절차가 길다고 말했다. 시는 절차를 줄이기로 했다.",
)
ASKS = (
    "저희와 협력사는 쿠키로 기기 정보를 저장하고 읽습니다. 맞춤형 광고에 씁니다. 언제든 바꾸실 수 있습니다. "
    * 8
)


def body_of(before: str = "", within: str = "", behind: str = "") -> str | None:
    text = "".join(f"<p>{p}</p>" for p in SAID)
    head = '<meta charset="utf-8"><meta property="og:type" content="article"><title>강변에 새 길</title>'
    html = (
        f"<html><head>{head}</head><body>{before}<h1>강변에 새 길</h1><p>2026-11-20 09:00</p>"
        f"<div class='text'>{text}{within}</div>{behind}</body></html>"
    )
    return article_of(CapturedPage(url="https://news.example.kr/view/1", body=html.encode()), None).body


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='x1'><p>{ASKS}</p><div><button>모두 동의</button><button>거부</button></div></div>",
        f"<div class='x1'>{ASKS}<a href='#'><span>필수 쿠키만 허용</span></a></div>".replace(
            "필수 쿠키만 ", ""
        ),
        f"<section><h2>알림</h2><p>{ASKS}</p><ul><li><a class='b'>동의하고 계속하기</a></li></ul></section>",
        f"<form><p>{ASKS}</p><input type='submit' value='Accept all'></form>",
        f"<dialog open><p>{ASKS}</p></dialog>",
        f"<div role='dialog' aria-modal='true'><p>{ASKS}</p><a>더 알아보기</a></div>",
    ],
)
def test_what_asks_for_cookies_is_no_article(box: str) -> None:
    assert body_of(before=box) == body_of(behind=box) == "\n".join(SAID)


@pytest.mark.parametrize(
    "within",
    [
        "<p>법은 <a href='/law'>동의</a> 없이 쓴 개인정보를 지우라고 한다. 시는 이를 따른다.</p>",
        "<div class='qa'><p>쿠키 정책 조사에서 시민은 이렇게 답했다.</p><span>동의</span></div>",
        "<div><p>개인정보를 두고 열 명이 답했다.</p><button>동의</button></div>",
    ],
)
def test_an_article_about_consent_stays(within: str) -> None:
    body = body_of(within=within) or ""
    assert body.startswith("\n".join(SAID) + "\n")
