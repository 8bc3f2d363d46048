import { rememberedElsewhere } from './remembered.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';
const KEY = 'simvue.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function remembered(): ThemeChoice {
  try {
    const text = localStorage.getItem(KEY);
    return text === 'light' || text === 'dark' ? text : 'system';
  } catch {
    return 'system'; // storage is blocked
  }
}

let choice = $state<ThemeChoice>(remembered());
let systemDark = $state(system.matches);
system.addEventListener('change', (event) => {
  systemDark = event.matches;
});
rememberedElsewhere(KEY, () => {
  choice = remembered();
});

/** The theme: what was chosen, and what that is now; reactive. */
export const theme = {
  get choice(): ThemeChoice {
    return choice;
  },
  get shown(): 'light' | 'dark' {
    if (choice !== 'system') return choice;
    return systemDark ? 'dark' : 'light';
  },
};

/** Chooses a theme and remembers it in this browser. */
export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  try {
    if (next === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    return; // storage is blocked: the choice holds until the page is closed
  }
}
