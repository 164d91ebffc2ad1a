CREATE TABLE service_key (
	name TEXT NOT NULL,
	wrapped BYTEA NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (name)
);
CREATE SCHEMA vault;
CREATE TABLE vault.bsn (
	subject_key BIGINT NOT NULL,
	sealed BYTEA NOT NULL,
	digest BYTEA NOT NULL,
	source TEXT NOT NULL,
	put_by BIGINT NOT NULL,
	put_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (subject_key),
	FOREIGN KEY(subject_key) REFERENCES subject (key) ON DELETE CASCADE
);
CREATE INDEX bsn_by_digest ON vault.bsn (digest);

-- The service's keys are never removed: what they closed would be lost. A rotation wraps them anew.
GRANT SELECT, INSERT, UPDATE (wrapped) ON service_key TO sluitend_app;
ALTER TABLE service_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_key FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON service_key TO sluitend_app USING (scope_is_service());

-- A number is reached by naming its child, or by the digest of a number that one has already. Never by a list,
-- the service and the worker included.
CREATE FUNCTION scope_vault() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(current_setting('sluitend.vault', true), '') $$;
GRANT USAGE ON SCHEMA vault TO sluitend_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault.bsn TO sluitend_app;
ALTER TABLE vault.bsn ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.bsn FORCE ROW LEVEL SECURITY;
CREATE POLICY opened ON vault.bsn TO sluitend_app
  USING (scope_vault() <> '' AND (subject_key::text = scope_vault() OR encode(digest, 'hex') = scope_vault()))
  WITH CHECK (scope_vault() <> '' AND subject_key::text = scope_vault());
