CREATE TABLE sibling (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	other_key BIGINT,
	number TEXT NOT NULL,
	state TEXT NOT NULL,
	asked_by BIGINT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	reason TEXT NOT NULL,
	decided_by BIGINT,
	decided_at TIMESTAMP WITH TIME ZONE,
	answer TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE,
	FOREIGN KEY(other_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX sibling_by_casus ON sibling (casus_key, state);
CREATE INDEX sibling_by_other ON sibling (other_key, state);
GRANT SELECT, INSERT ON sibling TO sluitend_app;
GRANT UPDATE (state, decided_by, decided_at, answer) ON sibling TO sluitend_app;

-- Nobody sees one by taking part: that a brother or sister has a casus is for who directs.
ALTER TABLE sibling ENABLE ROW LEVEL SECURITY;
ALTER TABLE sibling FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON sibling TO sluitend_app USING (scope_is_service()) WITH CHECK (true);
