"""Copyright notices of Japanese and Chinese editions (【版权归韩联社所有，未经授权严禁转载复制】)."""

from __future__ import annotations

from crawler.rare import Rare

BEGINNINGS = ("版权", "版權", "著作", "転載", "转载", "轉載")
"""One of these is in each: a cheap look first."""
_LONGEST = 120
"""Characters of such a notice: one or two sentences."""
_COPIED = r"(?:[转轉転][载載]|复制|複製|複写|翻印|使用|引用)"
_CLAUSE = Rare(
    r"(?:未[经經](?:书面)?(?:授[权權]|[许許]可|允许|同意)|擅自)[^。]{0,14}(?:禁止|[严嚴]禁|不得|不可|请勿|請勿)"
    rf"|(?:禁止|[严嚴]禁|不得|请勿|請勿)[^。]{{0,8}}{_COPIED}"
    rf"|無断[^。]{{0,12}}{_COPIED}[^。]{{0,40}}(?:禁止|禁じ|禁ず|お断り)"
    rf"|{_COPIED}[^。]{{0,24}}(?:禁止|[をは]?(?:固く)?禁じ|お断り)"
    r"|版[权權](?:归|歸|属于|屬於)[^。，,]{2,20}所有|著作権は[^。]{2,25}に(?:あり|帰属)"
)
_HOLDER = Rare(
    r"(?:版|著作)[权權](?:归|歸|属于|屬於)(?P<zh>[^。，,]{2,20}?)所有"
    r"|著作権は(?P<ja>[^。]{2,25}?)に(?:あり|帰属)"
)
_TELLS = Rare(
    r"(?:表示|讨论|討論|宣布|指出|认为|認為|报道称|案件|问题|問題|判决|判決|增加|减少|消息)"
    r"|(?:た|いる|という|れる)。?\s*\Z|(?:明らか|述べ|判断|被害|訴訟|めぐ)"
)
"""What is told of rights, and is no notice."""

FORBIDS = r"禁止|[严嚴]禁|禁じ|禁ず|不得|不可|お断り|请勿|請勿"
REPRODUCTION = r"[转轉転][载載]|复制|複製|複写|翻印"
REDISTRIBUTION = r"再?[配发發](?:布|信)|[传傳]播|散[布发發]"
AI_TRAINING = r"(?:AI|人工智能|人工知能|人工智慧)[^。]{0,6}(?:学习|學習|学習|训练|訓練|利用)"
COLLECTION = r"爬取|抓取|[采採]集|収集|クロー?リング|スクレイピング"


def is_han_notice(text: str) -> bool:
    """True for a line that is a notice in Chinese or Japanese and nothing else."""
    return len(text) <= _LONGEST and _CLAUSE.search(text) is not None and _TELLS.search(text) is None


def han_holder(text: str) -> str | None:
    """Who holds the rights by such a notice's own words; None where it does not say so."""
    found = _HOLDER.search(text)
    return (found["zh"] or found["ja"]).strip() if found else None
