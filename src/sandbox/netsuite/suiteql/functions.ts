/**
 * What Oracle's dialect has and Postgres lacks, or has with another meaning. They stand first in the search path, so that
 * they win over Postgres's own of the same signature.
 */
export const functions = `
CREATE FUNCTION _now() RETURNS timestamp STABLE LANGUAGE sql AS $$ SELECT current_setting('sandbox.now')::timestamp $$;
CREATE FUNCTION to_date(text, text) RETURNS timestamp STABLE LANGUAGE sql AS $$ SELECT pg_catalog.to_timestamp($1, $2)::timestamp $$;
CREATE FUNCTION to_date(text) RETURNS timestamp STABLE LANGUAGE sql AS $$ SELECT $1::timestamp $$;
CREATE FUNCTION to_timestamp(text, text) RETURNS timestamp STABLE LANGUAGE sql AS $$ SELECT pg_catalog.to_timestamp($1, $2)::timestamp $$;
CREATE FUNCTION to_char(numeric) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT $1::text $$;
CREATE FUNCTION to_char(timestamp) RETURNS text STABLE LANGUAGE sql AS $$ SELECT pg_catalog.to_char($1, 'FMMM/FMDD/YYYY') $$;
CREATE FUNCTION to_number(text) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$ SELECT $1::numeric $$;
CREATE FUNCTION instr(text, text) RETURNS integer IMMUTABLE LANGUAGE sql AS $$ SELECT strpos($1, $2) $$;
CREATE FUNCTION trunc(timestamp) RETURNS timestamp IMMUTABLE LANGUAGE sql AS $$ SELECT date_trunc('day', $1) $$;
CREATE FUNCTION add_months(timestamp, integer) RETURNS timestamp IMMUTABLE LANGUAGE sql AS $$ SELECT $1 + make_interval(months => $2) $$;
CREATE FUNCTION last_day(timestamp) RETURNS timestamp IMMUTABLE LANGUAGE sql AS $$
  SELECT date_trunc('month', $1) + interval '1 month - 1 day' $$;
CREATE FUNCTION _concat(text, text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT nullif(coalesce($1, '') OPERATOR(pg_catalog.||) coalesce($2, ''), '') $$;
CREATE OPERATOR || (function = _concat, leftarg = text, rightarg = text);
CREATE FUNCTION _concat(bigint, text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT coalesce($1::text, '') OPERATOR(pg_catalog.||) coalesce($2, '') $$;
CREATE OPERATOR || (function = _concat, leftarg = bigint, rightarg = text);
CREATE FUNCTION _concat(text, bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT coalesce($1, '') OPERATOR(pg_catalog.||) coalesce($2::text, '') $$;
CREATE OPERATOR || (function = _concat, leftarg = text, rightarg = bigint);
CREATE FUNCTION _days(timestamp, numeric) RETURNS timestamp IMMUTABLE LANGUAGE sql AS $$ SELECT $1 + $2 * interval '1 day' $$;
CREATE OPERATOR + (function = _days, leftarg = timestamp, rightarg = numeric);
CREATE FUNCTION _days_back(timestamp, numeric) RETURNS timestamp IMMUTABLE LANGUAGE sql AS $$ SELECT $1 - $2 * interval '1 day' $$;
CREATE OPERATOR - (function = _days_back, leftarg = timestamp, rightarg = numeric);
CREATE FUNCTION _days_between(timestamp, timestamp) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$
  SELECT (extract(epoch FROM $1) - extract(epoch FROM $2)) / 86400 $$;
CREATE OPERATOR - (function = _days_between, leftarg = timestamp, rightarg = timestamp);
CREATE FUNCTION _display(kind text, id bigint) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT CASE kind
    WHEN 'entity' THEN (SELECT c.entityid || ' ' || c.altname FROM customer c WHERE c.id = $2)
    WHEN 'item' THEN (SELECT i.itemid FROM item i WHERE i.id = $2)
    WHEN 'currency' THEN (SELECT c.name FROM currency c WHERE c.id = $2)
    WHEN 'location' THEN (SELECT l.name FROM location l WHERE l.id = $2)
    WHEN 'subsidiary' THEN (SELECT s.name FROM subsidiary s WHERE s.id = $2)
    WHEN 'terms' THEN (SELECT t.name FROM term t WHERE t.id = $2)
    WHEN 'department' THEN (SELECT d.name FROM department d WHERE d.id = $2)
    WHEN 'class' THEN (SELECT c.name FROM classification c WHERE c.id = $2)
    WHEN 'account' THEN (SELECT a.accountsearchdisplayname FROM account a WHERE a.id = $2)
    WHEN 'createdfrom' THEN (SELECT t.trandisplayname FROM transaction t WHERE t.id = $2)
  END $$;
CREATE FUNCTION _status_name(text) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT s.fullname FROM transactionstatus s WHERE s.trantype || ':' || s.id = $1 $$;
`

/** Column → kind of _display, for BUILTIN.DF. */
export const DISPLAYED: Readonly<Record<string, string>> = {
  entity: 'entity',
  item: 'item',
  currency: 'currency',
  location: 'location',
  inventorylocation: 'location',
  subsidiary: 'subsidiary',
  terms: 'terms',
  department: 'department',
  class: 'class',
  account: 'account',
  incomeaccount: 'account',
  assetaccount: 'account',
  createdfrom: 'createdfrom',
  customer: 'entity',
}

/** Functions that the data source supports and the stand-in plays (NetSuite help section_158513731864). */
export const SUPPORTED: ReadonlySet<string> = new Set(
  `abs add_months avg ceil coalesce concat count floor greatest initcap instr last_day least length lower lpad ltrim max min mod
  nullif nvl power rank dense_rank row_number regexp_replace replace round rpad rtrim sign sqrt substr sum to_char to_date to_number
  to_timestamp trim trunc upper`.split(/\s+/),
)
