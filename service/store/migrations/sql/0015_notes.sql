CREATE TABLE casus_note (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	about_key BIGINT,
	klasse TEXT NOT NULL,
	owner_role TEXT NOT NULL,
	owner_organisation TEXT DEFAULT '' NOT NULL,
	sealed BYTEA NOT NULL,
	written_by BIGINT NOT NULL,
	written_at TIMESTAMP WITH TIME ZONE NOT NULL,
	withdrawn_at TIMESTAMP WITH TIME ZONE,
	withdrawn_reason BYTEA,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE,
	FOREIGN KEY(about_key) REFERENCES casus_note (key) ON DELETE CASCADE
);
CREATE INDEX casus_note_by_casus ON casus_note (casus_key, written_at);

-- What was written stays as it was: all that may change is that it is withdrawn.
GRANT SELECT, INSERT ON casus_note TO sluitend_app;
GRANT UPDATE (withdrawn_at, withdrawn_reason) ON casus_note TO sluitend_app;

-- Like an answer: per casus and per data class, after the policy said so; one's own in a casus that it opened.
ALTER TABLE casus_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE casus_note FORCE ROW LEVEL SECURITY;
CREATE POLICY opened ON casus_note TO sluitend_app
  USING (casus_key = ANY (scope_casus()) AND scope_class(klasse)) WITH CHECK (true);
CREATE POLICY own_entry ON casus_note FOR SELECT TO sluitend_app USING (scope_account() <> 0
  AND written_by = scope_account() AND casus_key = ANY (scope_casus()));
