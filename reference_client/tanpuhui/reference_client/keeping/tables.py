"""The tables of the scenario's store: what came in, what goes out, and what proves it."""

from __future__ import annotations

EDITION = 1

TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS activities (
    position INTEGER PRIMARY KEY, activity_id TEXT NOT NULL UNIQUE, scheme TEXT NOT NULL,
    body BLOB NOT NULL, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS activities_open ON activities (position) WHERE done = 0;
CREATE TABLE IF NOT EXISTS records (
    position INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, activity_id TEXT NOT NULL,
    part TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, detail TEXT, body BLOB,
    batch INTEGER,
    UNIQUE (activity_id, part));
CREATE INDEX IF NOT EXISTS records_by_state ON records (state, position);
CREATE TABLE IF NOT EXISTS batches (
    batch INTEGER PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, body BLOB NOT NULL,
    count INTEGER NOT NULL, state TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
    not_before TEXT, problem TEXT);
CREATE INDEX IF NOT EXISTS batches_open ON batches (batch) WHERE state = 'open';
CREATE TABLE IF NOT EXISTS receipts (
    batch INTEGER PRIMARY KEY, kept_at TEXT NOT NULL, request_line TEXT NOT NULL,
    request_fields TEXT NOT NULL, status INTEGER NOT NULL, answer_fields TEXT NOT NULL,
    answer_body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS receipt_ids (batch INTEGER PRIMARY KEY, receipt_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (
    batch INTEGER PRIMARY KEY, file TEXT NOT NULL, digest TEXT NOT NULL, coding TEXT, job_id TEXT,
    taken INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS told (record_id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_reported ON records (
    json_extract(CAST(body AS TEXT), '$.business_day'), record_id)
    WHERE state IN ('accepted', 'duplicate', 'held', 'rejected');
CREATE TABLE IF NOT EXISTS devices (device_id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS device_writes (
    content TEXT PRIMARY KEY, idempotency_key TEXT NOT NULL, outcome TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS links (
    link_id TEXT PRIMARY KEY, status TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT,
    sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS link_changes (
    link_id TEXT NOT NULL, sequence INTEGER NOT NULL, status TEXT NOT NULL, effective_at TEXT NOT NULL,
    PRIMARY KEY (link_id, sequence)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS events_by_sequence ON events (sequence);
CREATE TABLE IF NOT EXISTS decisions (
    record_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, verdict TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS nonces (
    key_id TEXT NOT NULL, nonce TEXT NOT NULL, ends TEXT NOT NULL, PRIMARY KEY (key_id, nonce)) WITHOUT ROWID;
"""
