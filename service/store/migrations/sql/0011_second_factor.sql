CREATE TABLE second_factor (
	account_key BIGINT NOT NULL,
	sealed BYTEA NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	confirmed_at TIMESTAMP WITH TIME ZONE,
	last_step BIGINT DEFAULT 0 NOT NULL,
	PRIMARY KEY (account_key),
	FOREIGN KEY(account_key) REFERENCES account (key) ON DELETE CASCADE
);
CREATE TABLE paper_code (
	account_key BIGINT NOT NULL,
	code_hash BYTEA NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (account_key, code_hash),
	FOREIGN KEY(account_key) REFERENCES account (key) ON DELETE CASCADE
);
CREATE TABLE half_sign_in (
	token_hash BYTEA NOT NULL,
	account_key BIGINT NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (token_hash),
	FOREIGN KEY(account_key) REFERENCES account (key) ON DELETE CASCADE
);
CREATE INDEX half_sign_in_by_end ON half_sign_in (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factor, paper_code, half_sign_in TO sluitend_app;

-- No person reads these, not even of themselves: the service alone does.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['second_factor', 'paper_code', 'half_sign_in'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY service ON %I TO sluitend_app USING (scope_is_service())', name);
  END LOOP;
END $$;
