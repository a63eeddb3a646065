-- The decision that held for every source at a time, with the freshness known then.
-- Fails closed: evidence past its date approves nothing for production, whatever was decided while
-- it was fresh. `tier_decided` keeps what was decided, `evidence_expired` says when the two differ.
CREATE OR REPLACE MACRO tier_as_of(moment) AS TABLE
WITH fresh AS (
    SELECT source_id, verified_at, valid_until, looks
    FROM verifications
    WHERE checked_at <= CAST(moment AS TIMESTAMPTZ)
    QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY checked_at DESC, seq DESC) = 1
),
decided AS (
    SELECT *
    FROM decisions
    WHERE decided_at <= CAST(moment AS TIMESTAMPTZ)
    QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY decided_at DESC, seq DESC) = 1
),
joined AS (
    SELECT
        d.*,
        f.verified_at,
        f.valid_until,
        f.looks,
        coalesce(f.valid_until < CAST(moment AS TIMESTAMPTZ), false) AS evidence_expired
    FROM decided AS d
    LEFT JOIN fresh AS f ON f.source_id = d.source_id
)
SELECT
    source_id,
    dataset_id,
    layer,
    CASE WHEN evidence_expired AND tier = 'production_approved' THEN 'research_only' ELSE tier END AS tier,
    tier_if_verified,
    determination,
    license_concluded,
    license_declared,
    evidence_grade,
    authority,
    verified_at,
    valid_until,
    tier AS tier_decided,
    evidence_expired,
    first_seen,
    decided_at,
    decided_by,
    cause,
    phase,
    adoption_rank,
    effort_low_days,
    effort_likely_days,
    effort_high_days,
    duties,
    notes,
    reasons,
    gates,
    rights,
    contradictions,
    evidence,
    effort,
    looks,
    run_id,
    seq
FROM joined;

CREATE OR REPLACE VIEW tier_now AS
SELECT * FROM tier_as_of(now()) ORDER BY source_id;

-- One row a change of tier, with its cause; `tier_before` is NULL for the first.
CREATE OR REPLACE VIEW tier_history AS
WITH ordered AS (
    SELECT
        source_id,
        decided_at,
        lag(tier) OVER (PARTITION BY source_id ORDER BY decided_at, seq) AS tier_before,
        tier,
        cause,
        determination,
        license_concluded,
        evidence_grade,
        decided_by,
        run_id,
        seq
    FROM decisions
)
SELECT *
FROM ordered
WHERE tier_before IS DISTINCT FROM tier
ORDER BY source_id, decided_at, seq;
