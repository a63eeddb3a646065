"""What we remember: an append-only DuckDB file, and page bodies beside it. One writer at a time."""
