CREATE TABLE outgoing (
	key BIGINT NOT NULL,
	kind TEXT NOT NULL,
	channel TEXT DEFAULT '' NOT NULL,
	sealed BYTEA NOT NULL,
	state TEXT NOT NULL,
	attempts INTEGER DEFAULT 0 NOT NULL,
	next_at TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	reason TEXT DEFAULT '' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key)
);
CREATE INDEX outgoing_waiting ON outgoing (next_at) WHERE state = 'WAITING';
CREATE INDEX outgoing_by_state ON outgoing (state, ended_at);
CREATE TABLE task_notice (
	account_key BIGINT NOT NULL,
	up_to BIGINT NOT NULL,
	PRIMARY KEY (account_key)
);
GRANT SELECT, INSERT, DELETE ON outgoing TO sluitend_app;
GRANT UPDATE (sealed, state, attempts, next_at, reason, ended_at) ON outgoing TO sluitend_app;
GRANT SELECT, INSERT, UPDATE (up_to) ON task_notice TO sluitend_app;
ALTER TABLE outgoing ENABLE ROW LEVEL SECURITY;
ALTER TABLE outgoing FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON outgoing TO sluitend_app USING (scope_is_service());
CREATE POLICY written ON outgoing FOR INSERT TO sluitend_app WITH CHECK (true);
ALTER TABLE task_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON task_notice TO sluitend_app USING (scope_is_service());
