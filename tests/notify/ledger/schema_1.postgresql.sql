CREATE TABLE delivery (
    notice INTEGER NOT NULL,
    rkey BYTEA NOT NULL,
    twin BYTEA NOT NULL,
    address TEXT,
    name TEXT,
    lang VARCHAR(40) NOT NULL,
    state VARCHAR(12) NOT NULL,
    attempt INTEGER NOT NULL,
    drops INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    next_at FLOAT(53) NOT NULL,
    run VARCHAR(32),
    message_id VARCHAR(300) NOT NULL,
    date FLOAT(53),
    code VARCHAR(60) NOT NULL,
    accepted_at VARCHAR(24) NOT NULL,
    nonce16 BYTEA NOT NULL,
    tally INTEGER NOT NULL,
    PRIMARY KEY (notice, rkey)
);

CREATE INDEX delivery_due ON delivery (notice, next_at) WHERE state = 'queued';

CREATE TABLE event (
    n BIGSERIAL NOT NULL,
    notice INTEGER NOT NULL,
    rkey BYTEA,
    at FLOAT(53) NOT NULL,
    "from" VARCHAR(12) NOT NULL,
    "to" VARCHAR(12) NOT NULL,
    code VARCHAR(80) NOT NULL,
    run VARCHAR(32) NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (n)
);

CREATE TABLE letter (
    notice INTEGER NOT NULL,
    language VARCHAR(40) NOT NULL,
    name VARCHAR(80) NOT NULL,
    eml BYTEA NOT NULL,
    PRIMARY KEY (notice, language)
);

CREATE TABLE meta (
    ledger_id VARCHAR(32) NOT NULL,
    schema INTEGER NOT NULL,
    hmac_key_id VARCHAR(16) NOT NULL,
    hmac_key BYTEA,
    repo_first_commit VARCHAR(64) NOT NULL,
    created FLOAT(53) NOT NULL,
    PRIMARY KEY (ledger_id)
);

CREATE TABLE notice (
    notice SERIAL NOT NULL,
    version VARCHAR(16) NOT NULL,
    stream VARCHAR(16) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    state VARCHAR(16) NOT NULL,
    started FLOAT(53),
    completed FLOAT(53),
    total INTEGER NOT NULL,
    tally INTEGER NOT NULL,
    list_digest VARCHAR(64),
    list_source VARCHAR(200),
    sender VARCHAR(320),
    unsubscribe VARCHAR(800),
    PRIMARY KEY (notice),
    UNIQUE (version, stream),
    UNIQUE (digest)
);

CREATE TABLE place (
    file VARCHAR(80) NOT NULL,
    PRIMARY KEY (file)
);

CREATE TABLE rejected (
    notice INTEGER NOT NULL,
    row INTEGER NOT NULL,
    state VARCHAR(12) NOT NULL,
    reason TEXT NOT NULL,
    lines INTEGER NOT NULL,
    "of" BYTEA,
    PRIMARY KEY (notice, row)
);

CREATE TABLE run (
    id VARCHAR(32) NOT NULL,
    notice INTEGER NOT NULL,
    host VARCHAR(255) NOT NULL,
    pid INTEGER NOT NULL,
    boot_id VARCHAR(64) NOT NULL,
    started FLOAT(53) NOT NULL,
    beat FLOAT(53) NOT NULL,
    lease_until FLOAT(53) NOT NULL,
    ended FLOAT(53),
    head BYTEA,
    PRIMARY KEY (id)
);

CREATE TABLE sending (
    run VARCHAR(32) NOT NULL,
    conn INTEGER NOT NULL,
    rkey BYTEA,
    PRIMARY KEY (run, conn)
);

CREATE TABLE suppression (
    rkey BYTEA NOT NULL,
    reason VARCHAR(12) NOT NULL,
    source VARCHAR(200) NOT NULL,
    since FLOAT(53) NOT NULL,
    PRIMARY KEY (rkey, reason)
);
