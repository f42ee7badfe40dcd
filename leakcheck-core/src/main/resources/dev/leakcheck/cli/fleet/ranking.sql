WITH settings AS (
  -- So many threads of one group in one capture make it a suspect.
  SELECT 1000 AS threshold
),
captures AS (
  -- Each look at an instance, and how many looks at its service came before it.
  SELECT
    capture, source, service, instance, version, time_ms, virtual, complete,
    RANK() OVER (PARTITION BY source, service, virtual ORDER BY time_ms) - 1 AS earlier
  FROM fleet
  WHERE entry = 'capture'
),
services AS (
  SELECT source, service, virtual, COUNT(DISTINCT instance) AS instances
  FROM captures
  GROUP BY source, service, virtual
),
counts AS (
  -- What is in each capture, each group once, without what is set aside.
  SELECT
    capture, virtual, fingerprint, SUM(size) AS size, MAX(age_ms) AS age_ms, MIN(kind) AS kind,
    MIN(name) AS name, MIN(state) AS state, MIN(activity) AS activity, MIN(idle) AS idle,
    MIN(frames) AS frames
  FROM fleet
  WHERE entry = 'group' AND set_aside IS NULL
  GROUP BY capture, virtual, fingerprint
),
suspects AS (
  -- What a report holds was found to be a leak already.
  SELECT DISTINCT c.source, c.service, c.virtual, n.fingerprint
  FROM counts n
  JOIN captures c ON c.capture = n.capture AND c.virtual = n.virtual
  CROSS JOIN settings
  WHERE n.size >= settings.threshold OR c.source = 'report'
),
series AS (
  -- Each suspect in all captures of its service: none where a complete one does not list it.
  SELECT
    s.source, s.service, s.virtual, s.fingerprint, c.instance, c.version, c.time_ms, c.earlier,
    COALESCE(n.size, 0) AS size, n.age_ms, n.kind, n.name, n.state, n.activity, n.idle, n.frames,
    ROW_NUMBER() OVER (
      PARTITION BY s.source, s.service, s.virtual, s.fingerprint, c.instance
      ORDER BY c.time_ms, c.capture) AS oldest,
    ROW_NUMBER() OVER (
      PARTITION BY s.source, s.service, s.virtual, s.fingerprint, c.instance
      ORDER BY c.time_ms DESC, c.capture DESC) AS newest,
    ROW_NUMBER() OVER (
      PARTITION BY s.source, s.service, s.virtual, s.fingerprint
      ORDER BY CASE WHEN n.size > 0 THEN 0 ELSE 1 END, c.time_ms, c.capture) AS seen
  FROM suspects s
  JOIN captures c ON c.source = s.source AND c.service = s.service AND c.virtual = s.virtual
  LEFT JOIN counts n
    ON n.capture = c.capture AND n.virtual = c.virtual AND n.fingerprint = s.fingerprint
  WHERE c.complete OR n.size IS NOT NULL
),
instances AS (
  SELECT
    source, service, virtual, fingerprint, instance,
    MAX(size) AS peak,
    COUNT(*) AS looks,
    SUM(CASE WHEN size >= settings.threshold THEN 1 ELSE 0 END) AS reached,
    SUM(CASE WHEN newest = 1 THEN size ELSE 0 END)
      - SUM(CASE WHEN oldest = 1 THEN size ELSE 0 END) AS growth,
    MIN(CASE WHEN seen = 1 THEN time_ms END) AS first_seen_ms,
    MIN(CASE WHEN seen = 1 THEN version END) AS first_version,
    MIN(CASE WHEN seen = 1 THEN earlier END) AS earlier,
    MAX(age_ms) AS age_ms, MIN(kind) AS kind, MIN(name) AS name, MIN(state) AS state,
    MIN(activity) AS activity, MIN(idle) AS idle, MIN(frames) AS frames
  FROM series
  CROSS JOIN settings
  GROUP BY source, service, virtual, fingerprint, instance
),
ranked AS (
  SELECT
    i.source, i.service, i.fingerprint, i.virtual, MIN(i.kind) AS kind, MIN(i.name) AS name,
    MIN(i.state) AS state, MIN(i.activity) AS activity, MIN(i.idle) AS idle,
    SQRT(SUM(CAST(i.peak AS DOUBLE) * CAST(i.peak AS DOUBLE)) / MAX(s.instances)) AS rms,
    CAST(MAX(i.peak) AS BIGINT) AS peak,
    CAST(SUM(i.reached) AS BIGINT) AS reached,
    CAST(SUM(CASE WHEN i.peak > 0 THEN 1 ELSE 0 END) AS BIGINT) AS instances,
    CAST(MAX(s.instances) AS BIGINT) AS of_instances,
    CAST(CASE WHEN MAX(i.looks) > 1 THEN SUM(i.growth) END AS BIGINT) AS growth,
    CAST(SUM(CASE WHEN i.growth > 0 THEN 1 ELSE 0 END) AS BIGINT) AS grown,
    CAST(MIN(i.first_seen_ms) AS BIGINT) AS first_seen_ms,
    MIN(i.first_version) AS first_version,
    CAST(MIN(i.earlier) AS BIGINT) AS earlier,
    CAST(MAX(i.age_ms) AS BIGINT) AS age_ms,
    MIN(i.frames) AS frames
  FROM instances i
  JOIN services s ON s.source = i.source AND s.service = i.service AND s.virtual = i.virtual
  GROUP BY i.source, i.service, i.virtual, i.fingerprint
)
SELECT
  ROW_NUMBER() OVER (ORDER BY rms DESC, peak DESC, service, source, fingerprint) AS place,
  ranked.*
FROM ranked
ORDER BY place
