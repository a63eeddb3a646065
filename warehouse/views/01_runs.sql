-- Every run; one without an end was killed or is still going.
CREATE OR REPLACE VIEW runs AS
SELECT
    s.run_id,
    s.kind,
    s.started_at,
    e.finished_at,
    e.finished_at IS NOT NULL AS finished,
    e.pages,
    e.outcomes,
    e.changes,
    e.alerts,
    e.assessment,
    e.why,
    e.seconds,
    e.problems,
    s.parameters,
    s.catalog_sha256,
    s.policy_sha256,
    s.reader,
    s.seq
FROM run_starts AS s
LEFT JOIN run_ends AS e ON e.run_id = s.run_id
ORDER BY s.seq;
