-- Grants: the app role reads and writes what it works with, and only reads and appends history.
GRANT USAGE ON SCHEMA public TO sluitend_app, sluitend_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  organisation, account, membership, web_session, login_attempt, subject, casus, casus_participant,
  dossier_i, dossier_o, dossier_z, dossier_m, deployment, deployment_file, definition, concept, concept_file,
  instance, user_task, task_candidate, task_draft, job, subscription, incident, idempotency
TO sluitend_app;
GRANT SELECT ON fact, chain_head, anchor, alembic_version TO sluitend_app;
GRANT SELECT, INSERT ON access_log TO sluitend_app;
GRANT INSERT ON anchor TO sluitend_app;
GRANT SELECT ON fact, chain_head, anchor, access_log, alembic_version, organisation, definition, deployment TO sluitend_auditor;
REVOKE ALL ON FUNCTION append_fact(bigint, timestamptz[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_fact(bigint, timestamptz[], text[], text[]) TO sluitend_app;

-- What the transaction's settings say (service/store/scopes.py). Without settings: nothing.
CREATE FUNCTION scope_is_service() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(current_setting('sluitend.kind', true), '') IN ('service', 'worker') $$;
CREATE FUNCTION scope_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(nullif(current_setting('sluitend.account', true), ''), '0')::bigint $$;
CREATE FUNCTION scope_candidates() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT string_to_array(coalesce(current_setting('sluitend.candidates', true), ''), ',') $$;
CREATE FUNCTION scope_casus() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(string_to_array(nullif(current_setting('sluitend.casus', true), ''), ',')::bigint[], '{}') $$;
CREATE FUNCTION scope_class(class text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT class = ANY (string_to_array(coalesce(current_setting('sluitend.classes', true), ''), ',')) $$;

-- Each of these looks up by key, one row at a time: the planner must not turn them into a scan of all tasks.
CREATE FUNCTION scope_takes_part(p_casus bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public AS
  $$ SELECT EXISTS (SELECT FROM casus_participant WHERE casus_key = p_casus AND candidate = ANY (scope_candidates())) $$;
CREATE FUNCTION scope_is_offered(p_task bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public AS
  $$ SELECT EXISTS (SELECT FROM task_candidate WHERE task_key = p_task AND candidate = ANY (scope_candidates())) $$;
CREATE FUNCTION scope_knows_subject(p_subject bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public AS
  $$ SELECT EXISTS (SELECT FROM casus c JOIN casus_participant p ON p.casus_key = c.key
                    WHERE c.subject_key = p_subject
                      AND (p.candidate = ANY (scope_candidates()) OR c.key = ANY (scope_casus()))) $$;
-- These three read beside row-level security, as a role that may: they answer yes or no, never rows.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['casus', 'casus_participant', 'subject', 'instance', 'user_task', 'task_candidate', 'task_draft',
                              'dossier_i', 'dossier_o', 'dossier_z', 'dossier_m'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  END LOOP;
END $$;
CREATE POLICY owner_looks_up ON casus FOR SELECT TO sluitend_owner USING (true);
CREATE POLICY owner_looks_up ON casus_participant FOR SELECT TO sluitend_owner USING (true);
CREATE POLICY owner_looks_up ON task_candidate FOR SELECT TO sluitend_owner USING (true);

CREATE POLICY seen ON casus TO sluitend_app
  USING (scope_is_service() OR key = ANY (scope_casus()) OR scope_takes_part(key)) WITH CHECK (true);
CREATE POLICY seen ON casus_participant TO sluitend_app
  USING (scope_is_service() OR casus_key = ANY (scope_casus()) OR scope_takes_part(casus_key)) WITH CHECK (true);
CREATE POLICY seen ON subject TO sluitend_app
  USING (scope_is_service() OR scope_knows_subject(key)) WITH CHECK (true);
CREATE POLICY seen ON instance TO sluitend_app
  USING (scope_is_service() OR started_by = scope_account() OR casus_key = ANY (scope_casus())
         OR scope_takes_part(casus_key)) WITH CHECK (true);
CREATE POLICY seen ON user_task TO sluitend_app
  USING (scope_is_service() OR casus_key = ANY (scope_casus()) OR scope_is_offered(key) OR scope_takes_part(casus_key))
  WITH CHECK (true);
CREATE POLICY seen ON task_candidate TO sluitend_app
  USING (scope_is_service() OR candidate = ANY (scope_candidates())) WITH CHECK (true);
CREATE POLICY seen ON task_draft TO sluitend_app
  USING (account_key = scope_account() OR scope_is_service()) WITH CHECK (account_key = scope_account());

-- A dossier opens per casus and per data class, after the policy said so; nobody, the service included, just reads it.
DO $$
DECLARE class text;
BEGIN
  FOREACH class IN ARRAY ARRAY['I', 'O', 'Z', 'M'] LOOP
    EXECUTE format(
      'CREATE POLICY opened ON %I TO sluitend_app USING (casus_key = ANY (scope_casus()) AND scope_class(%L)) WITH CHECK (true)',
      'dossier_' || lower(class), class);
  END LOOP;
END $$;
