/** Version of this package, as the scope of what it sends; equals `package.json` (tested). */
export const VERSION = '0.1.0';
