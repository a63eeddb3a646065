-- What machines state about a source: licenses in a metadata interface, a host's reservations of training.
-- `about` is the data set asked about or the host, `statements` all that is stated there. A row whenever that
-- differs from the row before, and once more when a second look confirms it.
CREATE TABLE machine_statements (
    seq BIGINT PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    confirmed BOOLEAN NOT NULL,
    statements JSON NOT NULL
);
