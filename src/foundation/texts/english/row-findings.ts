// What the server finds about rows of users.
import { IMPORTED_TOTP_DIGITS, TOTP_PERIOD } from '#foundation/kernel/stated-limits.ts'
import type { FindingFacts, FindingWords } from './findings.ts'
import { stated } from './stated.ts'

const openUser = ({ id }: FindingFacts): string => `Open user ${id} to fix it.`

export const rowFindings = {
  'external-rows.completed': { sentence: () => 'All rows from other programs are complete.' },
  'external-rows.incomplete': {
    sentence: ({ count }) =>
      count === 1
        ? '1 row from another program isn’t complete yet. Until then, search won’t find this user, and they must type their username exactly.'
        : `${count} rows from other programs aren’t complete yet. Until then, search won’t find these users, and they must type their usernames exactly.`,
    fix: () => 'Nothing to do while the server runs: it completes them in the background and logs its progress.',
  },
  'username-empty': {
    sentence: () => 'This user has no username, so they can’t sign in.',
    fix: openUser,
  },
  'username-collides': {
    sentence: () => 'Another username differs only by case. This user must type theirs exactly.',
    fix: openUser,
  },
  'username-mixed': {
    sentence: () => 'This username mixes alphabets, so it can look like another one.',
    fix: openUser,
  },
  'email-malformed': { sentence: () => 'Not a valid email address.', fix: openUser },
  'email-routed': {
    sentence: () =>
      'This email address has a percent sign or an exclamation mark, so a mail server may deliver it to another domain than the one after the @.',
    fix: ({ id }) => `Open user ${id} and enter another one. Until then, emails still go to this one.`,
  },
  'email-collides': { sentence: () => 'Another user has this email address, too.', fix: openUser },
  'role-unknown': { sentence: () => 'Unknown role, treated as user.', fix: openUser },
  'admin-kept': {
    sentence: () => 'This admin’s account has expired, but stays open because no other active admin is left.',
    fix: ({ id }) => `Add another admin. Or remove the end on the server: user update ${id} --expires-at none`,
  },
  'value-unreadable': {
    sentence: ({ columns }) => `The value in ${columns} can’t be read and is ignored.`,
    fix: openUser,
  },
  'code-secret-unreadable': {
    sentence: () => 'This user’s authenticator secret can’t be read, so their codes don’t work.',
    fix: () =>
      `Put base32 into otp_secret, or an otpauth://totp URI with SHA1, SHA256 or SHA512, ${IMPORTED_TOTP_DIGITS.join(' or ')} digits and a period of ${stated.span(TOTP_PERIOD)}. Or clear it and send them an invitation.`,
  },
  'app-secret-unreadable': {
    sentence: () =>
      'The stored secret of one of this user’s authenticator apps was changed or belongs to another row, so its codes don’t work.',
    fix: ({ id }) =>
      `Restore this row of totp_factor from a backup, or reset the second step of user ${id}. The server’s log has the cause.`,
  },
} satisfies Record<string, FindingWords>
