"""The zone in which times are read on Korean pages and shown to people; the archive itself keeps UTC."""

from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
