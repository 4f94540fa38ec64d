"""news-please's extraction over saved pages; run by the Python of an environment that has it.

    PYTHON bench/news_please.py FOLDER    each page as NUMBER.html, its address as NUMBER.url

Prints milliseconds of the processor for each page. It stores nothing and asks for no picture: this is its
reading alone. Where it reads fewer than half of the pages, it says so instead: something is missing.
"""

import sys
import time
from pathlib import Path

from newsplease import NewsPlease

WARMED = 10


def main(folder: Path) -> None:
    """Read every page once; the first ten are not counted."""
    pages = [
        (page.read_bytes().decode("utf-8", "replace"), page.with_suffix(".url").read_text())
        for page in sorted(folder.glob("*.html"))
    ]
    began, texts = time.process_time(), 0
    for number, (html, url) in enumerate(pages):
        if number == WARMED:
            began = time.process_time()
        read = NewsPlease.from_html(html, url=url, fetch_images=False)
        texts += bool(read.title and read.maintext)
    if texts < len(pages) / 2:
        sys.exit(f"it read a title and a text of only {texts} of {len(pages)} pages")
    print(1000 * (time.process_time() - began) / max(1, len(pages) - WARMED))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
