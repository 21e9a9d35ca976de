-- What may be committed: the kept best weights of a run of this project, or those of another epoch that it keeps, as 3_seal says
-- for the rest. Written by hand.
CREATE OR REPLACE FUNCTION opening_commit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  run "Run";
  part "SealedPart";
  best "Checkpoint";
  kept "KeptCheckpoint";
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
    SELECT * INTO kept FROM "KeptCheckpoint" WHERE "runId" = NEW."runId" AND epoch = NEW.epoch FOR SHARE;
    IF kept.digest IS DISTINCT FROM NEW."weightsDigest" THEN
      PERFORM seal_refuse(format('the weights are not the kept best weights of run %s, nor others that it keeps', NEW."runId"));
    END IF;
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
