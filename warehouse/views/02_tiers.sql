-- The decision that held for every source at a time, with the freshness known then.
-- Fails closed: evidence past its date, or of no known date, approves nothing for production, whatever
-- was decided while it was fresh; only the house's own word needs no date. `tier_decided` keeps what
-- was decided, `evidence_expired` says when the evidence is too old.
CREATE OR REPLACE MACRO tier_as_of(moment) AS TABLE
-- Years of daily runs leave millions of rows: the newest time of each source first, then its row.
WITH newest AS (
    SELECT source_id, max(checked_at) AS checked_at
    FROM verifications
    WHERE checked_at <= CAST(moment AS TIMESTAMPTZ)
    GROUP BY source_id
),
fresh AS (
    SELECT v.source_id, v.verified_at, v.valid_until, v.looks
    FROM verifications AS v
    JOIN newest AS n ON n.source_id = v.source_id AND n.checked_at = v.checked_at
    QUALIFY row_number() OVER (PARTITION BY v.source_id ORDER BY v.seq DESC) = 1
),
decided AS (
    SELECT *
    FROM decisions
    WHERE decided_at <= CAST(moment AS TIMESTAMPTZ)
    QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY decided_at DESC, seq DESC) = 1
),
-- Without a row of its own the place in the order of adoption is that of the decision.
placed AS (
    SELECT source_id, adoption_rank
    FROM adoption_ranks
    WHERE decided_at <= CAST(moment AS TIMESTAMPTZ)
    QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY decided_at DESC, seq DESC) = 1
),
joined AS (
    SELECT
        d.* REPLACE (coalesce(p.adoption_rank, d.adoption_rank) AS adoption_rank),
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
    LEFT JOIN placed AS p ON p.source_id = d.source_id
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
-- Sources checked in every stretch of 30 days, each time good for more than 60 more: between its first
-- check and the end of its last, their evidence was never too old, and no check between needs a look.
WITH stretches AS (
    SELECT
        source_id,
        epoch_us(checked_at) // 2592000000000 AS stretch,
        min(checked_at) AS first_at,
        arg_max(valid_until, checked_at) AS good_until,
        arg_max(valid_until, seq) AS last_told,
        min(epoch_us(valid_until) - epoch_us(checked_at)) AS least_us,
        count(*) = count(valid_until) AS dated
    FROM verifications
    GROUP BY source_id, stretch
),
steady AS (
    SELECT source_id, min(first_at) AS first_at, arg_max(good_until, stretch) AS good_until
    FROM stretches
    GROUP BY source_id
    -- A clock that went back, or two checks at one time: the slow way tells which counts.
    HAVING bool_and(dated AND good_until = last_told) AND min(least_us) > 2 * 2592000000000 AND count(*) = max(stretch) - min(stretch) + 1
),
checked AS (
    SELECT
        source_id,
        checked_at,
        valid_until,
        lead(checked_at) OVER (PARTITION BY source_id ORDER BY checked_at) AS next_checked_at
    FROM verifications
    WHERE source_id NOT IN (SELECT source_id FROM steady)
    QUALIFY row_number() OVER (PARTITION BY source_id, checked_at ORDER BY seq DESC) = 1
),
-- From when on the evidence was too old (TRUE), fresh (FALSE), or of no known date (NULL).
spans AS (
    SELECT source_id, checked_at AS moment, valid_until < checked_at AS stale FROM checked
    UNION ALL
    -- Good through `valid_until`, expired right after.
    SELECT source_id, valid_until + INTERVAL 1 MICROSECOND, TRUE
    FROM checked
    WHERE
        valid_until >= checked_at
        AND valid_until < now()
        AND valid_until + INTERVAL 1 MICROSECOND < coalesce(next_checked_at, now())
    UNION ALL
    SELECT source_id, first_at, FALSE FROM steady
    UNION ALL
    SELECT source_id, good_until + INTERVAL 1 MICROSECOND, TRUE FROM steady WHERE good_until < now()
),
decided AS (
    SELECT *
    FROM decisions
    QUALIFY row_number() OVER (PARTITION BY source_id, decided_at ORDER BY seq DESC) = 1
),
moments AS (
    SELECT source_id, decided_at AS moment FROM decided
    UNION
    SELECT source_id, moment FROM spans
),
held AS (
    SELECT
        m.source_id,
        m.moment,
        d.* EXCLUDE (source_id),
        d.tier = 'production_approved' AND coalesce(s.stale, d.authority IS DISTINCT FROM 'house') AS narrowed,
        regexp_matches(d.decided_by, '^(entitlement|review of a block):') AND coalesce(s.stale, FALSE) AS lapsed
    FROM moments AS m
    ASOF JOIN decided AS d ON d.source_id = m.source_id AND d.decided_at <= m.moment
    ASOF LEFT JOIN spans AS s ON s.source_id = m.source_id AND s.moment <= m.moment
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
