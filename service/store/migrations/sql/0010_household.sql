CREATE TABLE casus_person (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	name TEXT NOT NULL,
	relation TEXT DEFAULT '' NOT NULL,
	custody TEXT DEFAULT 'onbekend' NOT NULL,
	contact TEXT DEFAULT '' NOT NULL,
	account_key BIGINT,
	form_path TEXT DEFAULT '' NOT NULL,
	source TEXT NOT NULL,
	told_by BIGINT NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	kept BOOLEAN DEFAULT false NOT NULL,
	kept_by BIGINT,
	kept_at TIMESTAMP WITH TIME ZONE,
	kept_reason TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX casus_person_by_casus ON casus_person (casus_key);
GRANT SELECT, INSERT ON casus_person TO sluitend_app;
GRANT UPDATE (custody, kept, kept_by, kept_at, kept_reason, source, told_by, since) ON casus_person TO sluitend_app;
ALTER TABLE casus_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE casus_person FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON casus_person TO sluitend_app USING (scope_is_service()
  OR casus_key = ANY (scope_casus()) OR scope_takes_part(casus_key)) WITH CHECK (true);
