import { dialogs } from './dialogs.svelte.ts';
import type { IconName } from './icons.ts';
import { go } from './location.svelte.ts';
import { session } from './session.svelte.ts';
import { signOut } from './sign-in.ts';
import { chooseTheme, theme } from './theme.svelte.ts';
import { switchZone } from './zone.svelte.ts';
import { shownZone } from './zone.ts';

/** Something that the command palette does. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  /** The key that does the same on the page. */
  readonly key?: string;
  /** True = there are too many of its kind to be listed before something is typed. */
  readonly isSought?: boolean;
  readonly run: () => void;
}

const offers = new Set<() => readonly Command[]>();

/** Adds commands of what is shown; they are asked for when the palette opens. @returns what takes them back. */
export function offerCommands(list: () => readonly Command[]): () => void {
  offers.add(list);
  return () => void offers.delete(list);
}

const MOST_SOUGHT = 20;

/** Those of the commands whose labels have all the words. */
export function findCommands(all: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  const sought = words.length ? found.filter(({ isSought }) => isSought).slice(0, MOST_SOUGHT) : [];
  return [...sought, ...found.filter(({ isSought }) => !isSought)];
}

/** Commands of what is shown, then those that are there on every page. */
export function commands(): readonly Command[] {
  const dark = theme.shown === 'dark';
  const page = (label: string, href: string, icon: IconName): Command => ({
    id: href,
    label: `Open ${label}`,
    icon,
    run: () => go(href),
  });
  return [
    ...[...offers].flatMap((list) => list()),
    page('home', '/home', 'home'),
    page('runs', '/runs', 'runs'),
    page('the comparison', '/compare', 'compare'),
    page('alerts', '/alerts', 'bell'),
    page('folders', '/folders', 'folder'),
    page('tags', '/tags', 'tag'),
    page('storage', '/storage', 'disk'),
    page('tokens', '/tokens', 'user'),
    ...(session.isAdmin ? [page('users', '/users', 'user'), page('tenants', '/tenants', 'user')] : []),
    { id: 'new', label: 'Start a new run', icon: 'plus', key: 'n', run: () => dialogs.open('new-run') },
    {
      id: 'theme',
      label: `Switch to ${dark ? 'light' : 'dark'} theme`,
      icon: dark ? 'light' : 'dark',
      run: () => chooseTheme(dark ? 'light' : 'dark'),
    },
    {
      id: 'zone',
      label: `Show times in ${shownZone().word === 'local' ? 'UTC' : 'local time'}`,
      icon: 'clock',
      run: switchZone,
    },
    ...(session.username === undefined
      ? []
      : [{ id: 'sign-out', label: 'Sign out', icon: 'signout', run: () => void signOut() } as const]),
    { id: 'keys', label: 'Keyboard shortcuts', icon: 'keyboard', key: '?', run: () => dialogs.open('keys') },
  ];
}
