-- The chained history: eight partitions, one way in, no way back.
DO $$
BEGIN
  FOR part IN 0..7 LOOP
    EXECUTE format('CREATE TABLE fact_p%s PARTITION OF fact FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
  END LOOP;
END $$;

-- Appends facts to one instance's chain, in order. Numbers and hashes are made here, from what was stored before.
CREATE FUNCTION append_fact(p_instance bigint, p_at timestamptz[], p_kind text[], p_payload text[]) RETURNS integer
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

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: this table is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION refuse_step_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.instance_key <> OLD.instance_key OR NEW.seq <= OLD.seq THEN
    RAISE EXCEPTION 'a chain head only moves forward' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

-- Row triggers on the partitioned table reach every partition; TRUNCATE triggers are set on each.
CREATE TRIGGER fact_append_only BEFORE UPDATE OR DELETE ON fact FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON fact FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$
BEGIN
  FOR part IN 0..7 LOOP
    EXECUTE format('CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON fact_p%s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', part);
  END LOOP;
END $$;
CREATE TRIGGER chain_head_forward BEFORE UPDATE ON chain_head FOR EACH ROW EXECUTE FUNCTION refuse_step_back();
CREATE TRIGGER chain_head_no_delete BEFORE DELETE ON chain_head FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER chain_head_no_truncate BEFORE TRUNCATE ON chain_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_log_no_truncate BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER anchor_append_only BEFORE UPDATE OR DELETE ON anchor FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER anchor_no_truncate BEFORE TRUNCATE ON anchor FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
