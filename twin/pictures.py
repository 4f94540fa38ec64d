"""Figures: caption, credit in one of the usual forms, address at the site's image host."""

from __future__ import annotations

import random
from datetime import datetime

from twin.daum_body import letters
from twin.grammar_file import Voice, load
from twin.korean import person_name
from twin.model import Picture
from twin.newsroom import Copy
from twin.publishers import Publisher


def pictures_of(
    copy: Copy, house: Publisher, rng: random.Random, site: str, site_id: str, when: datetime
) -> tuple[Picture, ...]:
    """None to two figures of a story's page."""
    captions = copy.captions[: rng.choice((0, 1, 1, 1, 2))]
    return tuple(
        _picture(caption, _credit(copy, house, rng, when), _address(site, house, site_id, when, number))
        for number, caption in enumerate(captions)
    )


def _picture(caption: str, credit: str, url: str) -> Picture:
    return Picture(url=url, line=f"{caption} {credit}", caption=caption, credit=credit)


def _credit(copy: Copy, house: Publisher, rng: random.Random, when: datetime) -> str:
    words = {
        "photographer": person_name(rng),
        "o": copy.organisation,
        "date": f"{when:%Y.%m.%d}",
        "house": house.name,
    }
    voice = Voice(load("shared"), rng, words)
    return voice.say(voice.pick("credit"))


def _address(site: str, house: Publisher, site_id: str, when: datetime, number: int) -> str:
    """Image addresses as in docs/sites/daum.md 2.3 and docs/sites/fnnews.md 1."""
    if site == "daum":
        name = f"{site_id}{letters(f'{site_id}{number}', 4).lower()}"
        return f"https://t1.daumcdn.net/news/{when:%Y%m}/{when:%d}/{house.code}/{name}.jpg"
    suffix = f"_{number}_l" if number else "_l"
    return f"https://image.fnnews.com/resource/media/image/{when:%Y/%m/%d}/{site_id}{suffix}.jpg"
