ALTER TABLE definition ADD COLUMN version_tag TEXT DEFAULT '' NOT NULL;
ALTER TABLE user_task ADD COLUMN definition_key BIGINT REFERENCES definition (key);
ALTER TABLE message ADD COLUMN message_id TEXT DEFAULT '' NOT NULL;
CREATE UNIQUE INDEX message_by_id ON message (name, correlation_key, message_id) WHERE message_id <> '';
CREATE TABLE start_event (
	definition_key BIGINT NOT NULL,
	element_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT DEFAULT '' NOT NULL,
	wakes_at TIMESTAMP WITH TIME ZONE,
	rounds INTEGER,
	PRIMARY KEY (definition_key, element_id),
	FOREIGN KEY(definition_key) REFERENCES definition (key)
);
CREATE INDEX start_event_by_name ON start_event (name, kind);
CREATE INDEX start_event_due ON start_event (wakes_at) WHERE wakes_at IS NOT NULL;
CREATE TABLE message_start (
	process_id TEXT NOT NULL,
	correlation_key TEXT NOT NULL,
	instance_key BIGINT NOT NULL,
	PRIMARY KEY (process_id, correlation_key),
	FOREIGN KEY(instance_key) REFERENCES instance (key) ON DELETE CASCADE
);
CREATE INDEX message_start_by_instance ON message_start (instance_key);
GRANT SELECT, INSERT, UPDATE, DELETE ON start_event, message_start TO sluitend_app;
