/** What one short transaction did for externally inserted rows. */
export interface ExternalBatch {
  /** Rows that were completed, or secrets that were sealed. */
  readonly done: number
  /** The id after which the next batch begins; undefined where this was the last one. */
  readonly next: number | undefined
}

/** Where a pass through all rows begins: below every id. */
export const BEFORE_EVERY_ID = Number.MIN_SAFE_INTEGER
