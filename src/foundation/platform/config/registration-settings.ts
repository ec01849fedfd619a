import { domainName, listOf, nameList, oneOf, wholeNumber } from './parse.ts'
import type { Setting } from './types.ts'

/** Who may create an account without an invitation. */
export const REGISTRATION_SETTINGS = {
  registration: {
    kind: oneOf(['off', 'open', 'approval']),
    standard: 'off',
    sentence:
      'Self-registration: `off`, `open`, or `approval`, where an admin decides on each account. Needs mail, because each address is confirmed first.',
    example: 'approval',
  },
  registration_domains: {
    kind: listOf(domainName, 'domains such as `example.org`'),
    standard: '',
    sentence:
      'Domains of the email addresses that may register, without subdomains. Everyone can read the list. Empty means every domain.',
    example: 'example.org, example.com',
  },
  registration_groups: {
    kind: nameList,
    standard: '',
    sentence:
      'Names of the groups that everyone who registers joins, separated by commas, or by semicolons if a name has a comma. Another choice can be made at an approval. A group that does not exist is a finding of the check-up.',
    example: 'Members, Newsletter',
  },
  registration_proof_of_work: {
    kind: wholeNumber(0, 24),
    standard: '0',
    sentence:
      'Work that a browser does before it may register, in bits: each one doubles it. 0 asks for none, and 18 is right for a public server. With it, the page needs JavaScript.',
    example: '18',
  },
} as const satisfies Record<string, Setting<unknown>>
