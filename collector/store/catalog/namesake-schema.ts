/** Artifacts of one name, in the order in which they came. */
export const NAMESAKE_SCHEMA = 'CREATE INDEX artifact_namesake ON artifact (name, created, id);';
