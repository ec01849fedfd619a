import { colour, contact, file, flag, oneOf, rangeService, wholeNumber, words } from './parse.ts'
import type { Setting } from './types.ts'

/** Appearance of the pages, and the contacts they name. */
export const PAGE_SETTINGS = {
  instance_name: {
    kind: words,
    standard: 'Doorward',
    sentence: 'Name of this server on its pages and in authenticator apps.',
    example: 'Example Club',
  },
  default_locale: {
    kind: oneOf(['en', 'de']),
    standard: 'en',
    sentence:
      'Language of pages and emails for people who have chosen none, where neither their browser nor the admin who invites them says one: `en` or `de`.',
    example: 'de',
  },
  support_contact: {
    kind: words,
    standard: null,
    otherwise: 'no contact is named',
    sentence: 'Contact for people who cannot sign in: an email address, a URL or any other text.',
    example: 'help@example.org',
  },
  security_contact: {
    kind: contact,
    standard: null,
    otherwise: 'no `/.well-known/security.txt`',
    sentence: 'Contact for reports of a vulnerability, published in `/.well-known/security.txt` (RFC 9116).',
    example: 'mailto:security@example.org',
  },
  accent: {
    kind: colour,
    standard: null,
    otherwise: 'pine green, `#0f6b5c`',
    sentence:
      'Colour of buttons and links in the light theme. If its contrast is too low (WCAG 2.2), the server does not start and prints the contrast it reaches and the one it needs.',
    example: '#7a3e9d',
  },
  accent_dark: {
    kind: colour,
    standard: null,
    otherwise: 'pale green, `#5cc9b1`',
    sentence:
      'Colour of buttons and links in the dark theme, checked like `accent`. No colour can be read in both themes: if only `accent` is set, the dark theme keeps the default, and the start prints a colour that passes.',
    example: '#d7c5e2',
  },
  logo: {
    kind: file,
    standard: null,
    sentence: 'Picture beside the name on every page: an SVG or PNG file of at most 100 KiB, read at the start.',
    example: '/etc/doorward/logo.svg',
  },
  icon: {
    kind: file,
    standard: null,
    otherwise: 'the mark of Doorward in the accent colours',
    sentence:
      'Picture of browser tabs and home screens, and beside the name where there is no logo: a square SVG or PNG file of at most 100 KiB, read at the start. Home screens show a PNG only, ideally of 180 × 180 pixels.',
    example: '/etc/doorward/icon.png',
  },
} as const satisfies Record<string, Setting<unknown>>

/** Second factor, password policy, and password hashing. */
export const PASSWORD_SETTINGS = {
  second_factor: {
    kind: oneOf(['required', 'optional']),
    standard: 'required',
    sentence: 'Second step of users, `required` or `optional`. Users with permissions always need one.',
    example: 'optional',
  },
  password_minimum: {
    kind: wholeNumber(8, 64),
    standard: '8',
    sentence:
      'Minimum length of a new password, in characters. It can only raise the minimum of NIST SP 800-63B-4: 8 where a second step is required, 15 where it is not. A lower value has no effect.',
    example: '12',
  },
  breached_passwords_url: {
    kind: rangeService,
    standard: null,
    otherwise: 'no service is queried',
    sentence:
      'URL of a range service of breached passwords with the interface of Have I Been Pwned. It gets the first five hexadecimal characters of the SHA-1 of each new password and nothing else. While it does not answer, only the list in the package is used.',
    example: 'https://api.pwnedpasswords.com/range',
  },
  pepper: {
    kind: flag,
    standard: 'false',
    sentence:
      'Extra key from the keyring, mixed into every password hash, so that a stolen database alone does not allow offline guessing. If the key is lost, all users need new passwords.',
    example: 'true',
  },
  hash_memory: {
    kind: wholeNumber(8, 4_194_304),
    standard: '19456',
    sentence: 'Memory of one argon2id hash, in KiB. OWASP recommends at least 19456 with 2 passes or 47104 with 1.',
    example: '65536',
  },
  hash_passes: {
    kind: wholeNumber(1, 1000),
    standard: '2',
    sentence: 'Passes of argon2id over its memory. OWASP recommends at least 2.',
    example: '3',
  },
  hash_workers: {
    kind: wholeNumber(0, 256),
    standard: '0',
    sentence: 'Threads that hash passwords. 0 means one per core.',
    example: '2',
  },
  hash_queue: {
    kind: wholeNumber(1, 100_000),
    standard: '64',
    sentence: 'Maximum number of passwords that wait for a free thread. Beyond it, a request gets 503 at once.',
    example: '256',
  },
} as const satisfies Record<string, Setting<unknown>>
