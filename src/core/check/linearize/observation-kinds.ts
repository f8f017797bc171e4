/** The kinds of observations. */

/** The state is `from`. */
export const READ = 0;
/** Any state becomes `to`. */
export const WRITE = 1;
/** The state is `from` and becomes `to`. */
export const MODIFY = 2;
/** The state is something else than `from`. */
export const NOT = 3;
/** The state, a text, grows at its end. */
export const APPEND = 4;
