// Mails: what stands in each of them, and what stands in all. `{name}` stands for a fact; a paragraph without its fact is left out.

/** The texts of one mail. */
export interface MailTexts {
  readonly subject: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  /** On the button that opens the link; empty in a mail without a link. */
  readonly button: string
  /** Below the button. */
  readonly after: readonly string[]
}

const test: MailTexts = {
  subject: 'Test mail of {instance}',
  heading: 'Mail works',
  paragraphs: ['{instance} at {server} can send mail to this address.', 'Nothing needs to be done.'],
  button: '',
  after: [],
}

/** By the name of the template. */
export const mails = { test }

/** What every mail says around its own texts. */
export const mailFrame = {
  greeting: 'Hello {name},',
  linkBelow: 'If the button does not work, open this address:',
  footer: 'This mail was sent by {instance} at {server}.',
}
