/** One stroke of an icon on a 16 px grid; `solid` fills instead, `inverse` takes the colour behind the icon. */
export interface Shape {
  readonly d: string;
  readonly solid?: boolean;
  readonly inverse?: boolean;
  readonly opacity?: number;
  readonly dash?: string;
}
const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
const ring = circle(8, 8, 5.5);

export const ICONS = {
  home: [{ d: 'M2.5 7.5 8 2.75l5.5 4.75v5.75h-11zM6.5 13.25v-3.5h3v3.5' }],
  runs: [{ d: 'M2 4h3M2 8h3M2 12h3m2-7.25 1.75-1.5L10.5 5l1.75-1.75L14 4.5M7 8.5h2.5l1-1.25 1.25 1.5L14 8M7 12h7' }],
  search: [{ d: `${circle(7, 7, 4.25)}M10.25 10.25l3.25 3.25` }],
  x: [{ d: 'm4 4 8 8M12 4l-8 8' }],
  chevron: [{ d: 'm4.5 6.25 3.5 3.5 3.5-3.5' }],
  up: [{ d: 'M8 13V3M4 7l4-4 4 4' }],
  down: [{ d: 'M8 3v10M4 9l4 4 4-4' }],
  filter: [{ d: 'M2.5 4h11M4.75 8h6.5M6.75 12h2.5' }],
  copy: [{ d: 'M5.5 6.5a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1zM10.5 5.5v-3h-8v8h3' }],
  check: [{ d: 'm3 8.5 3.25 3.25L13 4.75' }],
  file: [{ d: 'M4 2.25h5l3 3v8.5H4zM9 2.25v3h3' }],
  code: [{ d: 'M5.5 5 2.5 8l3 3M10.5 5l3 3-3 3' }],
  image: [
    {
      d: `M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM3 11.5l3.25-3.5 2.5 2.5 1.5-1.25 2.75 2.25${circle(10.5, 5.9, 0.9)}`,
    },
  ],
  cube: [{ d: 'm8 2 5.25 3v6L8 14l-5.25-3V5zM2.75 5 8 8l5.25-3M8 8v6' }],
  download: [{ d: 'M8 2.5v7.25M4.75 6.75 8 10l3.25-3.25M2.75 13.25h10.5' }],
  star: [{ d: 'm8 2.25 1.75 3.7 4 .5-2.95 2.8.75 4L8 11.3l-3.55 1.95.75-4L2.25 6.45l4-.5z' }],
  starred: [{ d: 'm8 2.25 1.75 3.7 4 .5-2.95 2.8.75 4L8 11.3l-3.55 1.95.75-4L2.25 6.45l4-.5z', solid: true }],
  stop: [{ d: 'M5 4h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z' }],
  edit: [{ d: 'm10.5 2.75 2.75 2.75L6 12.75l-3.5.75.75-3.5zM9 4.25 11.75 7' }],
  trash: [{ d: 'M2.75 4.25h10.5M6.25 4V2.75h3.5V4M4.25 4.5l.5 8.75h6.5l.5-8.75M6.75 7v3.75M9.25 7v3.75' }],
  keyboard: [
    {
      d: 'M2.75 4h10.5a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H2.75a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4 6.5h.01M6.5 6.5h.01M9 6.5h.01M11.5 6.5h.01M5 9.5h6',
    },
  ],
  more: [{ d: 'M3.5 8h.01M8 8h.01M12.5 8h.01M3.5 8.01h.01M8 8.01h.01M12.5 8.01h.01' }],
  full: [{ d: 'M2.75 6V2.75H6M10 2.75h3.25V6M13.25 10v3.25H10M6 13.25H2.75V10' }],
  link: [
    {
      d: 'M6.75 9.25a2.5 2.5 0 0 0 3.5 0l2.25-2.25a2.475 2.475 0 0 0-3.5-3.5l-.75.75M9.25 6.75a2.5 2.5 0 0 0-3.5 0L3.5 9a2.475 2.475 0 0 0 3.5 3.5l.75-.75',
    },
  ],
  tag: [{ d: `M2.5 2.5h5l6 6-5 5-6-6z${circle(5.25, 5.25, 0.9)}` }],
  folder: [{ d: 'M2 12.5v-9h4l1.5 1.75H14v7.25z' }],
  bell: [
    {
      d: 'M8 2.25c-2.5 0-4 1.9-4 4.25 0 3-1.25 4-1.25 4.75h10.5C13.25 10.5 12 9.5 12 6.5c0-2.35-1.5-4.25-4-4.25zM6.75 13.25a1.3 1.3 0 0 0 2.5 0',
    },
  ],
  compare: [{ d: 'M2 12.5c2.5 0 3-8 5.5-8s3 5.5 6.5 5.5' }, { d: 'M2 9c3 0 3.5 3 6 3s3-8 6-8', dash: '2 1.6' }],
  columns: [{ d: 'M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM6.25 3v10M9.9 3v10' }],
  user: [{ d: `${circle(8, 5.5, 2.75)}M2.75 13.5c.5-5 10-5 10.5 0` }],
  history: [{ d: 'M2.75 8a5.25 5.25 0 1 0 1.7-3.85L2.75 5.75M2.75 2.75v3h3M8 5.25V8l2 1.25' }],
  ok: [{ d: 'm3.25 8.5 3 3L12.75 5' }],
  firing: [
    { d: 'M8 1.5 15 14H1z', solid: true },
    { d: 'M8 6v3.7M8 11.7v.01', inverse: true },
  ],
  nodata: [{ d: 'M8 2.5 13.5 8 8 13.5 2.5 8z', dash: '2.3 1.6' }],
  plus: [{ d: 'M8 3v10M3 8h10' }],
  eye: [{ d: `M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8z${circle(8, 8, 1.9)}` }],
  signout: [{ d: 'M6.5 2.75H3v10.5h3.5M10 5l3 3-3 3M6.25 8H13' }],
  pause: [{ d: 'M5.5 3.5v9M10.5 3.5v9' }],
  off: [{ d: 'M2 2l12 12M3 7a7 7 0 0 1 3-1.7M9.5 5.2A7 7 0 0 1 13 7M5.25 9.5a4 4 0 0 1 3-1.15M8 12v.01' }],
  warn: [{ d: 'M8 2.25 14.25 13H1.75zM8 6.25v3.25M8 11.3v.01' }],
  light: [
    {
      d: `${circle(8, 8, 2.75)}M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1`,
    },
  ],
  dark: [{ d: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z' }],
  system: [{ d: ring }, { d: 'M8 2.5a5.5 5.5 0 0 1 0 11z', solid: true }],
  created: [{ d: ring, dash: '2.2 2.12' }],
  running: [{ d: ring, opacity: 0.35 }, { d: 'M8 2.5A5.5 5.5 0 0 1 13.5 8' }, { d: circle(8, 8, 1.9), solid: true }],
  completed: [{ d: `${ring}M5.4 8.2l1.85 1.85L10.7 6.3` }],
  failed: [
    { d: circle(8, 8, 6.25), solid: true },
    { d: 'm5.75 5.75 4.5 4.5m0-4.5-4.5 4.5', inverse: true },
  ],
  terminated: [
    { d: 'M4.75 2.75h6.5a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2h-6.5a2 2 0 0 1-2-2v-6.5a2 2 0 0 1 2-2z' },
    { d: 'M6 6h4v4H6z', solid: true },
  ],
  lost: [{ d: ring, dash: '10 3.2' }, { d: 'M6.5 6.7c0-2 3.1-1.9 3 0-.1 1.1-1.5 1.1-1.5 2.1M8 10.9v.01' }],
} satisfies Record<string, readonly Shape[]>;
export type IconName = keyof typeof ICONS;
