/** A part of Node's streams, as csv-parse's build for browsers has it. */
interface Sink {
  write(text: string): boolean;
  end(): void;
  once(event: string, listener: (error?: unknown) => void): void;
}

/** Sends texts through a parser, as `node:stream/promises` does, where there is no Node. */
export async function pipeline(source: AsyncIterable<string>, sink: Sink): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    sink.once("end", () => resolve());
    sink.once("error", reject);
  });
  const fed = (async () => {
    for await (const text of source) sink.write(text);
    sink.end();
  })();
  // Whichever fails first says why.
  await Promise.race([ended, fed.then(() => ended)]);
}
