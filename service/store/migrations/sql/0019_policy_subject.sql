-- A casus about policy has a title and nothing that tells who somebody is.
ALTER TABLE subject ADD COLUMN kind TEXT DEFAULT 'jeugdige' NOT NULL;
ALTER TABLE subject ADD CONSTRAINT subject_kind CHECK (kind IN ('jeugdige', 'beleid'));
ALTER TABLE subject ADD CONSTRAINT policy_is_nobody
  CHECK (kind <> 'beleid' OR (last_name = '' AND birth_date IS NULL AND municipality = ''));
