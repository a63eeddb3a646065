-- The decision that held for every source at a time, with the freshness known then.
-- Fails closed: evidence past its date, or of no known date, approves nothing for production, whatever
-- was decided while it was fresh; only the house's own word needs no date. `tier_decided` keeps what
-- was decided, `evidence_expired` says when the evidence is too old.
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
        coalesce(
            f.valid_until < CAST(moment AS TIMESTAMPTZ),
            d.tier = 'production_approved' AND d.authority IS DISTINCT FROM 'house'
        ) AS evidence_expired,
        -- Wider than blocked by a person's word alone, and that word has ended.
        regexp_matches(d.decided_by, '^(entitlement|review of a block):')
        AND coalesce(f.valid_until < CAST(moment AS TIMESTAMPTZ), FALSE) AS lapsed
    FROM decided AS d
    LEFT JOIN fresh AS f ON f.source_id = d.source_id
)
SELECT
    source_id,
    dataset_id,
    layer,
    CASE
        WHEN lapsed THEN 'blocked'
        WHEN evidence_expired AND tier = 'production_approved' THEN 'research_only'
        ELSE tier
    END AS tier,
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

-- One row a change of tier as `tier_as_of` tells it, with its cause; `tier_before` is NULL for the
-- first. Evidence that expires, and a look that renews it, change the tier without a decision: `age`.
CREATE OR REPLACE VIEW tier_history AS
WITH checked AS (
    SELECT
        source_id,
        checked_at,
        valid_until,
        lead(checked_at) OVER (PARTITION BY source_id ORDER BY checked_at) AS next_checked_at
    FROM verifications
    QUALIFY row_number() OVER (PARTITION BY source_id, checked_at ORDER BY seq DESC) = 1
),
decided AS (
    SELECT *
    FROM decisions
    QUALIFY row_number() OVER (PARTITION BY source_id, decided_at ORDER BY seq DESC) = 1
),
moments AS (
    SELECT source_id, decided_at AS moment FROM decided
    UNION
    SELECT source_id, checked_at FROM checked
    UNION
    -- Good through `valid_until`, expired right after.
    SELECT source_id, valid_until + INTERVAL 1 MICROSECOND
    FROM checked
    WHERE valid_until >= checked_at AND valid_until < coalesce(next_checked_at, now())
),
held AS (
    SELECT
        m.source_id,
        m.moment,
        d.* EXCLUDE (source_id),
        c.valid_until,
        d.tier = 'production_approved'
        AND coalesce(c.valid_until < m.moment, d.authority IS DISTINCT FROM 'house') AS narrowed,
        regexp_matches(d.decided_by, '^(entitlement|review of a block):')
        AND coalesce(c.valid_until < m.moment, FALSE) AS lapsed
    FROM moments AS m
    ASOF JOIN decided AS d ON d.source_id = m.source_id AND d.decided_at <= m.moment
    ASOF LEFT JOIN checked AS c ON c.source_id = m.source_id AND c.checked_at <= m.moment
),
ordered AS (
    SELECT
        source_id,
        moment AS decided_at,
        lag(CASE WHEN lapsed THEN 'blocked' WHEN narrowed THEN 'research_only' ELSE tier END) OVER along AS tier_before,
        CASE WHEN lapsed THEN 'blocked' WHEN narrowed THEN 'research_only' ELSE tier END AS tier,
        CASE WHEN moment = decided_at THEN cause ELSE 'age' END AS cause,
        determination,
        license_concluded,
        evidence_grade,
        decided_by,
        run_id,
        seq
    FROM held
    WINDOW along AS (PARTITION BY source_id ORDER BY moment)
)
SELECT *
FROM ordered
WHERE tier_before IS DISTINCT FROM tier
ORDER BY source_id, decided_at;
