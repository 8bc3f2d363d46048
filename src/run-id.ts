import { randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 22;

/** A random run id of 22 characters `[A-Za-z0-9]` (131 bits). */
export function generateRunId(): string {
  let id = '';
  while (id.length < LENGTH) id += ALPHABET[randomInt(ALPHABET.length)];
  return id;
}
