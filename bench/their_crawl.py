"""news-please's own command over addresses that it is given: its crawl, reading and storing, start-up off.

It crawls with its ``Download`` crawler, every setting as it is shipped but three: where it works, how much it
logs, and nothing that reaches beyond this machine. The twin is its proxy, so that it asks for the sites' own
addresses, over plain HTTP; the pictures that it would look at over HTTPS are refused there.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from bench.crawls import Spent, measured

SHIPPED = "lib/python*/site-packages/newsplease/config/config.cfg"


def their_crawl(
    python: Path, sentences: Path, scratch: Path, origin: str, addresses: list[str]
) -> Spent | str:
    """What its command takes for these addresses, ``pages`` of them stored; or in words why it does not tell.

    Args:
        python: of the environment that has it.
        sentences: NLTK's data.
        origin: of the twin, which answers as a proxy.
    """
    shipped = next(iter(python.parents[1].glob(SHIPPED)), None)
    if shipped is None:
        return f"skipped: no news-please beside {python}"
    folder = scratch / f"news-please-{len(addresses)}"
    _configured(folder, shipped, addresses)
    proxied = dict.fromkeys(("http_proxy", "https_proxy"), origin) | {"no_proxy": ""}
    proxied["NLTK_DATA"] = os.environ.get("NLTK_DATA", str(sentences))
    command = [str(python.with_name("news-please")), "-c", f"{folder}/config/"]
    spent = measured(command, len(addresses), variables=proxied)
    stored = sum(1 for _ in (folder / "data").rglob("*.json"))
    if stored < len(addresses) / 2:
        return f"skipped: it stored {stored} of {len(addresses)} pages"
    return Spent(cpu_s=spent.cpu_s, wall_s=spent.wall_s, pages=stored)


def _configured(folder: Path, shipped: Path, addresses: list[str]) -> None:
    """Its folder of settings: the shipped ones, and one site that is a list of addresses."""
    (folder / "config").mkdir(parents=True)
    settings = re.sub("(?m)^working_path = .*", f"working_path = {folder}/", shipped.read_text())
    settings = re.sub("(?m)^LOG_LEVEL = .*", "LOG_LEVEL = ERROR", settings)
    (folder / "config" / "config.cfg").write_text(settings)
    plain = [address.replace("https://", "http://", 1) for address in addresses]
    site = {"base_urls": [{"url": plain, "crawler": "Download"}]}
    (folder / "config" / "sitelist.hjson").write_text(json.dumps(site))
