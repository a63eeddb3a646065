"""The same pages in one piece and in shards: equal warehouses, and what each took."""
