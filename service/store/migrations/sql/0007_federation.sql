ALTER TABLE web_session ADD COLUMN assurance TEXT DEFAULT 'low' NOT NULL;
ALTER TABLE web_session ADD COLUMN proved_at TIMESTAMP WITH TIME ZONE;
CREATE TABLE external_identity (
	issuer TEXT NOT NULL,
	subject_hash BYTEA NOT NULL,
	account_key BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (issuer, subject_hash),
	FOREIGN KEY(account_key) REFERENCES account (key) ON DELETE CASCADE
);
CREATE INDEX external_identity_by_account ON external_identity (account_key);
CREATE TABLE sign_in_request (
	state_hash BYTEA NOT NULL,
	provider TEXT NOT NULL,
	browser_hash BYTEA NOT NULL,
	sealed BYTEA NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (state_hash)
);
CREATE INDEX sign_in_request_by_end ON sign_in_request (expires_at);
CREATE TABLE external_session (
	token_hash BYTEA NOT NULL,
	provider TEXT NOT NULL,
	issuer TEXT NOT NULL,
	subject_hash BYTEA NOT NULL,
	sid_hash BYTEA,
	id_token BYTEA NOT NULL,
	PRIMARY KEY (token_hash),
	FOREIGN KEY(token_hash) REFERENCES web_session (token_hash) ON DELETE CASCADE
);
CREATE INDEX external_session_by_subject ON external_session (issuer, subject_hash);
CREATE INDEX external_session_by_sid ON external_session (issuer, sid_hash);
CREATE TABLE logout_receipt (
	token_hash BYTEA NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (token_hash)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON external_identity, sign_in_request, external_session, logout_receipt
TO sluitend_app;

-- No person reads these, not even of themselves: the service alone does.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['external_identity', 'sign_in_request', 'external_session', 'logout_receipt'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY service ON %I TO sluitend_app USING (scope_is_service())', name);
  END LOOP;
END $$;
