-- Each change once, as last known: the row that confirms it replaces the one that first showed it.
CREATE OR REPLACE VIEW changes AS
SELECT
    changed_at,
    source_id,
    kind,
    direction,
    relicensed,
    confirmed,
    alert,
    licenses_before,
    licenses_after,
    determination_before,
    determination_after,
    quote_before,
    quote_after,
    rights_changed,
    duties_before,
    duties_after,
    reason,
    url,
    page_id,
    watch_id,
    version_before,
    version_after,
    change_id,
    run_id,
    seq
FROM change_rows
QUALIFY row_number() OVER (PARTITION BY change_id ORDER BY seq DESC) = 1
ORDER BY changed_at, seq;

-- What each watch read, whenever the answer differs from the one before. With the same bytes before
-- and after, the reader changed its mind and not the publisher.
CREATE OR REPLACE VIEW license_history AS
WITH ordered AS (
    SELECT
        source_id,
        watch_id,
        url,
        seen_at,
        lag(expression) OVER before AS expression_before,
        expression,
        licenses,
        lag(determination) OVER before AS determination_before,
        determination,
        CASE WHEN lag(sha256) OVER before = sha256 THEN 'reader' ELSE 'publisher' END AS changed_by,
        reader,
        origin,
        sha256,
        version_id,
        run_id,
        seq
    FROM versions
    WHERE suspect IS NULL
    WINDOW before AS (PARTITION BY watch_id ORDER BY seen_at, seq)
)
SELECT *
FROM ordered
WHERE expression_before IS DISTINCT FROM expression OR determination_before IS DISTINCT FROM determination
ORDER BY source_id, watch_id, seen_at, seq;

-- Pages whose newest look brought nothing to read, or whose newest good look is older than the 180
-- days the shipped policy allows; `days_since_good_look` serves any other limit.
CREATE OR REPLACE VIEW stale_pages AS
WITH last AS (SELECT page_id, max(looked_at) AS looked_at FROM looks GROUP BY page_id),
newest AS (
    SELECT k.page_id, k.looked_at, k.outcome, k.reason
    FROM looks AS k
    JOIN last ON last.page_id = k.page_id AND last.looked_at = k.looked_at
    QUALIFY row_number() OVER (PARTITION BY k.page_id ORDER BY k.seq DESC) = 1
),
good AS (
    SELECT page_id, max(looked_at) AS good_look_at
    FROM looks
    WHERE outcome IN ('snapshot', 'not_modified')
    GROUP BY page_id
)
SELECT
    p.url,
    p.page_id,
    n.outcome AS last_outcome,
    n.reason AS last_reason,
    n.looked_at AS last_look_at,
    g.good_look_at AS last_good_look_at,
    date_diff('day', g.good_look_at, now()) AS days_since_good_look
FROM pages AS p
LEFT JOIN newest AS n ON n.page_id = p.page_id
LEFT JOIN good AS g ON g.page_id = p.page_id
WHERE
    n.outcome IS NULL
    OR n.outcome NOT IN ('snapshot', 'not_modified')
    OR g.good_look_at < now() - INTERVAL 180 DAY
ORDER BY days_since_good_look DESC NULLS FIRST, p.url;

-- The outbox; `delivered_at` is the first success on any channel.
CREATE OR REPLACE VIEW alerts AS
SELECT
    a.raised_at,
    a.kind,
    a.source_id,
    a.title,
    a.body,
    a.url,
    min(d.tried_at) FILTER (WHERE d.ok) AS delivered_at,
    coalesce(list(DISTINCT d.channel ORDER BY d.channel) FILTER (WHERE d.ok), []) AS delivered_by,
    max_by(d.error, d.seq) FILTER (WHERE NOT d.ok) AS last_error,
    a.payload,
    a.alert_id,
    a.dedupe_key,
    a.run_id,
    a.seq
FROM alert_outbox AS a
LEFT JOIN deliveries AS d ON d.alert_id = a.alert_id
GROUP BY ALL
ORDER BY a.seq;
