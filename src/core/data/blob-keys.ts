/** Where a data set's blobs lie, for the processes that hand them to each other. */

export const uploadKeyOf = (datasetId: string) => `uploads/${datasetId}`;
/** What the resumable upload remembers of itself. */
export const uploadStateKeyOf = (datasetId: string) => `upload-state/${datasetId}.json`;
/** The inspection's report names items of every part, so it is a file that can be deleted and never a row that Postgres keeps copies of. */
export const reportKeyOf = (datasetId: string) => `reviews/${datasetId}/report.json`;
export const packKeyOf = (datasetId: string, part: 'train' | 'validation') => `packs/${datasetId}/${part}.safetensors`;
