// What the server finds about rows of users.
import type { FindingFacts, FindingWords } from './findings.ts'

const openUser = ({ id }: FindingFacts): string => `Open user ${id} and change it.`

export const rowFindings = {
  'external-rows.completed': { sentence: () => 'Every row that another program inserted is complete.' },
  'external-rows.incomplete': {
    sentence: ({ count }) =>
      `${count === 1 ? '1 row that another program inserted is' : `${count} rows that another program inserted are`} not complete yet: search finds no such user, and only the exact spelling of the username signs in.`,
    fix: () => 'Nothing while the server runs: it completes them in the background and logs its progress.',
  },
  'username-empty': {
    sentence: () => 'This user has no username, so nobody can sign in as them.',
    fix: openUser,
  },
  'username-collides': {
    sentence: () => 'Another user has this username in other letters; this one signs in by the exact spelling only.',
    fix: openUser,
  },
  'username-mixed': {
    sentence: () => 'This username mixes letters of several alphabets, so it can look like another username.',
    fix: openUser,
  },
  'email-malformed': { sentence: () => 'This address is not one that mail could be sent to.', fix: openUser },
  'email-collides': { sentence: () => 'Another user has this address too.', fix: openUser },
  'role-unknown': { sentence: () => 'This role is not known, so it counts as user.', fix: openUser },
  'value-unreadable': {
    sentence: ({ columns }) => `Nothing can be made of what stands in ${columns}, so it is not used.`,
    fix: openUser,
  },
  'code-secret-unreadable': {
    sentence: () => 'The code secret of this user cannot be read, so no code of theirs is accepted.',
    fix: () =>
      'Put base32 into otp_secret, or a URI of otpauth://totp with SHA1, SHA256 or SHA512, 6 or 8 digits and a period of 30 seconds. Or empty it, and invite them.',
  },
  'app-secret-unreadable': {
    sentence: () =>
      'The stored secret of an authenticator app of this user was changed or belongs to another row, so none of its codes is accepted.',
    fix: ({ id }) =>
      `Restore this row of totp_factor from a backup, or reset the second step of user ${id}. The server’s log has the cause.`,
  },
} satisfies Record<string, FindingWords>
