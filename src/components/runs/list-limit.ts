/** More rows than this make the table slow; older runs are reached through the API. */
export const LIST_LIMIT = 500;
