// Every mail with facts as people may have them, to look at.
import { COMMON_FACTS, MAIL_TEMPLATES, type MailTemplate, rulesOf } from '#domain/mail/mail-template.ts'
import { type Message, messageOf } from '#domain/mail/message.service.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import { texts } from '#foundation/texts/texts.ts'

/** A value for each fact with a meaning of its own; the others are shown by their names. */
const VALUES: Readonly<Record<string, string>> = {
  name: 'ada',
  username: 'ada',
  email: 'ada@example.org',
  new_email: 'lovelace@example.org',
  old_email: 'ada@example.org',
  address: '192.0.2.7',
  device: 'Firefox, Linux',
  admin: 'hanna',
  reason: 'You asked for it on the phone',
  time_zone: 'Europe/Berlin',
  command: 'doorward user lift-review 7',
  asker: 'grace',
  invited_by: 'grace',
  change: 'Disable ada',
  rule: 'on, with a waiting time of 24 hours',
  count: '2',
  recovery_codes: '10',
  usernames: 'lin, sam',
}

/** Changes by another user: their notices name that user, and the others the device. */
const BY_ANOTHER: readonly string[] = [
  'notice-password-set',
  'notice-factors-reset',
  'notice-unlocked',
  'notice-policy-exempted',
  'notice-email-set',
]

/** The notice to the last admin, who gets a command in it. */
const TO_LAST_ADMIN = 'notice-new-device'

function isGiven(template: MailTemplate, fact: string): boolean {
  // Several changes at once are named instead of the one.
  if (fact === 'changes') return false
  if (!template.startsWith('notice-')) return true
  if (fact === 'command') return template === TO_LAST_ADMIN
  if (fact === 'admin') return BY_ANOTHER.includes(template)
  return !(['device', 'address'].includes(fact) && BY_ANOTHER.includes(template))
}

export const SAMPLE_TEMPLATES = Object.keys(MAIL_TEMPLATES) as MailTemplate[]

/** The message of a template in a language, with a link where its texts have a button. */
export function sampleMessage(template: MailTemplate, locale: string): Message {
  const flags = { public_url: 'https://id.example.org', instance_name: 'Example Club' }
  const { config } = loadConfig({ flags, env: {}, readFile: () => undefined })
  const names = [...COMMON_FACTS, ...rulesOf(template).facts].filter((fact) => isGiven(template, fact))
  const facts = Object.fromEntries(
    names.map((name) => [name, name.endsWith('_at') ? '2027-06-02T20:05:00.000Z' : (VALUES[name] ?? name)]),
  )
  const hasLink = texts(locale).mails[template].button !== ''
  const page = template.startsWith('notice-') ? 'not-me' : 'link'
  const link = hasLink
    ? Secret.of(`https://id.example.org/${page}/dwl_kX3nQ0yVZ1mTq8uJr5cW7aB2dE4fG6hI9kL0mN1oP2q`)
    : null
  return messageOf({ config }, { template, locale, facts }, link)
}
