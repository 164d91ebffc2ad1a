-- The tables of release 0.1. Later changes are later migrations.
CREATE TABLE access_log (
	key BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	account_key BIGINT NOT NULL,
	role TEXT NOT NULL,
	organisation_key TEXT NOT NULL,
	session TEXT DEFAULT '' NOT NULL,
	action TEXT NOT NULL,
	allowed BOOLEAN NOT NULL,
	object_kind TEXT NOT NULL,
	object_key TEXT NOT NULL,
	classes TEXT DEFAULT '' NOT NULL,
	ground TEXT NOT NULL,
	PRIMARY KEY (key)
);
CREATE INDEX access_log_by_account ON access_log (account_key, at);
CREATE INDEX access_log_by_object ON access_log (object_key, at);
CREATE TABLE account (
	key BIGINT NOT NULL,
	login TEXT NOT NULL,
	name TEXT NOT NULL,
	password_hash TEXT DEFAULT '' NOT NULL,
	disabled_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	UNIQUE (login)
);
CREATE TABLE anchor (
	day DATE NOT NULL,
	chains INTEGER NOT NULL,
	facts BIGINT NOT NULL,
	root BYTEA NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (day)
);
CREATE TABLE chain_head (
	instance_key BIGINT NOT NULL,
	seq INTEGER NOT NULL,
	hash BYTEA NOT NULL,
	PRIMARY KEY (instance_key)
);
CREATE TABLE concept (
	process_id TEXT NOT NULL,
	revision INTEGER NOT NULL,
	base_definition_key BIGINT,
	saved_by BIGINT NOT NULL,
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (process_id)
);
CREATE TABLE deployment (
	key BIGINT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	content_sha256 TEXT NOT NULL,
	manifest JSONB DEFAULT '{}' NOT NULL,
	deployed_by BIGINT NOT NULL,
	deployed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (key)
);
CREATE TABLE fact (
	instance_key BIGINT NOT NULL,
	seq INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT NOT NULL,
	payload TEXT NOT NULL,
	prev_hash BYTEA NOT NULL,
	hash BYTEA NOT NULL,
	PRIMARY KEY (instance_key, seq)
)
 PARTITION BY HASH (instance_key);
CREATE TABLE idempotency (
	key_hash BYTEA NOT NULL,
	request_sha256 BYTEA NOT NULL,
	sealed_result BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key_hash)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
CREATE TABLE login_attempt (
	subject_hash BYTEA NOT NULL,
	failures INTEGER NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (subject_hash)
);
CREATE TABLE organisation (
	key TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	municipality TEXT DEFAULT '' NOT NULL,
	data JSONB DEFAULT '{}' NOT NULL,
	PRIMARY KEY (key)
);
CREATE TABLE subject (
	key BIGINT NOT NULL,
	pseudonym TEXT NOT NULL,
	first_name TEXT NOT NULL,
	last_name TEXT DEFAULT '' NOT NULL,
	birth_date DATE,
	municipality TEXT DEFAULT '' NOT NULL,
	wrapped_key BYTEA,
	PRIMARY KEY (key),
	UNIQUE (pseudonym)
);
CREATE TABLE casus (
	key BIGINT NOT NULL,
	number TEXT NOT NULL,
	subject_key BIGINT NOT NULL,
	status TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key),
	UNIQUE (number),
	FOREIGN KEY(subject_key) REFERENCES subject (key)
);
CREATE TABLE concept_file (
	process_id TEXT NOT NULL,
	path TEXT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (process_id, path),
	FOREIGN KEY(process_id) REFERENCES concept (process_id) ON DELETE CASCADE
);
CREATE TABLE definition (
	key BIGINT NOT NULL,
	deployment_key BIGINT NOT NULL,
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	name TEXT DEFAULT '' NOT NULL,
	path TEXT NOT NULL,
	PRIMARY KEY (key),
	UNIQUE (kind, id, version),
	FOREIGN KEY(deployment_key) REFERENCES deployment (key)
);
CREATE INDEX definition_by_deployment ON definition (deployment_key);
CREATE TABLE deployment_file (
	deployment_key BIGINT NOT NULL,
	path TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	content BYTEA NOT NULL,
	PRIMARY KEY (deployment_key, path),
	FOREIGN KEY(deployment_key) REFERENCES deployment (key)
);
CREATE TABLE membership (
	account_key BIGINT NOT NULL,
	role TEXT NOT NULL,
	organisation_key TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (account_key, role, organisation_key),
	FOREIGN KEY(account_key) REFERENCES account (key) ON DELETE CASCADE
);
CREATE TABLE web_session (
	token_hash BYTEA NOT NULL,
	account_key BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (token_hash),
	FOREIGN KEY(account_key) REFERENCES account (key) ON DELETE CASCADE
);
CREATE TABLE casus_participant (
	casus_key BIGINT NOT NULL,
	role TEXT NOT NULL,
	candidate TEXT NOT NULL,
	organisation_key TEXT DEFAULT '' NOT NULL,
	account_key BIGINT,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (casus_key, role, candidate),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX casus_participant_by_candidate ON casus_participant (candidate, casus_key);
CREATE TABLE dossier_i (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	instance_key BIGINT NOT NULL,
	task_key BIGINT,
	path TEXT NOT NULL,
	form_id TEXT NOT NULL,
	owner_role TEXT NOT NULL,
	owner_organisation TEXT DEFAULT '' NOT NULL,
	value JSONB NOT NULL,
	entered_by BIGINT NOT NULL,
	entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX dossier_i_by_casus ON dossier_i (casus_key, entered_at);
CREATE TABLE dossier_m (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	instance_key BIGINT NOT NULL,
	task_key BIGINT,
	path TEXT NOT NULL,
	form_id TEXT NOT NULL,
	owner_role TEXT NOT NULL,
	owner_organisation TEXT DEFAULT '' NOT NULL,
	sealed BYTEA NOT NULL,
	entered_by BIGINT NOT NULL,
	entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX dossier_m_by_casus ON dossier_m (casus_key, entered_at);
CREATE TABLE dossier_o (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	instance_key BIGINT NOT NULL,
	task_key BIGINT,
	path TEXT NOT NULL,
	form_id TEXT NOT NULL,
	owner_role TEXT NOT NULL,
	owner_organisation TEXT DEFAULT '' NOT NULL,
	value JSONB NOT NULL,
	entered_by BIGINT NOT NULL,
	entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX dossier_o_by_casus ON dossier_o (casus_key, entered_at);
CREATE TABLE dossier_z (
	key BIGINT NOT NULL,
	casus_key BIGINT NOT NULL,
	instance_key BIGINT NOT NULL,
	task_key BIGINT,
	path TEXT NOT NULL,
	form_id TEXT NOT NULL,
	owner_role TEXT NOT NULL,
	owner_organisation TEXT DEFAULT '' NOT NULL,
	sealed BYTEA NOT NULL,
	entered_by BIGINT NOT NULL,
	entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key) ON DELETE CASCADE
);
CREATE INDEX dossier_z_by_casus ON dossier_z (casus_key, entered_at);
CREATE TABLE instance (
	key BIGINT NOT NULL,
	definition_key BIGINT NOT NULL,
	casus_key BIGINT,
	state BYTEA NOT NULL,
	revision INTEGER NOT NULL,
	status TEXT NOT NULL,
	has_incident BOOLEAN DEFAULT false NOT NULL,
	wakes_at TIMESTAMP WITH TIME ZONE,
	outcome TEXT DEFAULT '' NOT NULL,
	started_by BIGINT NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key),
	FOREIGN KEY(definition_key) REFERENCES definition (key),
	FOREIGN KEY(casus_key) REFERENCES casus (key)
);
CREATE INDEX instance_by_casus ON instance (casus_key);
CREATE INDEX instance_by_definition ON instance (definition_key, status);
CREATE INDEX instance_due ON instance (wakes_at) WHERE wakes_at IS NOT NULL;
CREATE TABLE incident (
	key BIGINT NOT NULL,
	instance_key BIGINT NOT NULL,
	token INTEGER NOT NULL,
	element_id TEXT NOT NULL,
	error_type TEXT NOT NULL,
	message TEXT NOT NULL,
	state TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	resolved_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (key),
	FOREIGN KEY(instance_key) REFERENCES instance (key)
);
CREATE INDEX incident_by_instance ON incident (instance_key, state);
CREATE TABLE job (
	key BIGINT NOT NULL,
	instance_key BIGINT NOT NULL,
	token INTEGER NOT NULL,
	element_id TEXT NOT NULL,
	type TEXT NOT NULL,
	retries INTEGER NOT NULL,
	state TEXT NOT NULL,
	headers JSONB DEFAULT '{}' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (key),
	FOREIGN KEY(instance_key) REFERENCES instance (key)
);
CREATE INDEX job_by_instance ON job (instance_key);
CREATE TABLE subscription (
	instance_key BIGINT NOT NULL,
	token INTEGER NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	correlation_key TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (instance_key, token),
	FOREIGN KEY(instance_key) REFERENCES instance (key)
);
CREATE INDEX subscription_by_name ON subscription (name, correlation_key);
CREATE TABLE user_task (
	key BIGINT NOT NULL,
	instance_key BIGINT NOT NULL,
	token INTEGER NOT NULL,
	element_id TEXT NOT NULL,
	name TEXT NOT NULL,
	casus_key BIGINT,
	role TEXT DEFAULT '' NOT NULL,
	organisation_key TEXT DEFAULT '' NOT NULL,
	form_id TEXT DEFAULT '' NOT NULL,
	state TEXT NOT NULL,
	assignee TEXT DEFAULT '' NOT NULL,
	candidate_groups TEXT[] DEFAULT '{}' NOT NULL,
	candidate_users TEXT[] DEFAULT '{}' NOT NULL,
	priority INTEGER DEFAULT 50 NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	follow_up_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	ended_by BIGINT,
	PRIMARY KEY (key),
	FOREIGN KEY(instance_key) REFERENCES instance (key)
);
CREATE INDEX user_task_by_casus ON user_task (casus_key, state);
CREATE INDEX user_task_by_instance ON user_task (instance_key, state);
CREATE TABLE task_candidate (
	candidate TEXT NOT NULL,
	task_key BIGINT NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	PRIMARY KEY (candidate, task_key),
	FOREIGN KEY(task_key) REFERENCES user_task (key) ON DELETE CASCADE
);
CREATE INDEX task_candidate_order ON task_candidate (candidate, due_at, task_key);
CREATE TABLE task_draft (
	task_key BIGINT NOT NULL,
	account_key BIGINT NOT NULL,
	sealed BYTEA NOT NULL,
	revision INTEGER NOT NULL,
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	PRIMARY KEY (task_key, account_key),
	FOREIGN KEY(task_key) REFERENCES user_task (key) ON DELETE CASCADE
);
