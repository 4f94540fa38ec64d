"""The archive: rows and WARC files. It knows nothing of Scrapy or HTML."""
