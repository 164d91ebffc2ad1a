CREATE TABLE likely_match (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	known_casus_key BIGINT NOT NULL,
	state TEXT NOT NULL,
	found_at TIMESTAMP WITH TIME ZONE NOT NULL,
	decided_by BIGINT,
	decided_at TIMESTAMP WITH TIME ZONE,
	reason TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (key),
	UNIQUE (casus_key, known_casus_key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE,
	FOREIGN KEY(known_casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX likely_match_by_known ON likely_match (known_casus_key, state);
GRANT SELECT, INSERT ON likely_match TO sluitend_app;
GRANT UPDATE (state, decided_by, decided_at, reason) ON likely_match TO sluitend_app;

-- Nobody sees one by taking part: that a child is known elsewhere is itself something to keep.
ALTER TABLE likely_match ENABLE ROW LEVEL SECURITY;
ALTER TABLE likely_match FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON likely_match TO sluitend_app USING (scope_is_service()) WITH CHECK (true);
