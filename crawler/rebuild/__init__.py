"""The archive's rows made anew from its WARC files: ``files`` reads them, ``rebuild`` puts rows to them."""
