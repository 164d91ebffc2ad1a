DROP TABLE access_log, anchor, chain_head, fact, idempotency, incident, subscription, job, task_draft, task_candidate,
  user_task, instance, concept_file, concept, definition, deployment_file, deployment, dossier_i, dossier_o, dossier_z,
  dossier_m, casus_participant, casus, subject, login_attempt, web_session, membership, account, organisation CASCADE;
DROP FUNCTION append_fact, refuse_change, refuse_step_back, scope_is_service, scope_account, scope_candidates, scope_casus,
  scope_class, scope_takes_part, scope_is_offered, scope_knows_subject;
