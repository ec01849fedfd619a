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

const invitation: MailTexts = {
  subject: 'Your account on {instance}',
  heading: 'Your account on {instance}',
  paragraphs: [
    'You have an account on {instance} at {server}. Open this link to choose a password and set up your second step.',
    'You were invited by {invited_by}.',
    'The account expires on {account_expires_at}.',
  ],
  button: 'Accept the invitation',
  after: [
    'The link works once and expires on {expires_at}. Please don’t share it.',
    'If you don’t know this server, ignore this mail.',
  ],
}

const accountExpires: MailTexts = {
  subject: 'Your account on {instance} expires soon',
  heading: 'Your account expires soon',
  paragraphs: [
    'Your account on {instance} expires on {account_expires_at}. After that you can’t sign in.',
    'If you still need it, ask an admin to extend it. Nothing is deleted when it expires.',
  ],
  button: '',
  after: [],
}

const accountsExpired: MailTexts = {
  subject: 'Expired accounts on {instance}: {count}',
  heading: 'Expired accounts: {count}',
  paragraphs: [
    'These users can’t sign in any more because their accounts have expired: {usernames}',
    'Nothing was deleted. An admin can extend an account on the page of its user.',
  ],
  button: '',
  after: [],
}

/** By the name of the template. */
export const mails = {
  test,
  invitation,
  'account-expires': accountExpires,
  'accounts-expired': accountsExpired,
}

/** What every mail says around its own texts. */
export const mailFrame = {
  greeting: 'Hello {name},',
  linkBelow: 'If the button does not work, open this address:',
  footer: 'This mail was sent by {instance} at {server}.',
}
