-- Roles are the cluster's, not the database's: made when they are missing, by whoever may.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sluitend_owner') THEN CREATE ROLE sluitend_owner NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sluitend_app') THEN CREATE ROLE sluitend_app NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sluitend_auditor') THEN CREATE ROLE sluitend_auditor NOLOGIN; END IF;
  EXECUTE format('GRANT sluitend_owner, sluitend_app, sluitend_auditor TO %I', current_user);
  EXECUTE format('GRANT CREATE, CONNECT, TEMPORARY ON DATABASE %I TO sluitend_owner', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO sluitend_app, sluitend_auditor', current_database());
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;  -- another upgrade made them in the same moment
END $$;
GRANT CREATE, USAGE ON SCHEMA public TO sluitend_owner;
