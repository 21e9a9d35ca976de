-- Written by hand: the rules that the Prisma schema can't express. scripts/migrate.ts never rewrites this file.

-- People
ALTER TABLE "User" ADD CONSTRAINT "User_email_lower_case" CHECK (email = lower(email) AND email <> '');
ALTER TABLE "Invite" ADD CONSTRAINT "Invite_uses" CHECK (uses >= 0 AND uses <= "maxUses" AND "maxUses" > 0);
ALTER TABLE "Invite" ADD CONSTRAINT "Invite_team_student" CHECK ("teamId" IS NULL OR role = 'student');

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
