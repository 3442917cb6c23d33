"""Search: one analysis, shards for any static host, the engine that reads them. See docs/search.md."""
