-- Append-only: no row is ever changed or deleted. `seq` is the order of arrival within a table.
-- Times are UTC. Enumerations hold the words of the domain's vocabulary.

CREATE TABLE run_starts (
    run_id VARCHAR PRIMARY KEY,
    seq BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    kind VARCHAR NOT NULL,
    parameters JSON NOT NULL,
    catalog_sha256 VARCHAR NOT NULL,
    policy_sha256 VARCHAR NOT NULL,
    reader VARCHAR NOT NULL
);

CREATE TABLE run_ends (
    run_id VARCHAR PRIMARY KEY,
    finished_at TIMESTAMPTZ NOT NULL,
    pages BIGINT NOT NULL,
    outcomes JSON NOT NULL,
    changes JSON NOT NULL,
    alerts BIGINT NOT NULL,
    assessment VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    seconds JSON NOT NULL,
    problems VARCHAR[] NOT NULL
);

CREATE TABLE pages (
    page_id VARCHAR PRIMARY KEY,
    url VARCHAR NOT NULL,
    first_run_id VARCHAR NOT NULL
);

-- The bytes lie in files named by their sha256 beside the warehouse.
CREATE TABLE bodies (
    sha256 VARCHAR PRIMARY KEY,
    bytes BIGINT NOT NULL,
    stored_bytes BIGINT NOT NULL,
    encoding VARCHAR NOT NULL
);

CREATE TABLE snapshots (
    snapshot_id VARCHAR PRIMARY KEY,
    page_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    status INTEGER NOT NULL,
    media_type VARCHAR NOT NULL,
    charset VARCHAR,
    headers JSON NOT NULL,
    redirects VARCHAR[] NOT NULL,
    sha256 VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    method VARCHAR NOT NULL
);

-- `snapshot_id` of a look that found nothing modified is that of the snapshot it confirms.
CREATE TABLE looks (
    look_id VARCHAR PRIMARY KEY,
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

CREATE TABLE versions (
    version_id VARCHAR PRIMARY KEY,
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
    rights JSON NOT NULL,
    duties VARCHAR[] NOT NULL,
    per_item VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    suspect VARCHAR,
    reading JSON NOT NULL
);

-- Offsets are code points of the version's text, end exclusive.
CREATE TABLE findings (
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
    rights JSON NOT NULL,
    duties VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL,
    PRIMARY KEY (version_id, ordinal)
);

CREATE TABLE watch_states (
    seq BIGINT PRIMARY KEY,
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

-- A change seen unconfirmed and confirmed later has a row for each; the view `changes` shows the last.
CREATE TABLE change_rows (
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
    version_after VARCHAR,
    PRIMARY KEY (change_id, confirmed, alert, kind)
);

CREATE TABLE decisions (
    seq BIGINT PRIMARY KEY,
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
    gates JSON NOT NULL,
    rights JSON NOT NULL,
    duties VARCHAR[] NOT NULL,
    evidence JSON NOT NULL,
    evidence_grade VARCHAR,
    authority VARCHAR,
    effort JSON NOT NULL,
    effort_low_days DOUBLE NOT NULL,
    effort_likely_days DOUBLE NOT NULL,
    effort_high_days DOUBLE NOT NULL,
    phase VARCHAR NOT NULL,
    adoption_rank INTEGER NOT NULL,
    contradictions JSON NOT NULL,
    notes VARCHAR[] NOT NULL,
    first_seen TIMESTAMPTZ,
    decided_by VARCHAR NOT NULL,
    reasons VARCHAR[] NOT NULL
);

-- How fresh the evidence of a decision is. Looks that change nothing add a row here and none there.
CREATE TABLE verifications (
    seq BIGINT PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    checked_at TIMESTAMPTZ NOT NULL,
    verified_at TIMESTAMPTZ,
    valid_until TIMESTAMPTZ,
    looks JSON NOT NULL
);

CREATE TABLE dataset_facts (
    seq BIGINT PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    number DOUBLE,
    unit VARCHAR,
    url VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    measured BOOLEAN NOT NULL
);

CREATE TABLE alert_outbox (
    alert_id VARCHAR PRIMARY KEY,
    seq BIGINT NOT NULL,
    dedupe_key VARCHAR NOT NULL UNIQUE,
    run_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    url VARCHAR,
    raised_at TIMESTAMPTZ NOT NULL,
    payload JSON NOT NULL
);

CREATE TABLE deliveries (
    seq BIGINT PRIMARY KEY,
    alert_id VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    tried_at TIMESTAMPTZ NOT NULL,
    ok BOOLEAN NOT NULL,
    error VARCHAR
);

-- `markdown` and `sha256` are there when the assessment was written, not when it was kept.
CREATE TABLE assessments (
    seq BIGINT PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    outcome VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    sha256 VARCHAR,
    markdown VARCHAR
);

CREATE TABLE problems (
    seq BIGINT PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);
