-- Written by hand: the rules that the Prisma schema can't express. scripts/migrate.ts never rewrites this file.

-- People
ALTER TABLE "User" ADD CONSTRAINT "User_email_lower_case" CHECK (email = lower(email) AND email <> '');
ALTER TABLE "Invite" ADD CONSTRAINT "Invite_uses" CHECK (uses >= 0 AND uses <= "maxUses" AND "maxUses" > 0);
ALTER TABLE "Invite" ADD CONSTRAINT "Invite_team_student" CHECK ("teamId" IS NULL OR role = 'student');
ALTER TABLE "CourseMember" ADD CONSTRAINT "CourseMember_team_student" CHECK ("teamId" IS NULL OR role = 'student');

-- At most one unused set-up link: two processes that start at once can't each print one.
CREATE UNIQUE INDEX "SetupLink_one_unused" ON "SetupLink" ((true)) WHERE "usedAt" IS NULL;

-- Data: a project is sealed at most once, and what is sealed is complete.
CREATE UNIQUE INDEX "Dataset_one_sealed" ON "Dataset" ("projectId") WHERE state = 'sealed';
ALTER TABLE "Dataset" ADD CONSTRAINT "Dataset_sealed_complete" CHECK (
  state <> 'sealed'
  OR ("sealedAt" IS NOT NULL AND "schema" IS NOT NULL AND "splitDigest" IS NOT NULL AND "contentDigest" IS NOT NULL
    AND "trainKey" IS NOT NULL AND "validationKey" IS NOT NULL
    AND "nTrain" IS NOT NULL AND "nValidation" IS NOT NULL AND "nTest" IS NOT NULL)
);

-- Runs
ALTER TABLE "Run" ADD CONSTRAINT "Run_counts" CHECK (number > 0 AND attempt >= 0 AND epoch >= 0 AND step >= 0);
ALTER TABLE "Run" ADD CONSTRAINT "Run_ended" CHECK (
  (state IN ('queued', 'running')) = ("endedAt" IS NULL)
);
CREATE INDEX "Run_queue" ON "Run" ("createdAt") WHERE state = 'queued';
ALTER TABLE "SeriesBlock" ADD CONSTRAINT "SeriesBlock_packed" CHECK (
  count > 0 AND octet_length(steps) = 4 * count AND octet_length(times) = 8 * count AND octet_length("values") = 8 * count
);

-- The one opening: its result and certificate come with the state, in the same transaction, and never change.
ALTER TABLE "Opening" ADD CONSTRAINT "Opening_opened_complete" CHECK (
  (state = 'opened') = ("openedAt" IS NOT NULL AND result IS NOT NULL AND certificate IS NOT NULL)
);
CREATE FUNCTION refuse_changed_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Only who committed may change, to null, when that person's account is deleted.
  IF OLD.state = 'opened' AND (TG_OP = 'DELETE' OR to_jsonb(OLD) - 'committedById' <> to_jsonb(NEW) - 'committedById') THEN
    RAISE EXCEPTION 'the test part of project % was opened; its result is final', OLD."projectId";
  END IF;
  IF TG_OP = 'UPDATE'
    AND (OLD."runId", OLD."weightsDigest", OLD."weightsKey", OLD."configDigest", OLD.epoch, OLD.validation, OLD.n)
      IS DISTINCT FROM (NEW."runId", NEW."weightsDigest", NEW."weightsKey", NEW."configDigest", NEW.epoch, NEW.validation, NEW.n) THEN
    RAISE EXCEPTION 'project % has committed to run %', OLD."projectId", OLD."runId";
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER "Opening_final" BEFORE UPDATE OR DELETE ON "Opening" FOR EACH ROW EXECUTE FUNCTION refuse_changed_opening();
