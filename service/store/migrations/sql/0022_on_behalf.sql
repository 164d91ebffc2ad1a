CREATE TABLE on_behalf (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	task_key BIGINT NOT NULL,
	role TEXT NOT NULL,
	whose TEXT NOT NULL,
	account_key BIGINT,
	organisation_key TEXT DEFAULT '' NOT NULL,
	source TEXT NOT NULL,
	signed BOOLEAN NOT NULL,
	received_on DATE NOT NULL,
	sealed BYTEA,
	entered_by BIGINT NOT NULL,
	entered_role TEXT NOT NULL,
	entered_organisation TEXT DEFAULT '' NOT NULL,
	entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	UNIQUE (task_key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX on_behalf_by_casus ON on_behalf (casus_key);

-- What was recorded stays as it was. Who takes part sees that it was entered for another; the note is sealed.
GRANT SELECT, INSERT ON on_behalf TO sluitend_app;
ALTER TABLE on_behalf ENABLE ROW LEVEL SECURITY;
ALTER TABLE on_behalf FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON on_behalf TO sluitend_app
  USING (scope_is_service() OR casus_key = ANY (scope_casus()) OR scope_takes_part(casus_key)) WITH CHECK (true);

-- NEN 7513: on behalf of whom somebody acted. Lines of before have nobody.
ALTER TABLE access_log ADD COLUMN on_behalf TEXT DEFAULT '' NOT NULL;
