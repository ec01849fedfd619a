// Mails: what stands in each of them, and what stands in all. `{name}` stands for a fact; a paragraph without its fact is left out.
import { approvalMails } from './approval-mails.ts'
import { joiningMails } from './joining-mails.ts'
import type { MailTexts } from './mail-texts.ts'
import { noticeMails } from './notice-mails.ts'
import { policyMails } from './policy-mails.ts'
import { recoveryMails } from './recovery-mails.ts'
import { registrationMails } from './registration-mails.ts'

const test: MailTexts = {
  subject: 'Test email from {instance}',
  heading: 'Email works',
  paragraphs: ['{instance} at {server} can send email to this address.', 'You don’t need to do anything.'],
  button: '',
  after: [],
}

/** By the name of the template. */
export const mails = {
  test,
  ...recoveryMails,
  ...joiningMails,
  ...registrationMails,
  ...noticeMails,
  ...approvalMails,
  ...policyMails,
}

/** What every mail says around its own texts. */
export const mailFrame = {
  greeting: 'Hello {name},',
  linkBelow: 'If the button doesn’t work, open this address:',
  footer: 'This email was sent by {instance} at {server}.',
}
