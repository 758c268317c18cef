import { UnavailableError } from "../base/errors.ts";
import { isPassing, networkFault, passingFault, retry, type RetryOptions } from "./retry.ts";

/** No list of files is larger, in bytes. */
const MAX_BODY = 64 << 20;

/**
 * A fetch for small answers: passing faults are retried, with the body read whole within the attempt.
 *
 * @param base The fetch to be used.
 * @param options How to retry.
 */
export function apiFetch(base: typeof fetch, options: RetryOptions = {}): typeof fetch {
  return async (input, init) => {
    const { host } = new URL(input instanceof Request ? input.url : input);
    return await retry(`ask ${host}`, async () => {
      try {
        const response = await base(input, init);
        if (isPassing(response.status)) {
          await response.body?.cancel();
          throw passingFault(response);
        }
        const body = await limited(response, host);
        const { status, headers } = response;
        return new Response(status === 204 || status === 304 ? null : body, { status, headers });
      } catch (error) {
        throw networkFault(error);
      }
    }, options);
  };
}

async function limited(response: Response, host: string): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY) throw new UnavailableError(`Cannot ask ${host}: its answer has no end`);
    chunks.push(chunk);
  }
  return new Blob(chunks);
}
