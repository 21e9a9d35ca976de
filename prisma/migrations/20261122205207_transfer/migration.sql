-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "sharedAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "Lineage" (
    "runId" UUID NOT NULL,
    "sources" JSONB NOT NULL,
    "weightsKey" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Lineage_pkey" PRIMARY KEY ("runId")
);

-- CreateTable
CREATE TABLE "ImportedModel" (
    "id" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "weightsKey" TEXT NOT NULL,
    "weightsDigest" TEXT NOT NULL,
    "parameters" INTEGER NOT NULL,
    "createdById" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ImportedModel_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Lineage_weightsKey_idx" ON "Lineage"("weightsKey");

-- CreateIndex
CREATE INDEX "ImportedModel_projectId_idx" ON "ImportedModel"("projectId");

-- AddForeignKey
ALTER TABLE "Lineage" ADD CONSTRAINT "Lineage_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImportedModel" ADD CONSTRAINT "ImportedModel_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImportedModel" ADD CONSTRAINT "ImportedModel_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
