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

const registration: MailTexts = {
  subject: 'Create your account on {instance}',
  heading: 'Create your account',
  paragraphs: [
    'Someone entered this email address to create an account on {instance}. If it was you, choose a username and a password now:',
  ],
  button: 'Create account',
  after: [
    'The link works once, for one hour.',
    'It was not you? Ignore this mail. Nothing is created without the link.',
  ],
}

const registrationKnown: MailTexts = {
  subject: 'You already have an account on {instance}',
  heading: 'You already have an account',
  paragraphs: [
    'Someone entered this email address to create an account on {instance}, but there is one already, or a registration that waits for an admin.',
    'If it was you, sign in at {server}. If that does not work, the sign-in page says what helps.',
    'It was not you? Nothing needs to be done. Nothing has changed.',
  ],
  button: '',
  after: [],
}

const registrationApproved: MailTexts = {
  subject: 'Your account on {instance} was approved',
  heading: 'Your account was approved',
  paragraphs: [
    'An admin approved your account on {instance}. Sign in at {server} as {username} with the password that you chose. You will then set up your second step.',
  ],
  button: '',
  after: [],
}

const registrationDeclined: MailTexts = {
  subject: 'Your registration on {instance} was declined',
  heading: 'Your registration was declined',
  paragraphs: [
    'An admin declined your registration as {username} on {instance}.',
    'Reason: {reason}',
    'What you entered was deleted.',
  ],
  button: '',
  after: [],
}

const registrationsWaiting: MailTexts = {
  subject: 'Registrations wait for you on {instance}',
  heading: 'Registrations wait for a decision',
  paragraphs: [
    'Registrations that wait for the approval of an admin on {instance}: {count}.',
    'Decide at {server}, under Users. Those without a decision are deleted after 30 days. This mail comes at most once a day.',
  ],
  button: '',
  after: [],
}

/** By the name of the template. */
export const mails = {
  test,
  registration,
  'registration-known': registrationKnown,
  'registration-approved': registrationApproved,
  'registration-declined': registrationDeclined,
  'registrations-waiting': registrationsWaiting,
}

/** What every mail says around its own texts. */
export const mailFrame = {
  greeting: 'Hello {name},',
  linkBelow: 'If the button does not work, open this address:',
  footer: 'This mail was sent by {instance} at {server}.',
}
