-- The rows of these tables are numbered as they arrive, and none is numbered that is stored already: a key beside
-- that is an index which only an append asks, and a fifth of the file. Their rows stay as they are, and in their order.
--
-- From here on the text of an assessment lies among the bodies, by its `sha256`; `markdown` is of earlier ones.

CREATE TABLE keyless_looks (
    look_id VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    page_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    looked_at TIMESTAMPTZ NOT NULL,
    outcome VARCHAR NOT NULL,
    reason VARCHAR,
    status INTEGER,
    snapshot_id VARCHAR,
    attempts INTEGER NOT NULL,
    duration_seconds DOUBLE NOT NULL,
    retry_after TIMESTAMPTZ,
    etag VARCHAR,
    last_modified VARCHAR
);
INSERT INTO keyless_looks SELECT * FROM looks ORDER BY rowid;
DROP TABLE looks;
ALTER TABLE keyless_looks RENAME TO looks;

CREATE TABLE keyless_versions (
    version_id VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    watch_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    page_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    origin VARCHAR NOT NULL,
    reader VARCHAR NOT NULL,
    text_sha256 VARCHAR NOT NULL,
    licenses VARCHAR[] NOT NULL,
    expression VARCHAR NOT NULL,
    determination VARCHAR,
    rights JSON NOT NULL USING COMPRESSION zstd,
    duties VARCHAR[] NOT NULL,
    per_item VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    suspect VARCHAR,
    reading JSON NOT NULL USING COMPRESSION zstd
);
INSERT INTO keyless_versions SELECT * FROM versions ORDER BY rowid;
DROP TABLE versions;
ALTER TABLE keyless_versions RENAME TO versions;

CREATE TABLE keyless_findings (
    version_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    quote VARCHAR NOT NULL,
    start_offset BIGINT NOT NULL,
    end_offset BIGINT NOT NULL,
    subject VARCHAR NOT NULL,
    scope_layers VARCHAR[] NOT NULL,
    scope_words VARCHAR NOT NULL,
    license VARCHAR,
    rights JSON NOT NULL USING COMPRESSION zstd,
    duties VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL
);
INSERT INTO keyless_findings SELECT * FROM findings ORDER BY rowid;
DROP TABLE findings;
ALTER TABLE keyless_findings RENAME TO findings;

CREATE TABLE keyless_watch_states (
    seq BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    watch_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    accepted_version_id VARCHAR,
    pending_version_id VARCHAR,
    pending_since TIMESTAMPTZ,
    flips TIMESTAMPTZ[] NOT NULL,
    unstable BOOLEAN NOT NULL,
    failures INTEGER NOT NULL,
    failing_reason VARCHAR,
    failing_alerted BOOLEAN NOT NULL,
    gone BOOLEAN NOT NULL,
    last_look_at TIMESTAMPTZ,
    last_outcome VARCHAR
);
INSERT INTO keyless_watch_states SELECT * FROM watch_states ORDER BY rowid;
DROP TABLE watch_states;
ALTER TABLE keyless_watch_states RENAME TO watch_states;

CREATE TABLE keyless_change_rows (
    change_id VARCHAR NOT NULL,
    confirmed BOOLEAN NOT NULL,
    alert BOOLEAN NOT NULL,
    kind VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    page_id VARCHAR NOT NULL,
    watch_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    direction VARCHAR,
    relicensed BOOLEAN NOT NULL,
    licenses_before VARCHAR[] NOT NULL,
    licenses_after VARCHAR[] NOT NULL,
    determination_before VARCHAR,
    determination_after VARCHAR,
    rights_changed JSON NOT NULL,
    duties_before VARCHAR[] NOT NULL,
    duties_after VARCHAR[] NOT NULL,
    quote_before VARCHAR NOT NULL,
    quote_after VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    version_before VARCHAR,
    version_after VARCHAR
);
INSERT INTO keyless_change_rows SELECT * FROM change_rows ORDER BY rowid;
DROP TABLE change_rows;
ALTER TABLE keyless_change_rows RENAME TO change_rows;

CREATE TABLE keyless_decisions (
    seq BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    cause VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    dataset_id VARCHAR NOT NULL,
    layer VARCHAR NOT NULL,
    license_declared VARCHAR NOT NULL,
    license_concluded VARCHAR NOT NULL,
    determination VARCHAR NOT NULL,
    tier VARCHAR NOT NULL,
    tier_if_verified VARCHAR NOT NULL,
    gates JSON NOT NULL USING COMPRESSION zstd,
    rights JSON NOT NULL USING COMPRESSION zstd,
    duties VARCHAR[] NOT NULL,
    evidence JSON NOT NULL USING COMPRESSION zstd,
    evidence_grade VARCHAR,
    authority VARCHAR,
    effort JSON NOT NULL USING COMPRESSION zstd,
    effort_low_days DOUBLE NOT NULL,
    effort_likely_days DOUBLE NOT NULL,
    effort_high_days DOUBLE NOT NULL,
    phase VARCHAR NOT NULL,
    adoption_rank INTEGER NOT NULL,
    contradictions JSON NOT NULL USING COMPRESSION zstd,
    notes VARCHAR[] NOT NULL,
    first_seen TIMESTAMPTZ,
    decided_by VARCHAR NOT NULL,
    reasons VARCHAR[] NOT NULL
);
INSERT INTO keyless_decisions SELECT * FROM decisions ORDER BY rowid;
DROP TABLE decisions;
ALTER TABLE keyless_decisions RENAME TO decisions;

CREATE TABLE keyless_verifications (
    seq BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    checked_at TIMESTAMPTZ NOT NULL,
    verified_at TIMESTAMPTZ,
    valid_until TIMESTAMPTZ,
    looks JSON NOT NULL USING COMPRESSION zstd
);
INSERT INTO keyless_verifications SELECT * FROM verifications ORDER BY rowid;
DROP TABLE verifications;
ALTER TABLE keyless_verifications RENAME TO verifications;
