-- The first three are as pekko-persistence-jdbc expects them.
CREATE TABLE event_journal (
  ordering BIGSERIAL,
  persistence_id VARCHAR(255) NOT NULL,
  sequence_number BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL DEFAULT FALSE,
  writer VARCHAR(255) NOT NULL,
  write_timestamp BIGINT,
  adapter_manifest VARCHAR(255),
  event_ser_id INTEGER NOT NULL,
  event_ser_manifest VARCHAR(255) NOT NULL,
  event_payload BYTEA NOT NULL,
  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,
  PRIMARY KEY (persistence_id, sequence_number)
);
CREATE UNIQUE INDEX event_journal_ordering_idx ON event_journal (ordering);

CREATE TABLE event_tag (
  event_id BIGINT NOT NULL REFERENCES event_journal (ordering) ON DELETE CASCADE,
  tag VARCHAR(256) NOT NULL,
  PRIMARY KEY (event_id, tag)
);

CREATE TABLE snapshot (
  persistence_id VARCHAR(255) NOT NULL,
  sequence_number BIGINT NOT NULL,
  created BIGINT NOT NULL,
  snapshot_ser_id INTEGER NOT NULL,
  snapshot_ser_manifest VARCHAR(255) NOT NULL,
  snapshot_payload BYTEA NOT NULL,
  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,
  PRIMARY KEY (persistence_id, sequence_number)
);

-- Times are microseconds since 1970. Ids are compared byte by byte, as prefixes are looked for by range.
CREATE TABLE finished_job (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  state TEXT NOT NULL,
  autostop BOOLEAN NOT NULL,
  detached BOOLEAN NOT NULL,
  priority INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  clean BOOLEAN NOT NULL,
  cause TEXT,
  idempotency_key TEXT,
  content_hash TEXT NOT NULL,
  submitted_at BIGINT NOT NULL,
  started_at BIGINT,
  ended_at BIGINT NOT NULL,
  result TEXT NOT NULL,
  events TEXT NOT NULL
);
CREATE INDEX finished_job_by_submission ON finished_job (submitted_at, id);
CREATE INDEX finished_job_by_end ON finished_job (ended_at, id);
CREATE INDEX finished_job_by_key ON finished_job (idempotency_key) WHERE idempotency_key IS NOT NULL;
