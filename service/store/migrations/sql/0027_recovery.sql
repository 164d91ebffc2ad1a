-- An invitation may also let somebody in again who lost a password or a code, or let a guest do one task.
ALTER TABLE invitation
  ADD COLUMN restores BIGINT REFERENCES account (key) ON DELETE CASCADE,
  ADD COLUMN drops_factor BOOLEAN DEFAULT false NOT NULL,
  ADD COLUMN task_key BIGINT;
CREATE INDEX invitation_by_restored ON invitation (restores) WHERE restores IS NOT NULL;
