export type SourceKind = 'flag' | 'environment' | 'file' | 'default'

/** Where a value came from. */
export interface ValueOrigin {
  readonly source: SourceKind
  /** Its exact place, such as `--port`, `DATABASE_URL`, `/etc/doorward/config.toml` or `default`. */
  readonly detail: string
}

/** What was typed for a setting, before it is read. */
export interface Typed extends ValueOrigin {
  readonly text: string
}
