type Triple = readonly [number, number, number];
const map = (values: Triple, change: (value: number) => number): Triple => [
  change(values[0]),
  change(values[1]),
  change(values[2]),
];
const times = (rows: readonly [Triple, Triple, Triple], [a, b, c]: Triple): Triple => {
  const [x, y, z] = rows;
  return [x[0] * a + x[1] * b + x[2] * c, y[0] * a + y[1] * b + y[2] * c, z[0] * a + z[1] * b + z[2] * c];
};

/** Linear light of `#rrggbb`. */
function linear(hex: string): Triple {
  const channel = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return map([channel(1), channel(3), channel(5)], (value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
}

/** Contrast of two colours `#rrggbb`, 1 to 21. @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: string, b: string): number {
  const [light, dark] = [a, b]
    .map(
      (hex) =>
        times(
          [
            [0.2126, 0.7152, 0.0722],
            [0, 0, 0],
            [0, 0, 0],
          ],
          linear(hex),
        )[0] + 0.05,
    )
    .sort((x, y) => y - x);
  return (light ?? Number.NaN) / (dark ?? Number.NaN);
}

/** Machado (2009), full severity; `normal` changes nothing. */
const VISIONS = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;
export type Vision = keyof typeof VISIONS;

/** Distance of two colours `#rrggbb` in OKLab as somebody with this vision sees them. */
export function distance(a: string, b: string, vision: Vision): number {
  const [x, y] = [a, b].map((hex) =>
    lab(map(times(VISIONS[vision], linear(hex)), (value) => Math.min(1, Math.max(0, value)))),
  ) as [Triple, Triple];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

/** @see https://bottosson.github.io/posts/oklab/ */
function lab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    map(cones, Math.cbrt),
  );
}
