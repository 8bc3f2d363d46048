/** Text that would run if it were taken for markup anywhere. */
export const HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>"\'`window.pwned=1`';

/** Content that runs when a browser opens it as a page. */
export const HOSTILE_FILES = {
  'page.html': ['text/html', `<!doctype html><body onload="window.pwned=1"><script>window.pwned=1</script>`],
  'drawing.svg': [
    'image/svg+xml',
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="32" onload="window.pwned=1"><script>window.pwned=1</script><rect width="64" height="32" fill="teal"/></svg>',
  ],
  'table.csv': ['text/csv', `name,value\n"${HOSTILE.replaceAll('"', '""')}",1\n`],
  'data.json': ['application/json', JSON.stringify({ name: HOSTILE, list: [1, 2, 3] })],
  'notes.md': ['text/markdown', `# ${HOSTILE}\n[click](javascript:window.pwned=1)\n`],
} as const;
