import type { Digest } from "../base/digest.ts";
import type { Manifest } from "./key.ts";
import type { TargetName } from "./names.ts";

/** What one finished run made. */
export interface RunRecord {
  readonly key: Digest;
  readonly target: TargetName;
  readonly manifest: Manifest;
  /** By logical name. */
  readonly outputs: Readonly<Record<string, RecordedOutput>>;
  readonly log: readonly string[];
  /** Warnings about the result, reported each time that it is used. */
  readonly warnings?: readonly string[];
  readonly seconds: number;
  /** ISO 8601, for people; nothing depends on it. */
  readonly when: string;
  /** SHA-256 of the rest. */
  readonly check: Digest;
}

/** One output of a finished run. */
export interface RecordedOutput {
  readonly path: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** What the cache remembers of a target. */
export interface TargetState {
  readonly target: TargetName;
  /** Key of the last record. */
  readonly key?: Digest;
  /** The last failure, if it is newer than the record. */
  readonly failure?: {
    readonly key: Digest;
    readonly message: string;
    readonly when: string;
    /** The folder that was kept, if there was something in it. */
    readonly staging: string;
  };
}
