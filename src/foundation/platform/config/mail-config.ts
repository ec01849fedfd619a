// The settings of mail as the program uses them, and the faults between them.
import { isLoopback } from '#foundation/kernel/loopback.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { SettingName, SettingValues } from './settings.ts'
import type { ConfigFault, MailSettings } from './types.ts'

/** The registered ports of submission with implicit TLS and with STARTTLS (RFC 8314 §7.3, RFC 6409 §3.1), and of SMTP. */
const PORTS = { implicit: 465, starttls: 587, none: 25 } as const

/** The settings of mail; null where no SMTP server is named. */
export function mailOf(values: SettingValues): MailSettings | null {
  const { mail_host: host, mail_tls: tls, mail_password: password, mail_from: from } = values
  if (host === null || from === null) return null
  return {
    host,
    tls,
    port: values.mail_port ?? PORTS[tls],
    user: values.mail_user,
    password: password === null ? null : Secret.of(password),
    from,
  }
}

/** Faults between the settings of mail whose values are each valid alone; none where mail is off. */
export function mailFaults(values: SettingValues, sourceOf: (name: SettingName) => string): ConfigFault[] {
  const faults: ConfigFault[] = []
  const add = (key: SettingName, found: string, wanted: string) =>
    faults.push({ key, source: sourceOf(key), found, wanted })
  const { mail_host: host, mail_tls: tls, mail_user: user, mail_password: password, mail_from: from } = values
  if (host === null) return []
  if (from === null) add('mail_from', 'nothing, while mail_host is set', 'the address of the sender')
  if (tls === 'none' && !isLoopback(host) && !values.mail_insecure) {
    const wanted = '`starttls` or `implicit`, or `mail_insecure` on a network where traffic cannot be intercepted'
    add('mail_tls', `none while mail_host is ${host}, which is another machine`, wanted)
  }
  if (user !== null && password === null) add('mail_password', 'nothing, while mail_user is set', 'the password')
  if (user === null && password !== null) add('mail_user', 'nothing, while mail_password is set', 'the username')
  return faults
}
