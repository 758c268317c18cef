/**
 * Adds to an error what a person can do in this workflow: the numbers in lib/ say only what is wrong.
 *
 * @param work What may fail.
 * @param remedies Of each class of errors the remedy, a sentence; the first that fits is added.
 */
export async function withRemedy<T>(
  work: Promise<T>,
  remedies: readonly (readonly [type: abstract new (...args: never[]) => Error, remedy: string])[],
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const [, remedy] = remedies.find(([type]) => error instanceof type) ?? [];
    if (remedy !== undefined) (error as Error).message += ` ${remedy}`;
    throw error;
  }
}
