CREATE TABLE disclosure (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	form_id TEXT NOT NULL,
	path TEXT NOT NULL,
	from_role TEXT NOT NULL,
	from_organisation TEXT DEFAULT '' NOT NULL,
	to_candidate TEXT NOT NULL,
	purpose TEXT NOT NULL,
	ground TEXT NOT NULL,
	on_consent BOOLEAN DEFAULT false NOT NULL,
	given_by BIGINT NOT NULL,
	given_at TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX disclosure_by_casus ON disclosure (casus_key);
CREATE TABLE consent (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	about TEXT NOT NULL,
	domain TEXT NOT NULL,
	giver_role TEXT NOT NULL,
	giver BIGINT NOT NULL,
	agreed BOOLEAN NOT NULL,
	said_by BIGINT NOT NULL,
	source TEXT DEFAULT '' NOT NULL,
	said_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX consent_by_casus ON consent (casus_key, said_at);
CREATE TABLE substitution (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	account_key BIGINT NOT NULL,
	for_account BIGINT NOT NULL,
	reason TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX substitution_by_casus ON substitution (casus_key);
CREATE TABLE emergency (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	account_key BIGINT NOT NULL,
	role TEXT NOT NULL,
	organisation_key TEXT NOT NULL,
	reason TEXT NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_by BIGINT,
	seen_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX emergency_by_casus ON emergency (casus_key, until);
CREATE INDEX emergency_unseen ON emergency (opened_at) WHERE seen_at IS NULL;

-- What was said and given is kept: a withdrawal is a new line, an end is a date.
GRANT SELECT, INSERT ON consent, substitution TO sluitend_app;
GRANT SELECT, INSERT ON disclosure, emergency TO sluitend_app;
GRANT UPDATE (ended_at) ON disclosure TO sluitend_app;
GRANT UPDATE (seen_by, seen_at) ON emergency TO sluitend_app;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['disclosure', 'consent', 'substitution', 'emergency'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY seen ON %I TO sluitend_app USING (scope_is_service()
      OR casus_key = ANY (scope_casus()) OR scope_takes_part(casus_key)) WITH CHECK (true)', name);
  END LOOP;
END $$;
CREATE POLICY own ON emergency FOR SELECT TO sluitend_app USING (account_key = scope_account());

-- Who filled something in may read it back, whatever its class; still only in a casus that the policy opened.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['dossier_i', 'dossier_o', 'dossier_z', 'dossier_m'] LOOP
    EXECUTE format('CREATE POLICY own_entry ON %I FOR SELECT TO sluitend_app USING (scope_account() <> 0
      AND entered_by = scope_account() AND casus_key = ANY (scope_casus()))', name);
  END LOOP;
END $$;
