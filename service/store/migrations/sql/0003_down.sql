CREATE OR REPLACE FUNCTION append_fact(p_instance bigint, p_at timestamptz[], p_kind text[], p_payload text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  v_seq integer;
  v_hash bytea;
  v_prev bytea[] := '{}';
  v_made bytea[] := '{}';
  v_count integer := coalesce(array_length(p_payload, 1), 0);
BEGIN
  IF v_count = 0 OR array_length(p_at, 1) <> v_count OR array_length(p_kind, 1) <> v_count THEN
    RAISE EXCEPTION 'append_fact expects three arrays of one length' USING ERRCODE = '22023';
  END IF;
  SELECT seq, hash INTO v_seq, v_hash FROM chain_head WHERE instance_key = p_instance FOR UPDATE;
  IF NOT FOUND THEN
    v_seq := 0;
    v_hash := decode(repeat('00', 32), 'hex');
    INSERT INTO chain_head (instance_key, seq, hash) VALUES (p_instance, 0, v_hash);
  END IF;
  FOR i IN 1..v_count LOOP
    v_prev := v_prev || v_hash;
    v_hash := sha256(v_hash || convert_to(p_payload[i], 'UTF8'));
    v_made := v_made || v_hash;
  END LOOP;
  INSERT INTO fact (instance_key, seq, at, kind, payload, prev_hash, hash)
    SELECT p_instance, v_seq + f.n, f.at, f.kind, f.payload, f.prev, f.made
    FROM unnest(p_at, p_kind, p_payload, v_prev, v_made) WITH ORDINALITY AS f (at, kind, payload, prev, made, n);
  UPDATE chain_head SET seq = v_seq + v_count, hash = v_hash WHERE instance_key = p_instance;
  RETURN v_seq + v_count;
END $$;
ALTER FUNCTION scope_takes_part(bigint) SET search_path = pg_catalog, public;
ALTER FUNCTION scope_is_offered(bigint) SET search_path = pg_catalog, public;
ALTER FUNCTION scope_knows_subject(bigint) SET search_path = pg_catalog, public;
CREATE OR REPLACE FUNCTION scope_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(nullif(current_setting('sluitend.account', true), ''), '0')::bigint $$;
