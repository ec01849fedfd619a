import { words, contactAddress, colour, file } from './parse.ts'
import type { Setting } from './setting.ts'

/** What the pages look like, and whom they name. */
export const PAGE_SETTINGS = {
  instance_name: {
    kind: words,
    standard: 'Doorward',
    sentence: 'What this server is called on its pages and in authenticator apps.',
    example: 'Example Club',
  },
  support_contact: {
    kind: words,
    standard: null,
    otherwise: 'nobody in particular',
    sentence: 'Whom people ask when they cannot sign in: an email address, a web address or any other words.',
    example: 'help@example.org',
  },
  security_contact: {
    kind: contactAddress,
    standard: null,
    otherwise: 'no `/.well-known/security.txt`',
    sentence:
      'Where to report a weakness of this server; told to whoever asks for `/.well-known/security.txt` (RFC 9116).',
    example: 'mailto:security@example.org',
  },
  accent: {
    kind: colour,
    standard: null,
    otherwise: 'pine green, `#0f6b5c`',
    sentence:
      'The colour of buttons and links in the light theme. The start refuses a colour that cannot be read there (WCAG 2.2), with the contrast that it reaches and the one that is needed.',
    example: '#7a3e9d',
  },
  accent_dark: {
    kind: colour,
    standard: null,
    otherwise: 'pale green, `#5cc9b1`',
    sentence:
      'The colour of buttons and links in the dark theme, checked as `accent` is. No colour can be read in both themes: a server that sets only `accent` keeps the default here, and its start prints a colour that passes.',
    example: '#d7c5e2',
  },
  logo: {
    kind: file,
    standard: null,
    sentence: 'A picture beside the name on every page: an SVG or PNG file of at most 100 KiB, read at the start.',
    example: '/etc/doorward/logo.svg',
  },
} as const satisfies Record<string, Setting<unknown>>
