import { Type } from 'typebox';

/** The object that was made or changed. */
export const IdView = Type.Object({ id: Type.String({ examples: ['DkVY5SER590KtF9sJsJiD7'] }) });
/** Done; there is nothing to tell. */
export const DoneView = Type.Object({});
/** The object that is there already. */
export const ConflictView = Type.Object({ id: Type.String(), detail: Type.String() });
/** A star of the reader's own. */
export const StarView = Type.Object({ id: Type.String(), starred: Type.Boolean() });
