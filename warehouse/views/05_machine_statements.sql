-- What machines state today: what two looks agreed on (`confirmed`), and a change only one look has shown.
CREATE OR REPLACE VIEW license_claims AS
WITH marked AS (
    SELECT
        *,
        max(CASE WHEN confirmed THEN seq END) OVER whole AS accepted,
        max(seq) OVER whole AS newest
    FROM machine_statements
    WHERE kind = 'license'
    WINDOW whole AS (PARTITION BY source_id, about)
),
stated AS (
    SELECT source_id, about, seen_at, confirmed, run_id, seq, unnest(CAST(statements AS JSON[])) AS item
    FROM marked
    WHERE seq = accepted OR seq = newest
)
SELECT
    source_id,
    item ->> 'raw' AS words,
    item ->> 'link' AS link,
    item ->> 'scope' AS scope,
    item ->> 'field' AS field,
    item ->> 'url' AS url,
    about,
    confirmed,
    seen_at,
    run_id
FROM stated
ORDER BY source_id, about, seq, field, words;

CREATE OR REPLACE VIEW reservations AS
WITH marked AS (
    SELECT
        *,
        max(CASE WHEN confirmed THEN seq END) OVER whole AS accepted,
        max(seq) OVER whole AS newest
    FROM machine_statements
    WHERE kind = 'reservation'
    WINDOW whole AS (PARTITION BY source_id, about)
),
stated AS (
    SELECT source_id, about, seen_at, confirmed, run_id, seq, unnest(CAST(statements AS JSON[])) AS item
    FROM marked
    WHERE seq = accepted OR seq = newest
)
SELECT
    source_id,
    about AS host,
    item ->> 'state' AS state,
    item ->> 'rule' AS rule,
    item ->> 'raw' AS words,
    item ->> 'path' AS path,
    item ->> 'audience' AS audience,
    item ->> 'policy' AS policy,
    item ->> 'url' AS url,
    confirmed,
    seen_at,
    run_id
FROM stated
ORDER BY source_id, host, seq, rule, words;
