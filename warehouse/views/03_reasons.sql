-- What stands between a source and its tier.
CREATE OR REPLACE VIEW open_gates AS
WITH opened AS (
    SELECT source_id, tier, tier_if_verified, unnest(CAST(gates AS JSON[])) AS gate_json
    FROM tier_now
)
SELECT
    source_id,
    gate_json ->> 'gate' AS gate,
    gate_json ->> 'kind' AS kind,
    gate_json ->> 'caps_at' AS caps_at,
    gate_json ->> 'reason' AS reason,
    gate_json ->> 'closes' AS closes,
    gate_json ->> 'owner' AS owner,
    tier,
    tier_if_verified
FROM opened
UNION ALL
SELECT
    source_id,
    'evidence_stale',
    'blocking',
    CASE WHEN tier = 'blocked' AND tier_decided <> 'blocked' THEN 'blocked' ELSE 'research_only' END,
    coalesce(
        'the evidence was good until ' || strftime(valid_until, '%Y-%m-%d'),
        'no date is recorded for the evidence'
    ),
    'look again: clearance run',
    'operations',
    tier,
    tier_if_verified
FROM tier_now
WHERE evidence_expired AND NOT list_contains(CAST(json_extract_string(gates, '$[*].gate') AS VARCHAR[]), 'evidence_stale')
ORDER BY source_id, kind, gate;

-- Statements that cannot both hold; the narrower one counts until a person rules.
CREATE OR REPLACE VIEW contradictions AS
WITH stated AS (
    SELECT source_id, decided_at, unnest(CAST(contradictions AS JSON[])) AS stated_json
    FROM tier_now
)
SELECT
    source_id,
    stated_json ->> 'action' AS action,
    stated_json ->> 'wider' AS wider,
    stated_json ->> 'narrower' AS narrower,
    stated_json ->> 'why' AS why,
    decided_at
FROM stated
ORDER BY source_id;

-- The quotes the present conclusions rest on, and the bytes they were read from.
CREATE OR REPLACE VIEW evidence AS
WITH shown AS (
    SELECT source_id, tier, unnest(CAST(evidence AS JSON[])) AS item
    FROM tier_now
)
SELECT
    source_id,
    item ->> 'url' AS url,
    CAST(item ->> 'at' AS TIMESTAMPTZ) AS seen_at,
    item ->> 'sha256' AS sha256,
    item ->> 'quote' AS quote,
    item ->> 'grade' AS grade,
    item ->> 'authority' AS authority,
    item ->> 'license' AS license,
    item ->> 'rule' AS rule,
    item ->> 'watch_id' AS watch_id,
    tier
FROM shown
ORDER BY source_id, grade;
