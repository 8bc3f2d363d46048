import {
  forceCenter,
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  type SimulationNodeDatum,
} from 'd3-force';
import type { Lineage } from '../../../collector/api/contract/artifact.ts';
import { type LineageNode, lineageGraph } from './lineage.ts';

export const DEPENDENCY_KINDS = ['code', 'artifact', 'run'] as const;
export type DependencyKind = (typeof DEPENDENCY_KINDS)[number];

/** A run, or content, as a bubble: its centre in pixels from that of the picture. */
export interface Bubble {
  readonly key: string;
  readonly kind: DependencyKind;
  readonly use: LineageNode['use'];
  readonly x: number;
  readonly y: number;
}
export interface DependencyPicture {
  readonly bubbles: readonly Bubble[];
  readonly links: readonly { readonly from: Bubble; readonly to: Bubble }[];
}

/** Pixels from the centre of a bubble to its rim. */
export const BUBBLE_RADIUS = 14;
const LINK_PIXELS = 64;
const TURNS = 200;

type Moving = SimulationNodeDatum & Pick<Bubble, 'key' | 'kind' | 'use'>;

/** What a content depends on and what depends on it, placed by forces until they are at rest; the same answer gives the same picture. */
export function dependencyPicture(
  lineage: Pick<Lineage, 'checksum' | 'data'>,
  shown: ReadonlySet<DependencyKind>,
): DependencyPicture {
  const { columns, edges } = lineageGraph(lineage);
  const nodes = columns
    .flatMap((column) => column.nodes)
    .map((node): Moving => ({ key: node.key, kind: kindOf(node), use: node.use }))
    .filter(({ kind }) => shown.has(kind));
  const keys = new Set(nodes.map(({ key }) => key));
  const links = edges.filter(({ from, to }) => keys.has(from) && keys.has(to));
  forceSimulation(nodes)
    .force(
      'link',
      forceLink<Moving, { source: string; target: string }>(links.map(({ from, to }) => ({ source: from, target: to })))
        .id(({ key }) => key)
        .distance(LINK_PIXELS),
    )
    .force('charge', forceManyBody().strength(-160))
    .force('collide', forceCollide(BUBBLE_RADIUS + 4))
    .force('center', forceCenter())
    .stop()
    .tick(TURNS);
  const bubbles = new Map(nodes.map(({ key, kind, use, x = 0, y = 0 }) => [key, { key, kind, use, x, y }]));
  return {
    bubbles: [...bubbles.values()],
    links: links.flatMap(({ from, to }) => {
      const ends = [bubbles.get(from), bubbles.get(to)] as const;
      return ends[0] && ends[1] ? [{ from: ends[0], to: ends[1] }] : [];
    }),
  };
}

function kindOf(node: LineageNode): DependencyKind {
  if (node.kind === 'run') return 'run';
  return node.isCode ? 'code' : 'artifact';
}
