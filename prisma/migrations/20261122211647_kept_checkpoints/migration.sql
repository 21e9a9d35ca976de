-- CreateTable
CREATE TABLE "KeptCheckpoint" (
    "runId" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "weightsKey" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "metrics" JSONB NOT NULL DEFAULT '{}',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "KeptCheckpoint_pkey" PRIMARY KEY ("runId","epoch")
);

-- AddForeignKey
ALTER TABLE "KeptCheckpoint" ADD CONSTRAINT "KeptCheckpoint_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
