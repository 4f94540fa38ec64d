"""When each source is crawled: cron lines, slots, the scheduler that starts the crawls."""
