"""The rows of the store. One table a class; a column is documented where it is not plain.

Numbers of items are the store's own and stay while a source stays at its path. Nothing that is
published may depend on them: a clean build numbers anew.
"""

from __future__ import annotations

SCHEMA = """
CREATE TABLE state (
    name TEXT PRIMARY KEY, value TEXT NOT NULL
);
CREATE TABLE folders (
    path TEXT PRIMARY KEY,       -- with a final slash
    digest BLOB NOT NULL,        -- of names, times and sizes; empty if a file was too young to be sure of
    findings TEXT NOT NULL
);
CREATE TABLE sources (
    path TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    kind TEXT NOT NULL,          -- item, guide, file
    mtime INTEGER NOT NULL, size INTEGER NOT NULL,
    digest BLOB,                 -- of the content; NULL for files
    key TEXT NOT NULL,           -- the path in one Unicode form
    item INTEGER
);
CREATE TABLE findings (
    path TEXT NOT NULL, data TEXT NOT NULL
);
CREATE TABLE allowed (
    path TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE guides (
    path TEXT PRIMARY KEY, data TEXT NOT NULL
);
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,          -- of the source, from the folder of config.yaml
    path_key TEXT NOT NULL,      -- the path in one Unicode form
    code TEXT NOT NULL,
    code_key TEXT NOT NULL,      -- what may not be there twice
    code_line INTEGER NOT NULL,
    code_column INTEGER NOT NULL,
    sort TEXT NOT NULL,          -- publication, then code: the order of every list
    title TEXT NOT NULL,
    unit TEXT NOT NULL,
    unit_name TEXT NOT NULL,     -- the name the unit bore on the day
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT,
    doc_number TEXT,
    formed TEXT NOT NULL,
    updated TEXT,
    summary TEXT NOT NULL,
    data BLOB,                   -- the item's keys as JSON, private ones left out; NULL where it is broken
    lists TEXT NOT NULL,         -- the names of the lists it belongs to if it is published, separated by blanks
    hold_until TEXT NOT NULL,    -- not published before this day
    public_until TEXT,
    comments_until TEXT,
    in_library INTEGER NOT NULL,
    effective TEXT,              -- first valid day
    expires TEXT,                -- last valid day
    repealed TEXT,
    declared TEXT,               -- the status that was typed
    basis TEXT,                  -- 认定依据
    terms_line INTEGER NOT NULL, -- where the status, else the last valid day, was typed; 0: nowhere
    terms_column INTEGER NOT NULL,
    held TEXT,                   -- why it is not published: broken, draft, withheld, future, duplicate; NULL: it is
    withdrawn INTEGER NOT NULL,
    fault INTEGER,               -- whether linking found what breaks it, so that it is read anew next time
    status TEXT,                 -- computed, for what is in the library
    marks TEXT,                  -- 已修改、部分失效、暂停施行、延长, separated by blanks
    turns TEXT,                  -- the next day on which status or marks may change
    doubt INTEGER,               -- whether its status has a finding
    text_digest BLOB,            -- of what search matches; NULL: its title and code are all there is
    text_file INTEGER, text_offset INTEGER, text_length INTEGER -- where that is kept
);
CREATE TABLE relations (
    item INTEGER NOT NULL, kind TEXT NOT NULL, code_key TEXT, code TEXT, title TEXT, doc_number TEXT, url TEXT,
    scope TEXT, since TEXT, line INTEGER NOT NULL, column INTEGER NOT NULL, target INTEGER
);
CREATE TABLE links (
    item INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, fragment TEXT NOT NULL,
    label TEXT NOT NULL, line INTEGER NOT NULL, column INTEGER NOT NULL,
    key TEXT,                    -- of the item it leads to: its code_key or path_key
    address TEXT                 -- where it leads, from the output's root; NULL: nowhere
);
CREATE TABLE attachments (
    item INTEGER NOT NULL, file TEXT NOT NULL, title TEXT, role TEXT NOT NULL, line INTEGER NOT NULL,
    column INTEGER NOT NULL,
    address TEXT, size INTEGER
);
CREATE TABLE copies (
    key TEXT PRIMARY KEY,        -- the address as the least exact file system sees it
    address TEXT NOT NULL, source TEXT NOT NULL,
    item INTEGER                 -- whose file it is; NULL for a standing page's
);
CREATE TABLE aliases (
    address TEXT NOT NULL, key TEXT NOT NULL, target TEXT NOT NULL, item INTEGER, path TEXT NOT NULL,
    line INTEGER NOT NULL, column INTEGER NOT NULL,
    deep INTEGER NOT NULL        -- whether a folder of it has the name of a page
);
CREATE TABLE lists (
    list INTEGER NOT NULL, sort TEXT NOT NULL, item INTEGER NOT NULL
);
CREATE TABLE list_names (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE
);
CREATE TABLE outputs (
    address TEXT PRIMARY KEY,
    part TEXT NOT NULL,          -- of the manifest
    planner TEXT NOT NULL, key TEXT NOT NULL,
    template TEXT NOT NULL,      -- empty for what no template made
    size INTEGER NOT NULL, digest TEXT NOT NULL,
    reason TEXT NOT NULL,        -- why it was planned last, as a reason's kind and detail
    looked INTEGER NOT NULL,     -- the number of the build that planned it last
    written INTEGER NOT NULL     -- the number of the build that wrote it last
) WITHOUT ROWID;
"""

INDEXES = """
CREATE INDEX sources_by_folder ON sources (folder);
CREATE INDEX sources_by_key ON sources (key) WHERE kind = 'file';
CREATE INDEX findings_by_path ON findings (path);
CREATE INDEX allowed_by_path ON allowed (path);
CREATE INDEX items_by_code ON items (code_key);
CREATE INDEX items_by_path ON items (path_key);
CREATE INDEX items_in_library ON items (id) WHERE in_library;
CREATE INDEX items_held ON items (held, hold_until) WHERE held IS NOT NULL;
CREATE INDEX items_with_fault ON items (id) WHERE fault;
CREATE INDEX items_withdrawn ON items (id) WHERE withdrawn;
CREATE INDEX items_in_doubt ON items (id) WHERE doubt;
CREATE INDEX items_turning ON items (turns) WHERE turns IS NOT NULL;
CREATE INDEX items_open ON items (comments_until) WHERE comments_until IS NOT NULL;
CREATE INDEX items_ending ON items (public_until) WHERE public_until IS NOT NULL;
CREATE INDEX relations_by_item ON relations (item);
CREATE INDEX relations_by_target ON relations (target) WHERE target IS NOT NULL;
CREATE INDEX relations_by_code ON relations (code_key) WHERE code_key IS NOT NULL;
CREATE INDEX relations_nowhere ON relations (item) WHERE code_key IS NOT NULL AND target IS NULL;
CREATE INDEX links_by_item ON links (item);
CREATE INDEX links_by_key ON links (key) WHERE key IS NOT NULL;
CREATE INDEX links_nowhere ON links (item) WHERE address IS NULL AND target <> '';
CREATE INDEX attachments_by_item ON attachments (item);
CREATE INDEX copies_by_item ON copies (item);
CREATE INDEX copies_by_source ON copies (source);
CREATE INDEX aliases_by_key ON aliases (key);
CREATE INDEX aliases_by_item ON aliases (item);
CREATE INDEX aliases_deep ON aliases (key) WHERE deep;
"""

LIST_INDEXES = """
CREATE UNIQUE INDEX lists_in_order ON lists (list, sort, item);
CREATE TABLE list_years (list INTEGER NOT NULL, year TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (list, year))
    WITHOUT ROWID;
INSERT INTO list_years SELECT list, substr(sort, 1, 4) AS year, count(*) FROM lists GROUP BY 1, 2;
CREATE TABLE tallies (what TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (what, name))
    WITHOUT ROWID;
"""

OUTPUT_INDEXES = """
CREATE INDEX outputs_by_key ON outputs (planner, key);
CREATE INDEX outputs_by_part ON outputs (part);
"""
