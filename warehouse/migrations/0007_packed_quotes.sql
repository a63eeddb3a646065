-- The quotes of findings repeat whole sentences from page to page: packed by zstd, and with offsets of four bytes, this
-- table takes a third less. Its rows stay as they are, and in their order.

CREATE TABLE packed_findings (
    version_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    quote VARCHAR NOT NULL USING COMPRESSION zstd,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    subject VARCHAR NOT NULL,
    scope_layers VARCHAR[] NOT NULL,
    scope_words VARCHAR NOT NULL,
    license VARCHAR,
    rights JSON NOT NULL USING COMPRESSION zstd,
    duties VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL
);
INSERT INTO packed_findings SELECT * FROM findings ORDER BY rowid;
DROP TABLE findings;
ALTER TABLE packed_findings RENAME TO findings;
