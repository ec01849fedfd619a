/** One error in one field of an input. Entry points show it beside the field or print it under `errors`. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) to the field, such as `/username`; empty for the whole input. */
  readonly pointer: string
  /** `<feature>.<snake_case>`, such as `password.too_short`. */
  readonly code: string
  /** Numbers and names that the sentence contains; never the submitted value. */
  readonly facts?: Readonly<Record<string, string | number>>
}
