export interface MailTexts {
  readonly subject: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  /** On the button that opens the link; empty in a mail without a link. */
  readonly button: string
  /** Below the button. */
  readonly after: readonly string[]
}
