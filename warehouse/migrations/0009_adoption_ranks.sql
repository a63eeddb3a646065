-- The place of a source in the order of adoption, a row whenever it moves: what moves one source moves the places of all
-- behind it, and nothing else about them. Without a row the place is that of the decision.
CREATE TABLE adoption_ranks (
    seq BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    adoption_rank INTEGER NOT NULL
);
