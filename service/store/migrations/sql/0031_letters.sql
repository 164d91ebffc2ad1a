CREATE TABLE letter (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	process_id TEXT NOT NULL,
	element_id TEXT NOT NULL,
	sort TEXT NOT NULL,
	klasse TEXT NOT NULL,
	roles TEXT[] NOT NULL,
	subject BYTEA NOT NULL,
	content BYTEA NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX letter_by_casus ON letter (casus_key, made_at);

-- A letter that was made is never changed.
GRANT SELECT, INSERT ON letter TO sluitend_app;

ALTER TABLE letter ENABLE ROW LEVEL SECURITY;
ALTER TABLE letter FORCE ROW LEVEL SECURITY;
CREATE POLICY opened ON letter FOR SELECT TO sluitend_app
  USING (casus_key = ANY (scope_casus()) AND scope_class(klasse));
CREATE POLICY made ON letter FOR INSERT TO sluitend_app WITH CHECK (scope_is_service());
