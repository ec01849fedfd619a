// What the app behind a host learns of its user: the values of the headers that the proxy adds.
import type { PrincipalUser } from '#foundation/kernel/principal.ts'

/** All of them stand in each answer, empty where no user is signed in, so that the proxy replaces what a client has sent. */
export const IDENTITY_HEADERS = [
  'Remote-User',
  'Remote-Subject',
  'Remote-Name',
  'Remote-Email',
  'Remote-Groups',
] as const
export type IdentityHeaders = Readonly<Record<(typeof IDENTITY_HEADERS)[number], string>>

export const ANONYMOUS: IdentityHeaders = {
  'Remote-User': '',
  'Remote-Subject': '',
  'Remote-Name': '',
  'Remote-Email': '',
  'Remote-Groups': '',
}

/** Returns the headers for a user, with the names of the groups that the app learns of. */
export function identityHeaders(
  user: Pick<PrincipalUser, 'username' | 'subject' | 'fullName' | 'email' | 'emailVerifiedAt'>,
  groups: readonly string[],
): IdentityHeaders {
  return {
    'Remote-User': headerText(user.username),
    'Remote-Subject': user.subject,
    'Remote-Name': headerText(user.fullName ?? ''),
    'Remote-Email': user.emailVerifiedAt === null ? '' : headerText(user.email ?? ''),
    'Remote-Groups': groups.map(headerText).join(','),
  }
}

const NOT_PLAIN = /[^\x20-\x7E]|[%,]/u

/**
 * A text as the value of a header, or as one of several between commas: what is no printable ASCII, `%` and `,` are percent-encoded as UTF-8, so
 * that a group called `x,admins` stays one group.
 */
export function headerText(text: string): string {
  return NOT_PLAIN.test(text)
    ? text.toWellFormed().replaceAll(/[^\x20-\x7E]+|[%,]/gu, (part) => encodeURIComponent(part))
    : text
}
