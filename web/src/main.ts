import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/filter.css';
import './styles/marks.css';
import './styles/tables.css';
import './styles/runs.css';
import './styles/forced-colors.css';
import App from './App.svelte';
import { live } from './lib/live.svelte.ts';
import { followLinks } from './lib/location.svelte.ts';
import { session } from './lib/session.svelte.ts';
import { readSession } from './lib/sign-in.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
mount(App, { target });
followLinks();
// Whoever cannot be asked now is asked again by the stream, which says so on the page.
const askSession = () => readSession().catch(() => undefined);
void askSession();
// Somebody may have signed in in another tab.
live.listen((changes) => {
  if (changes === 'everything' && session.isLockedOut) void askSession();
});
live.start();
