-- Run once, as the superuser, when the database is made. What monitors the server stands outside
-- "public", so that it is in no dump and no restore stumbles over it.
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE SCHEMA IF NOT EXISTS monitoring;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA extensions;

-- PostgreSQL 13 renamed the times; runbooks written before know the old names.
CREATE OR REPLACE VIEW monitoring.pg_stat_statements AS
SELECT s.*,
       s.mean_exec_time   AS mean_time,
       s.total_exec_time  AS total_time,
       s.min_exec_time    AS min_time,
       s.max_exec_time    AS max_time,
       s.stddev_exec_time AS stddev_time
FROM extensions.pg_stat_statements AS s;

-- Sizes and rows of all tables in "public": rows are counted, not estimated.
CREATE OR REPLACE FUNCTION monitoring.table_stats()
RETURNS TABLE (table_name text, size text, row_count bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT c.oid, c.relname FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY pg_total_relation_size(c.oid) DESC, c.relname
  LOOP
    table_name := found.relname;
    size := pg_size_pretty(pg_total_relation_size(found.oid));
    EXECUTE format('SELECT count(*) FROM %s', found.oid::regclass) INTO row_count;
    RETURN NEXT;
  END LOOP;
END
$$;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'causal_user') THEN
    CREATE ROLE causal_user LOGIN;
  END IF;
  EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO causal_user', current_database());
END
$$;
GRANT CREATE, USAGE ON SCHEMA public TO causal_user;
GRANT USAGE ON SCHEMA extensions, monitoring TO causal_user;
GRANT SELECT ON ALL TABLES IN SCHEMA monitoring TO causal_user;
GRANT pg_read_all_stats TO causal_user;
ALTER ROLE causal_user SET search_path = public, monitoring;
