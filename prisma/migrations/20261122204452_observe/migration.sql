-- CreateTable
CREATE TABLE "RunHistogram" (
    "runId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,
    "bins" BYTEA NOT NULL,

    CONSTRAINT "RunHistogram_pkey" PRIMARY KEY ("runId","name","step")
);

-- CreateTable
CREATE TABLE "RunItemReport" (
    "runId" UUID NOT NULL,
    "report" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RunItemReport_pkey" PRIMARY KEY ("runId")
);

-- AddForeignKey
ALTER TABLE "RunHistogram" ADD CONSTRAINT "RunHistogram_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunItemReport" ADD CONSTRAINT "RunItemReport_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
