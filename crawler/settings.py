"""Scrapy settings. What the environment says of them: configuration/scrapy_addon.py, at a program's start."""

from __future__ import annotations

# --- Scrapy ---------------------------------------------------------------------------------------

BOT_NAME = "newsarchive"
# NEWSARCHIVE, what our own components read, is set by the command line or by the add-on below. It has no line
# here: a value of this file, even None, goes before an add-on's.
ADDONS = {"crawler.configuration.scrapy_addon.EnvironmentAddon": 0}
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
SPIDER_LOADER_CLASS = "crawler.configuration.scrapy_addon.SourceSpiderLoader"

# RemoteControl is on by default and runs Python over a local port; telnet likewise (docs/stack.md).
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

ROBOTSTXT_OBEY = True  # obeyed by RobotsMiddleware below: RFC 9309, an unreachable file means wait
# Every address that a name has, IPv6 too, the next while one does not answer. Scrapy's default knows IPv4
# alone, and of several addresses the first: a host of which that one was dead could not be reached at all.
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"
# Scrapy keeps a name's addresses until the process ends: a host that moved in mid-run was lost to a backfill
# of days. Connections are kept, so a name is looked up once for many requests.
DNSCACHE_ENABLED = False
CONCURRENT_REQUESTS = 16
# An answer of ours gives one item or one request at most. Scrapy makes as many tasks for each answer as this
# says, a hundred by default: 0.35 ms of each page (2026-11-26).
CONCURRENT_ITEMS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0  # the delay is a promise, not a mean
DOWNLOAD_TIMEOUT = 30  # seconds; SIGTERM waits for requests in flight, so not Scrapy's 180
# Bytes. Above the largest page that is still worth keeping as evidence (a 50 MiB page is captured and
# quarantined); the extractor itself refuses pages over 8 MiB.
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a body that is cut off is captured, then tried again
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the outcome row says it
HTTPPROXY_ENABLED = False  # no evasion, no surprises from http_proxy
COOKIES_ENABLED = False
REDIRECT_MAX_TIMES = 5  # RFC 9309 section 2.3.1.2 asks for five on robots.txt; pages get the same
METAREFRESH_ENABLED = False  # a page is data: one that refreshes itself cost six requests and failed
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ko,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",  # those of which an early end can be told (crawler.fetch.decoding)
}
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []  # of ten libraries, looked up among all that are installed and then not shown

DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.download.ArchiveDownloadHandler",
    "https": "crawler.fetch.download.ArchiveDownloadHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
# Of Scrapy's own those that do something here. A value of None would not do for the others: Scrapy loads them
# all the same, to compare them, and they load aiohttp and tldextract: 0.3 s of a crawl's start (2026-11-26).
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.fetch.middlewares.HostMiddleware": 50,
    "crawler.fetch.middlewares.RobotsMiddleware": 100,
    "crawler.fetch.middlewares.TdmMiddleware": 120,
    "crawler.fetch.middlewares.PoliteRetryMiddleware": 550,
    "crawler.fetch.middlewares.PlainRedirectMiddleware": 600,
}
# Scrapy's own do nothing for us, and each is a step of every answer: every status is judged and gets an
# outcome; no Referer is sent, also where a page's Referrer-Policy asks for one; how far a list is followed is
# its seed's to say; the limit of an address is the address table's (storage/frontier/addresses.py).
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
ITEM_PROCESSOR = "crawler.pipelines.BoundedPipelines"
STATS_CLASS = "crawler.extensions.PlainStats"
ITEM_PIPELINES = {
    "crawler.pipelines.ExtractPipeline": 300,
    "crawler.pipelines.StorePipeline": 500,
}
EXTENSIONS_BASE = {
    "crawler.extensions.CountsExtension": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
}
EXTENSIONS = {
    "crawler.extensions.RunExtension": 0,
    "crawler.reading.extension.ReadingExtension": 5,
    "crawler.extensions.ProgressExtension": 10,
}
