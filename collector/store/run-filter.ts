import type { RunStatus } from 'simvue-otel/semconv';
import type { RunNumber } from './last-value-store.ts';

export type TextOperator = '==' | '!=' | 'contains' | 'not contains';
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
/** Values are untyped: numbers compare as numbers where the stored value is one, as text otherwise. */
export type LeafOperator = TextOperator | Comparison | 'exists' | 'not exists';

/** What is asked of a metadata value, or of one of the values that describe the system, by its dotted path. */
export interface LeafFilter {
  readonly key: string;
  readonly operator: LeafOperator;
  /** Absent for `exists` and `not exists`. */
  readonly value?: string;
}

/** What is asked of a number of runs, as far as the store of last values has it: a run without events has zero of them, one without the metric has no number. */
export interface NumberFilter {
  readonly number: RunNumber;
  readonly operator: Comparison | 'exists' | 'not exists';
  /** Absent for `exists` and `not exists`. NaN is equal to NaN, and not asked for its order. */
  readonly value?: number;
}

/** One condition on runs; the conditions of a list are combined with AND. */
export type RunFilter =
  | { readonly kind: 'tag' | 'untagged'; readonly tag: string }
  | { readonly kind: 'status'; readonly operator: '==' | '!='; readonly status: RunStatus }
  /** `isDeep`: in the folder, or below it. */
  | { readonly kind: 'folder'; readonly path: string; readonly isDeep: boolean }
  | {
      readonly kind: 'text';
      readonly column: 'id' | 'name' | 'folder' | 'description' | 'user';
      readonly operator: TextOperator;
      readonly value: string;
    }
  | { readonly kind: 'described'; readonly isDescribed: boolean }
  /** `<`: within the last so many seconds; `>`: longer ago. */
  | {
      readonly kind: 'age';
      readonly column: 'created' | 'started' | 'modified' | 'ended';
      readonly operator: '<' | '>';
      readonly seconds: number;
    }
  | { readonly kind: 'starred'; readonly user: string }
  | ({ readonly kind: 'metadata' } & LeafFilter)
  | ({ readonly kind: 'system' } & LeafFilter)
  | { readonly kind: 'alert'; readonly field: 'name' | 'status'; readonly value: string }
  | { readonly kind: 'artifact'; readonly id: string }
  | ({ readonly kind: 'number' } & NumberFilter);

/** One condition on folders. */
export type FolderFilter =
  | {
      readonly kind: 'text';
      readonly column: 'id' | 'path' | 'name' | 'description' | 'user';
      readonly operator: TextOperator;
      readonly value: string;
    }
  | { readonly kind: 'described'; readonly isDescribed: boolean }
  | { readonly kind: 'tag' | 'untagged'; readonly tag: string }
  | {
      readonly kind: 'age';
      readonly column: 'created' | 'modified';
      readonly operator: '<' | '>';
      readonly seconds: number;
    }
  | { readonly kind: 'starred'; readonly user: string }
  | ({ readonly kind: 'metadata' } & LeafFilter);
