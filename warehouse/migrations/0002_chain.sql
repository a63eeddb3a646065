-- A link seals the rows that arrived since the link before it. `sealed` names per table how far it
-- reaches (`upto`, a `seq`) and the digest of the rows; `link` is the digest of all of it and of
-- `previous`, so that no link can be replaced without replacing every later one.
CREATE TABLE chain (
    seq BIGINT PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    sealed_at TIMESTAMPTZ NOT NULL,
    sealed JSON NOT NULL,
    previous VARCHAR NOT NULL,
    link VARCHAR NOT NULL
);
