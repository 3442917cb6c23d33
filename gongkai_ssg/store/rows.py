"""The rows of the store. One table a class; a column is documented where it is not plain."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,          -- of the source, from items/
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
    hold_until TEXT NOT NULL,    -- not published before this day
    public_until TEXT,
    library INTEGER NOT NULL,
    effective TEXT,              -- first valid day
    expires TEXT,                -- last valid day
    repealed TEXT,
    declared TEXT,               -- the status that was typed
    basis TEXT,                  -- 认定依据
    terms_line INTEGER NOT NULL, -- where the status, else the last valid day, was typed; 0: nowhere
    terms_column INTEGER NOT NULL,
    held TEXT,                   -- why it is not published: broken, draft, withheld, future, duplicate; NULL: it is
    withdrawn INTEGER NOT NULL,
    status TEXT,                 -- computed, for what is in the library
    marks TEXT                   -- 已修改、部分失效、暂停施行、延长, separated by blanks
);
CREATE TABLE relations (
    item INTEGER NOT NULL, kind TEXT NOT NULL, code_key TEXT, code TEXT, title TEXT, doc_number TEXT, url TEXT,
    scope TEXT, since TEXT, line INTEGER NOT NULL, column INTEGER NOT NULL, target INTEGER
);
CREATE TABLE links (
    item INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, fragment TEXT NOT NULL,
    label TEXT NOT NULL, line INTEGER NOT NULL, column INTEGER NOT NULL,
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
    address TEXT NOT NULL, target TEXT NOT NULL, item INTEGER, path TEXT NOT NULL, line INTEGER NOT NULL,
    column INTEGER NOT NULL
);
CREATE TABLE lists (
    list INTEGER NOT NULL, sort TEXT NOT NULL, item INTEGER NOT NULL
);
CREATE TABLE list_names (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE
);
"""

INDEXES = """
CREATE INDEX items_by_code ON items (code_key);
CREATE INDEX items_by_path ON items (path);
CREATE INDEX relations_by_item ON relations (item);
CREATE INDEX relations_by_target ON relations (target);
CREATE INDEX links_by_item ON links (item);
CREATE INDEX attachments_by_item ON attachments (item);
CREATE UNIQUE INDEX lists_in_order ON lists (list, sort, item);
CREATE TABLE list_years AS
    SELECT list, substr(sort, 1, 4) AS year, count(*) AS count FROM lists GROUP BY 1, 2;
CREATE INDEX years_by_list ON list_years (list, year);
"""
