import { foldName } from './fold.ts'

/** The longest email that fits a path of SMTP (RFC 5321 §4.5.3.1.3). */
const LONGEST = 254

/** U+FE6B and U+FF20 are read as `@` by what normalizes first. */
const EMAIL = /^[^\s\p{C}<>()[\]\\,;:"@\uFE6B\uFF20]+@[^\s\p{C}<>()[\]\\,;:"@\uFE6B\uFF20]+$/u

/**
 * Whether mail can be sent to this email. Emails with quotes, comments, lists or control characters are refused: in a header or a
 * command of SMTP they could name further recipients.
 */
export function isMailable(email: string): boolean {
  return email.length <= LONGEST && EMAIL.test(email) && !email.startsWith('-')
}

/** The percent hack (`user%host`) and the bang path of UUCP (`host!user`), which Postfix and Sendmail rewrite by default. */
const ROUTE = /[%!]/

/**
 * Whether a mail server may deliver this email to another domain than the one after its `@` (source routing): `x%evil.example@example.org`
 * and `evil.example!x@example.org` name the domain `example.org`, and a relay for it sends both to `evil.example`. Folding finds the
 * full-width forms, which a server that normalizes reads alike. The older form `@relay:user@host` and quotes are no emails here at all.
 * A domain name has neither character, so the whole email is looked at.
 */
export function isRouted(email: string): boolean {
  return ROUTE.test(foldName(email))
}
