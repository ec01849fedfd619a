import { flag, oneOf, rangeService, wholeNumber } from './parse.ts'
import type { Setting } from './setting.ts'

/** What signing in asks for, what a password must be, and how it is kept. */
export const PASSWORD_SETTINGS = {
  second_factor: {
    kind: oneOf(['required', 'optional']),
    standard: 'required',
    sentence:
      'Whether everybody needs a second factor (`required`) or may do without one (`optional`); admins always need one.',
    example: 'optional',
  },
  password_minimum: {
    kind: wholeNumber(8, 64),
    standard: '8',
    sentence:
      'Fewest characters of a new password. It can only raise what NIST SP 800-63B-4 asks for, 8 where a second factor is required and 15 where it is not: less counts as that.',
    example: '12',
  },
  breached_passwords_url: {
    kind: rangeService,
    standard: null,
    otherwise: 'no service is asked',
    sentence:
      'A range service of breached passwords in the form of Have I Been Pwned: a new password is looked up by the first five hexadecimal characters of its SHA-1, nothing else leaves. While it does not answer, the list that ships decides alone.',
    example: 'https://api.pwnedpasswords.com/range',
  },
  pepper: {
    kind: flag,
    standard: 'false',
    sentence:
      'Mixes a key of the keyring into every password hash, so that the database alone cannot be guessed at; whoever loses that key needs new passwords.',
    example: 'true',
  },
  hash_memory: {
    kind: wholeNumber(8, 4_194_304),
    standard: '19456',
    sentence: 'Memory of one argon2id hash in KiB; OWASP advises at least 19456 with 2 passes or 47104 with 1.',
    example: '65536',
  },
  hash_passes: {
    kind: wholeNumber(1, 1000),
    standard: '2',
    sentence: 'Passes of argon2id over its memory; OWASP advises at least 2.',
    example: '3',
  },
  hash_workers: {
    kind: wholeNumber(0, 256),
    standard: '0',
    sentence: 'Threads that hash passwords at the same time; 0 is one for each core.',
    example: '2',
  },
  hash_queue: {
    kind: wholeNumber(1, 100_000),
    standard: '64',
    sentence: 'Passwords that may wait for a free thread; one more is answered 503 at once.',
    example: '256',
  },
} as const satisfies Record<string, Setting<unknown>>
