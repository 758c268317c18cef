import type { TargetName } from "./names.ts";
import type { Reason } from "./reason.ts";

/** All that can happen in a run; what shows it only renders it. */
export type Event =
  /** The plan is made: `targets` of them are wanted. */
  | { readonly kind: "planned"; readonly targets: number }
  /** Nothing to do for this target. */
  | { readonly kind: "fresh"; readonly target: TargetName }
  /** The cache had the result; the outputs were put in place and no task ran. */
  | {
    readonly kind: "restored";
    readonly target: TargetName;
    readonly reasons: readonly Reason[];
  }
  /** Another run holds what is needed; `holder` says who and why. */
  | { readonly kind: "waiting"; readonly target?: TargetName; readonly holder: string }
  /** Jobs were submitted to a cluster's queue; `run` is what they are called there. */
  | {
    readonly kind: "submitted";
    readonly run: string;
    readonly targets: number;
    readonly arrays: number;
  }
  /** A task began. */
  | { readonly kind: "started"; readonly target: TargetName; readonly reasons: readonly Reason[] }
  /** How far a task is. */
  | {
    readonly kind: "progress";
    readonly target: TargetName;
    readonly share: number;
    readonly message: string;
  }
  /** A task reports something that a person should see; `once`: about this run, not the result. */
  | {
    readonly kind: "warning";
    readonly target?: TargetName;
    readonly message: string;
    readonly once?: boolean;
  }
  /** A task ended well; `same`: with the bytes of the last record. */
  | {
    readonly kind: "built";
    readonly target: TargetName;
    readonly seconds: number;
    readonly same: boolean;
  }
  /** A task failed; `input`: because of what a person gave. */
  | {
    readonly kind: "failed";
    readonly target: TargetName;
    readonly message: string;
    readonly input: boolean;
    readonly staging: string;
  }
  /** A task was run again and its bytes compared with the record's. */
  | {
    readonly kind: "verified";
    readonly target: TargetName;
    readonly seconds: number;
    readonly differences: readonly Difference[];
  }
  /** The run was interrupted while its task ran. */
  | { readonly kind: "stopped"; readonly target: TargetName }
  /** Not tried, since what it needs failed. */
  | { readonly kind: "skipped"; readonly target: TargetName; readonly because: TargetName }
  /** A file that no task made stood where an output goes; it was moved. */
  | { readonly kind: "kept-aside"; readonly path: string; readonly at: string }
  /** The run is over. */
  | {
    readonly kind: "done";
    readonly built: number;
    readonly restored: number;
    readonly fresh: number;
    readonly failed: number;
    readonly skipped: number;
    readonly seconds: number;
    readonly interrupted: boolean;
  };

/** An output that a second run made otherwise. */
export interface Difference {
  readonly path: string;
  /** Position of the first byte that differs, from 0. */
  readonly byte: number;
  /** Bytes recorded, and of the second run. */
  readonly sizes: readonly [number, number];
  /** Where both are. */
  readonly files: readonly [string, string];
}

/** Receives events in order. */
export type Listener = (event: Event) => void;
