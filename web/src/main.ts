import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/marks.css';
import './styles/tables.css';
import './styles/run.css';
import './styles/metrics.css';
import './styles/fresh.css';
import App from './App.svelte';
import { live } from './lib/live.svelte.ts';
import { followLinks } from './lib/location.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
mount(App, { target });
followLinks();
void live.run();
