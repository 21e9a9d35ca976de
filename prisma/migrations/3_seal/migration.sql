-- The seal, enforced where no process can go round it. Written by hand.
-- A project's test part opens once: the Opening's primary key allows one row a project; the rules here keep that row as it
-- was committed, let its result be written once, and keep what it stands on.

CREATE FUNCTION seal_refuse(message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Plain P0001: Prisma replaces the message of restrict_violation with one about foreign keys.
  RAISE EXCEPTION '%', message;
END
$$;

-- What may be committed: the kept best weights of a run of this project, which has ended, on data that is sealed.
CREATE FUNCTION opening_commit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  run "Run";
  part "SealedPart";
  best "Checkpoint";
BEGIN
  IF NEW.state <> 'committed' OR NEW.attempts <> 0 THEN
    PERFORM seal_refuse('an opening begins as committed; only the referee opens it');
  END IF;
  -- FOR SHARE: the run and its best checkpoint stay as they are until this transaction ends.
  SELECT * INTO run FROM "Run" WHERE id = NEW."runId" FOR SHARE;
  IF run."projectId" IS DISTINCT FROM NEW."projectId" THEN
    PERFORM seal_refuse(format('run %s is not a run of project %s', NEW."runId", NEW."projectId"));
  END IF;
  IF run.state NOT IN ('finished', 'stopped') THEN
    PERFORM seal_refuse(format('run %s has not ended with weights to commit', NEW."runId"));
  END IF;
  SELECT * INTO best FROM "Checkpoint" WHERE "runId" = NEW."runId" AND kind = 'best' FOR SHARE;
  IF best.digest IS DISTINCT FROM NEW."weightsDigest" OR best.epoch IS DISTINCT FROM NEW.epoch THEN
    PERFORM seal_refuse(format('the weights are not the kept best weights of run %s', NEW."runId"));
  END IF;
  SELECT s.* INTO part FROM "SealedPart" s JOIN "Dataset" d ON d.id = s."datasetId"
    WHERE s."datasetId" = run."datasetId" AND d.state = 'sealed' FOR SHARE;
  IF part."datasetId" IS NULL THEN
    PERFORM seal_refuse(format('the data set of run %s has no sealed test part', NEW."runId"));
  END IF;
  IF part.n <> NEW.n THEN
    PERFORM seal_refuse(format('the sealed part holds %s items, not %s', part.n, NEW.n));
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "Opening_commit" BEFORE INSERT ON "Opening" FOR EACH ROW EXECUTE FUNCTION opening_commit();

-- What may change afterwards: the referee's lease, its last failure, and, once, the result with its certificate.
CREATE FUNCTION opening_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW."projectId", NEW."runId", NEW."weightsDigest", NEW."weightsKey", NEW."configDigest", NEW.epoch, NEW.validation, NEW.n, NEW."committedAt")
     IS DISTINCT FROM
     (OLD."projectId", OLD."runId", OLD."weightsDigest", OLD."weightsKey", OLD."configDigest", OLD.epoch, OLD.validation, OLD.n, OLD."committedAt")
     -- A person's account may be deleted: the foreign key then empties this column. The certificate keeps the name.
     OR (NEW."committedById" IS DISTINCT FROM OLD."committedById" AND NEW."committedById" IS NOT NULL)
     OR NEW.attempts < OLD.attempts THEN
    PERFORM seal_refuse(format('project %s has committed; what it committed to never changes', OLD."projectId"));
  END IF;
  IF OLD.state = 'opened' THEN
    IF to_jsonb(NEW) - 'committedById' IS DISTINCT FROM to_jsonb(OLD) - 'committedById' THEN
      PERFORM seal_refuse(format('the test part of project %s was opened; its result is final', OLD."projectId"));
    END IF;
  ELSIF NEW.state = 'opened' THEN
    IF NEW.attempts = 0 OR (NEW.result->>'n')::int IS DISTINCT FROM NEW.n
       OR (NEW.certificate#>'{document,result}') IS DISTINCT FROM NEW.result
       OR (NEW.certificate#>>'{document,run,weightsDigest}') IS DISTINCT FROM NEW."weightsDigest"
       OR (NEW.certificate#>>'{document,project,id}') IS DISTINCT FROM NEW."projectId"::text THEN
      PERFORM seal_refuse(format('the result of project %s does not agree with its commitment', OLD."projectId"));
    END IF;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "Opening_change" BEFORE UPDATE ON "Opening" FOR EACH ROW EXECUTE FUNCTION opening_change();

ALTER TABLE "Opening" ADD CONSTRAINT "Opening_opened_complete" CHECK (
  CASE state
    WHEN 'opened' THEN "openedAt" IS NOT NULL AND result IS NOT NULL AND certificate IS NOT NULL
    ELSE "openedAt" IS NULL AND result IS NULL AND certificate IS NULL
  END
);
CREATE INDEX "Opening_waiting" ON "Opening" ("committedAt") WHERE state = 'committed';

CREATE FUNCTION seal_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM seal_refuse(format('rows of %I are never removed or emptied', TG_TABLE_NAME));
  RETURN NULL;
END
$$;
CREATE TRIGGER "Opening_keep" BEFORE DELETE ON "Opening" FOR EACH ROW EXECUTE FUNCTION seal_keep();
CREATE TRIGGER "Opening_keep_all" BEFORE TRUNCATE ON "Opening" FOR EACH STATEMENT EXECUTE FUNCTION seal_keep();
CREATE TRIGGER "CertificateKey_keep" BEFORE UPDATE OR DELETE ON "CertificateKey" FOR EACH ROW EXECUTE FUNCTION seal_keep();

-- What the opening stands on: the committed run's recipe and its data set's seal.
CREATE FUNCTION seal_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW."projectId", NEW."datasetId", NEW.number, NEW.config) IS DISTINCT FROM (OLD.id, OLD."projectId", OLD."datasetId", OLD.number, OLD.config)
     AND EXISTS (SELECT FROM "Opening" WHERE "runId" = OLD.id) THEN
    PERFORM seal_refuse(format('run %s is committed as final; it never changes', OLD.id));
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "Run_seal" BEFORE UPDATE OF id, "projectId", "datasetId", number, config ON "Run" FOR EACH ROW EXECUTE FUNCTION seal_run();

CREATE FUNCTION seal_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM seal_refuse(format('the sealed part of data set %s never changes', OLD."datasetId"));
  END IF;
  IF EXISTS (SELECT FROM "Opening" o JOIN "Run" r ON r.id = o."runId" WHERE r."datasetId" = OLD."datasetId") THEN
    PERFORM seal_refuse(format('the sealed part of data set %s is committed or opened', OLD."datasetId"));
  END IF;
  RETURN OLD;
END
$$;
CREATE TRIGGER "SealedPart_seal" BEFORE UPDATE OR DELETE ON "SealedPart" FOR EACH ROW EXECUTE FUNCTION seal_part();

-- What was sealed stays what it was: scoring reads the schema, the certificate names the digests.
CREATE FUNCTION seal_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'sealed' AND
     (NEW.state, NEW."projectId", NEW.schema, NEW."contentDigest", NEW."splitDigest", NEW."trainKey", NEW."validationKey", NEW."nTrain", NEW."nValidation", NEW."nTest", NEW."sealedAt")
     IS DISTINCT FROM
     (OLD.state, OLD."projectId", OLD.schema, OLD."contentDigest", OLD."splitDigest", OLD."trainKey", OLD."validationKey", OLD."nTrain", OLD."nValidation", OLD."nTest", OLD."sealedAt") THEN
    PERFORM seal_refuse(format('data set %s is sealed; it never changes', OLD.id));
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "Dataset_seal" BEFORE UPDATE ON "Dataset" FOR EACH ROW EXECUTE FUNCTION seal_dataset();
