import type { Texts } from '../english.ts'
import { approvalMails } from './approval-mails.ts'
import { joiningMails } from './joining-mails.ts'
import { noticeMails } from './notice-mails.ts'
import { policyMails } from './policy-mails.ts'
import { recoveryMails } from './recovery-mails.ts'
import { registrationMails } from './registration-mails.ts'

/** Same order as in English. */
export const mails: Texts['mails'] = {
  test: {
    subject: 'Testmail von {instance}',
    heading: 'E-Mail funktioniert',
    paragraphs: ['{instance} auf {server} kann E-Mails an diese Adresse senden.', 'Es ist nichts zu tun.'],
    button: '',
    after: [],
  },
  ...recoveryMails,
  ...joiningMails,
  ...registrationMails,
  ...noticeMails,
  ...approvalMails,
  ...policyMails,
}

export const mailFrame: Texts['mailFrame'] = {
  greeting: 'Hallo {name},',
  linkBelow: 'Falls die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
  footer: 'Diese E-Mail wurde von {instance} auf {server} gesendet.',
}
