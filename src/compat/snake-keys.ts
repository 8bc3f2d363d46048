/** `camelCase` as Python spells it. */
type SnakeCase<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? Tail extends Uncapitalize<Tail>
    ? `${Lowercase<Head>}${SnakeCase<Tail>}`
    : `${Lowercase<Head>}_${SnakeCase<Tail>}`
  : Name;

/** What the type has, under names as Python spells them. */
export type SnakeKeys<T> = { readonly [Key in keyof T as SnakeCase<Key & string>]: T[Key] };

/** The same object, with keys in `camelCase` or `snake_case`. */
export type EitherCase<T> = T & Partial<SnakeKeys<T>>;

/** Renames `snake_case` keys to `camelCase`; values stay as they are. */
export function camelKeys<T extends object>(value: EitherCase<T>): T {
  const entries = Object.entries(value).map(([key, item]) => [
    key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    item,
  ]);
  return Object.fromEntries(entries) as T;
}

type Constructor<Instance> = new (...args: never[]) => Instance;
type Methods<T> = { [Key in keyof T as T[Key] extends (...args: never[]) => unknown ? Key : never]: T[Key] };

/** Gives each method of a class, inherited ones too, a second name in `snake_case`. */
export function withSnakeNames<Class extends Constructor<object>>(
  subject: Class,
): new (
  ...args: ConstructorParameters<Class>
) => InstanceType<Class> & SnakeKeys<Methods<InstanceType<Class>>> {
  for (let level: object = subject.prototype; level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value !== 'function' || !/[A-Z]/.test(name)) continue;
      const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      // By name, so that a class below may override either.
      function alias(this: Record<string, (...args: unknown[]) => unknown>, ...args: unknown[]): unknown {
        return this[name]?.(...args);
      }
      Object.defineProperty(subject.prototype, snake, { value: alias, writable: true, configurable: true });
    }
  }
  return subject as never;
}
