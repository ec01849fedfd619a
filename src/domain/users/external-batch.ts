/** The result of one short transaction that works on externally inserted rows. */
export interface ExternalBatch {
  /** How many rows were completed, or secrets sealed. */
  readonly done: number
  /** The id after which the next batch begins; undefined after the last batch. */
  readonly next: number | undefined
}

/** The start of a pass through all rows: less than every id. */
export const BEFORE_EVERY_ID = Number.MIN_SAFE_INTEGER
