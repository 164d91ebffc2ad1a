CREATE TABLE absence (
	key BIGINT NOT NULL,
	account_key BIGINT NOT NULL,
	replacement_key BIGINT NOT NULL,
	role TEXT NOT NULL,
	organisation_key TEXT NOT NULL,
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	recorded_by BIGINT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	revoked_by BIGINT,
	PRIMARY KEY (key)
);
CREATE INDEX absence_by_replacement ON absence (replacement_key, until);
CREATE INDEX absence_by_account ON absence (account_key, until);
GRANT SELECT, INSERT ON absence TO sluitend_app;
GRANT UPDATE (revoked_at, revoked_by) ON absence TO sluitend_app;

-- Who is absent and who stands in see it; others through the service alone.
ALTER TABLE absence ENABLE ROW LEVEL SECURITY;
ALTER TABLE absence FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON absence TO sluitend_app
  USING (scope_is_service() OR account_key = scope_account() OR replacement_key = scope_account()) WITH CHECK (true);

CREATE TABLE mandate (
	key BIGINT NOT NULL,
	controller_key TEXT NOT NULL,
	role TEXT NOT NULL,
	holder_key TEXT NOT NULL,
	starts_on DATE NOT NULL,
	ends_on DATE,
	document TEXT NOT NULL,
	recorded_by BIGINT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	revoked_by BIGINT,
	PRIMARY KEY (key)
);
CREATE INDEX mandate_by_holder ON mandate (holder_key, role);
CREATE INDEX mandate_by_controller ON mandate (controller_key);
GRANT SELECT, INSERT ON mandate TO sluitend_app;
GRANT UPDATE (revoked_at, revoked_by) ON mandate TO sluitend_app;
ALTER TABLE mandate ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON mandate TO sluitend_app USING (scope_is_service());

ALTER TABLE organisation ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE, ADD COLUMN edited_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE account ADD COLUMN roles_changed_at TIMESTAMP WITH TIME ZONE;
