"""Network in: looks at pages, live or from recordings, and at directory listings. Every byte is hostile."""
