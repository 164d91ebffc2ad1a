CREATE TABLE help_request (
	key BIGINT NOT NULL,
	municipality TEXT NOT NULL,
	sealed BYTEA NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	outcome TEXT DEFAULT '' NOT NULL,
	sealed_note BYTEA,
	handled_by BIGINT,
	handled_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key)
);
CREATE INDEX help_request_by_municipality ON help_request (municipality, handled_at, due_at);
GRANT SELECT, INSERT ON help_request TO sluitend_app;
GRANT UPDATE (outcome, sealed_note, handled_by, handled_at) ON help_request TO sluitend_app;
ALTER TABLE help_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE help_request FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON help_request TO sluitend_app USING (scope_is_service());
