"""Re-reading: today's reader over the captures, without network.

``captures`` reads one of them in a reading process, ``sweep`` goes through those that another reader read,
``report`` tells what that changes, and which pages get worse by it.
"""
