"""``python -m twin``."""

import sys

from twin.command import main

sys.exit(main())
