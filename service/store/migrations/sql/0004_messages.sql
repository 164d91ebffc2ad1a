CREATE TABLE message (
	key BIGINT NOT NULL,
	name TEXT NOT NULL,
	correlation_key TEXT NOT NULL,
	sealed BYTEA NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key)
);
CREATE INDEX message_by_name ON message (name, correlation_key);
CREATE INDEX message_by_end ON message (expires_at);
CREATE TABLE message_receipt (
	message_key BIGINT NOT NULL,
	process_id TEXT NOT NULL,
	instance_key BIGINT NOT NULL,
	PRIMARY KEY (message_key, process_id),
	FOREIGN KEY(message_key) REFERENCES message (key) ON DELETE CASCADE
);
GRANT SELECT, INSERT, UPDATE, DELETE ON message, message_receipt TO sluitend_app;
