import { raw, type Sql } from 'sql-template-tag';

/** The quoted name of a table or column. */
export const named = (name: string): Sql => raw(`"${name.replaceAll('"', '""')}"`);
