CREATE TABLE relocation (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	kind TEXT NOT NULL,
	from_organisation TEXT NOT NULL,
	to_organisation TEXT NOT NULL,
	roles TEXT[] NOT NULL,
	municipality TEXT DEFAULT '' NOT NULL,
	moved_on DATE NOT NULL,
	pass_on BOOLEAN NOT NULL,
	reason BYTEA NOT NULL,
	state TEXT NOT NULL,
	asked_by BIGINT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	decided_by BIGINT,
	decided_at TIMESTAMP WITH TIME ZONE,
	answer BYTEA,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX relocation_by_casus ON relocation (casus_key, state);
CREATE INDEX relocation_by_receiver ON relocation (to_organisation, state);
CREATE TABLE former_participant (
	casus_key BIGINT NOT NULL,
	role TEXT NOT NULL,
	candidate TEXT NOT NULL,
	organisation_key TEXT DEFAULT '' NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (casus_key, role, candidate, until),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX former_participant_by_candidate ON former_participant (candidate);
GRANT SELECT, INSERT ON relocation, former_participant TO sluitend_app;
GRANT UPDATE (state, decided_by, decided_at, answer) ON relocation TO sluitend_app;

-- Who was a participant sees that and nothing more of the casus: all else opens after the policy said so.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['relocation', 'former_participant'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY seen ON %I TO sluitend_app USING (scope_is_service()
      OR casus_key = ANY (scope_casus()) OR scope_takes_part(casus_key)) WITH CHECK (true)', name);
  END LOOP;
END $$;
CREATE POLICY own ON former_participant FOR SELECT TO sluitend_app USING (candidate = ANY (scope_candidates()));
