"""Reads: what a page or a report shows; never writes."""
