"""``python -m crawler.twin``."""

import sys

from crawler.twin.command import main

sys.exit(main())
