CREATE TABLE invitation (
	key BIGINT NOT NULL,
	token_hash BYTEA NOT NULL,
	code_digest BYTEA NOT NULL,
	login TEXT NOT NULL,
	name TEXT NOT NULL,
	organisation_key TEXT DEFAULT '' NOT NULL,
	roles TEXT[] NOT NULL,
	casus_key BIGINT,
	invited_by BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	tries INTEGER DEFAULT 0 NOT NULL,
	accepted_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key),
	UNIQUE (token_hash),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX invitation_by_organisation ON invitation (organisation_key, expires_at);
CREATE INDEX invitation_by_end ON invitation (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON invitation TO sluitend_app;
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON invitation TO sluitend_app USING (scope_is_service());
