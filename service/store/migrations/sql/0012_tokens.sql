CREATE TABLE api_token (
	key BIGINT NOT NULL,
	name TEXT NOT NULL,
	account_key BIGINT NOT NULL,
	parent_key BIGINT,
	token_hash BYTEA NOT NULL,
	scopes TEXT[] NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	used_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key),
	UNIQUE (token_hash),
	FOREIGN KEY(account_key) REFERENCES account (key) ON DELETE CASCADE,
	FOREIGN KEY(parent_key) REFERENCES api_token (key) ON DELETE CASCADE
);
CREATE UNIQUE INDEX api_token_by_name ON api_token (name) WHERE parent_key IS NULL AND revoked_at IS NULL;
CREATE INDEX api_token_by_end ON api_token (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON api_token TO sluitend_app;
ALTER TABLE api_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_token FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON api_token TO sluitend_app USING (scope_is_service());
