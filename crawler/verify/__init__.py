"""Verify: the archive against itself and against its captures, and what can be mended is mended.

``texts`` reads captures again and compares; ``look`` does all checks in their order.
"""
