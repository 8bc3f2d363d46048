import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** What the system of a reader prefers. */
export type Theme = 'light' | 'dark';

/** A page, with everything that its console and its security policy complained about. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
}

/** The system's Chromium, headless; CHROMIUM names another one. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** Opens a page whose console errors, exceptions, failed requests and policy violations are kept. @param timezoneId - where its reader is. */
export async function openPage(browser: Browser, colorScheme: Theme, timezoneId = 'UTC'): Promise<WatchedPage> {
  const context = await browser.newContext({ colorScheme, timezoneId, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, context, complaints };
}
