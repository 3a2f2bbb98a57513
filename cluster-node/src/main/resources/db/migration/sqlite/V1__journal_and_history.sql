-- The first three are as pekko-persistence-jdbc expects them.
CREATE TABLE event_journal (
  "ordering" INTEGER PRIMARY KEY AUTOINCREMENT,
  "deleted" BOOLEAN NOT NULL DEFAULT FALSE,
  "persistence_id" VARCHAR(255) NOT NULL,
  "sequence_number" BIGINT NOT NULL,
  "writer" VARCHAR(255) NOT NULL,
  "write_timestamp" BIGINT NOT NULL,
  "adapter_manifest" VARCHAR(255) NOT NULL,
  "event_payload" BLOB NOT NULL,
  "event_ser_id" INTEGER NOT NULL,
  "event_ser_manifest" VARCHAR(255) NOT NULL,
  "meta_payload" BLOB,
  "meta_ser_id" INTEGER,
  "meta_ser_manifest" VARCHAR(255),
  UNIQUE ("persistence_id", "sequence_number")
);

CREATE TABLE event_tag (
  "event_id" INTEGER NOT NULL REFERENCES event_journal ("ordering") ON DELETE CASCADE,
  "tag" VARCHAR(256) NOT NULL,
  PRIMARY KEY ("event_id", "tag")
);

CREATE TABLE snapshot (
  "persistence_id" VARCHAR(255) NOT NULL,
  "sequence_number" BIGINT NOT NULL,
  "created" BIGINT NOT NULL,
  "snapshot_ser_id" INTEGER NOT NULL,
  "snapshot_ser_manifest" VARCHAR(255) NOT NULL,
  "snapshot_payload" BLOB NOT NULL,
  "meta_ser_id" INTEGER,
  "meta_ser_manifest" VARCHAR(255),
  "meta_payload" BLOB,
  PRIMARY KEY ("persistence_id", "sequence_number")
);

-- Times are microseconds since 1970.
CREATE TABLE finished_job (
  id TEXT NOT NULL PRIMARY KEY,
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
