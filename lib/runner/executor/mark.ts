/** Begins each message of a task's process, so that what native code prints is not taken for one. */
export const MARK = "\u001e";
