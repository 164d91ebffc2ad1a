-- What a process tells the region when it ends: no name, no casus, no key that leads to one.
CREATE TABLE monitor_fact (
	key BIGINT GENERATED ALWAYS AS IDENTITY,
	process_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	municipality TEXT NOT NULL,
	partnership TEXT NOT NULL,
	sector TEXT NOT NULL,
	started_on DATE NOT NULL,
	ended_on DATE NOT NULL,
	outcome TEXT NOT NULL,
	escalations INTEGER NOT NULL,
	terms_met INTEGER NOT NULL,
	terms_missed INTEGER NOT NULL,
	parents_agree TEXT NOT NULL,
	PRIMARY KEY (key)
);
CREATE INDEX monitor_fact_by_process ON monitor_fact (process_id, ended_on);

-- Counted, never changed.
GRANT SELECT, INSERT ON monitor_fact TO sluitend_app;

ALTER TABLE monitor_fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE monitor_fact FORCE ROW LEVEL SECURITY;
CREATE POLICY counted ON monitor_fact FOR SELECT TO sluitend_app USING (scope_is_service());
CREATE POLICY told ON monitor_fact FOR INSERT TO sluitend_app WITH CHECK (scope_is_service());
