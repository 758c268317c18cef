/** An object whose properties are computed when they are first read. */
export function lazily<T extends object>(parts: { readonly [N in keyof T]: () => T[N] }): T {
  const result = {};
  for (const name of Object.keys(parts) as (keyof T)[]) {
    Object.defineProperty(result, name, {
      configurable: true,
      enumerable: true,
      get(): unknown {
        const value = parts[name]();
        Object.defineProperty(result, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return result as T;
}
