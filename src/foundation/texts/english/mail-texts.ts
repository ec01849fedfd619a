export interface MailTexts {
  readonly subject: string
  /** The subject where a fact of the other has no value, such as the inviter of an invitation from the command line. */
  readonly subjectWithout?: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  /** On the button that opens the link; empty in a mail without a link. */
  readonly button: string
  /** Below the button. */
  readonly after: readonly string[]
}
