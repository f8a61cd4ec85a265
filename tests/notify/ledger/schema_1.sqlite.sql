CREATE TABLE delivery (
    notice INTEGER NOT NULL,
    rkey BLOB NOT NULL,
    twin BLOB NOT NULL,
    address TEXT,
    name TEXT,
    lang VARCHAR(40) NOT NULL,
    state VARCHAR(12) NOT NULL,
    attempt INTEGER NOT NULL,
    drops INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    next_at FLOAT NOT NULL,
    run VARCHAR(32),
    message_id VARCHAR(300) NOT NULL,
    date FLOAT,
    code VARCHAR(60) NOT NULL,
    accepted_at VARCHAR(24) NOT NULL,
    nonce16 BLOB NOT NULL,
    tally INTEGER NOT NULL,
    PRIMARY KEY (notice, rkey)
);

CREATE INDEX delivery_due ON delivery (notice, next_at) WHERE state = 'queued';

CREATE TABLE event (
    n INTEGER NOT NULL,
    notice INTEGER NOT NULL,
    rkey BLOB,
    at FLOAT NOT NULL,
    "from" VARCHAR(12) NOT NULL,
    "to" VARCHAR(12) NOT NULL,
    code VARCHAR(80) NOT NULL,
    run VARCHAR(32) NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (n)
);

CREATE TABLE letter (
    notice INTEGER NOT NULL,
    language VARCHAR(40) NOT NULL,
    name VARCHAR(80) NOT NULL,
    eml BLOB NOT NULL,
    PRIMARY KEY (notice, language)
);

CREATE TABLE meta (
    ledger_id VARCHAR(32) NOT NULL,
    schema INTEGER NOT NULL,
    hmac_key_id VARCHAR(16) NOT NULL,
    hmac_key BLOB,
    repo_first_commit VARCHAR(64) NOT NULL,
    created FLOAT NOT NULL,
    PRIMARY KEY (ledger_id)
);

CREATE TABLE notice (
    notice INTEGER NOT NULL,
    version VARCHAR(16) NOT NULL,
    stream VARCHAR(16) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    state VARCHAR(16) NOT NULL,
    started FLOAT,
    completed FLOAT,
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
    "row" INTEGER NOT NULL,
    state VARCHAR(12) NOT NULL,
    reason TEXT NOT NULL,
    lines INTEGER NOT NULL,
    "of" BLOB,
    PRIMARY KEY (notice, "row")
);

CREATE TABLE run (
    id VARCHAR(32) NOT NULL,
    notice INTEGER NOT NULL,
    host VARCHAR(255) NOT NULL,
    pid INTEGER NOT NULL,
    boot_id VARCHAR(64) NOT NULL,
    started FLOAT NOT NULL,
    beat FLOAT NOT NULL,
    lease_until FLOAT NOT NULL,
    ended FLOAT,
    head BLOB,
    PRIMARY KEY (id)
);

CREATE TABLE sending (
    run VARCHAR(32) NOT NULL,
    conn INTEGER NOT NULL,
    rkey BLOB,
    PRIMARY KEY (run, conn)
);

CREATE TABLE suppression (
    rkey BLOB NOT NULL,
    reason VARCHAR(12) NOT NULL,
    source VARCHAR(200) NOT NULL,
    since FLOAT NOT NULL,
    PRIMARY KEY (rkey, reason)
);
