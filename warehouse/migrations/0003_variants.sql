-- What a watch's page said within the unstable window besides the versions that `watch_states` names; `state_seq`
-- is the state it belongs to. While the page flips, each of them decides where it is narrower.
CREATE TABLE watch_variants (
    seq BIGINT PRIMARY KEY,
    run_id VARCHAR NOT NULL,
    watch_id VARCHAR NOT NULL,
    state_seq BIGINT NOT NULL,
    version_id VARCHAR NOT NULL,
    until TIMESTAMPTZ NOT NULL
);
