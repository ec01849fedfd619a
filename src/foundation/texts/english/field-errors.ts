type Facts = Readonly<Record<string, string | number>>
type Sentence = (facts: Facts) => string

const sentences = {
  'field.missing': () => 'This is needed.',
  'field.unknown': () => 'There is no such field here.',
  'field.type': ({ wanted }) => `This must be ${article(String(wanted))}.`,
  'field.too_short': ({ minimum }) =>
    minimum === 1 ? 'This must not be empty.' : `Use at least ${minimum} characters.`,
  'field.too_long': ({ maximum }) => `Use at most ${counted(maximum, 'character')}.`,
  'field.too_few': ({ minimum }) => `Give at least ${minimum}.`,
  'field.too_many': ({ maximum }) => `Give at most ${maximum}.`,
  'field.range': ({ comparison, limit }) => `This must be ${COMPARISONS[String(comparison)] ?? 'near'} ${limit}.`,
  'field.choice': ({ choices }) => `This must be one of: ${choices}.`,
  'field.format': ({ format }) => `This must be ${FORMATS[String(format)] ?? `in the ${format} format`}.`,
  'field.characters': () => 'This holds a character that cannot be used in text.',
  'field.repeated': () => 'Give this once.',
  'field.file': () => 'A file cannot be read here.',
  'field.cursor': () => 'This is not a cursor from this list. Start again from the first page.',
  'user.username_empty': () => 'Enter a username.',
  'user.username_too_long': ({ maximum }) => `Use at most ${counted(maximum ?? 64, 'character')}.`,
  'user.username_characters': () =>
    'A username has no @, no spaces at either end, no two in a row, and nothing that cannot be seen.',
  'user.username_mixed_scripts': () =>
    'Use letters of one alphabet. This username mixes several, such as Latin and Cyrillic, whose letters look alike.',
  'user.username_taken': () => 'Another user has this username.',
  'user.email_malformed': () => 'Enter an email address like ada@example.org.',
  'user.email_too_long': ({ maximum }) => `Use at most ${counted(maximum ?? 254, 'character')}.`,
  'user.email_taken': () => 'Another user has this email address.',
  'user.full_name_too_long': ({ maximum }) => `Use at most ${counted(maximum ?? 200, 'character')}.`,
  'user.full_name_characters': () => 'A name has no control characters.',
  'api_token.expiry': () => 'Choose a moment at least one hour and at most 366 days from now.',
  'api_token.no_scope': () => 'Choose at least one thing that it may do.',
  'api_token.scope_beyond': () => 'The account may not do all of this itself.',
  'password.too_short': ({ minimum }) => `Use at least ${minimum} characters.`,
  'password.too_long': ({ maximum }) => `Use at most ${maximum} characters.`,
  'password.own_name': () => 'Choose a password that is more than your name, username or email address.',
  'password.site_name': () => 'Choose a password that is more than the name or address of this site.',
  'password.common': () => 'Too many people use this password. Choose another.',
  'password.pattern': () => 'Choose a password that is more than a pattern such as abcabc or 12345678.',
  'password.breached': () =>
    'This password is in a list of stolen ones. Choose another, and change it wherever else you use it.',
  'password.characters': () => 'This password holds a character that cannot be used.',
} as const satisfies Record<string, Sentence>

export type FieldErrorCode = keyof typeof sentences

/** A sentence for every field error: what is wanted, never what was typed. */
export const fieldErrors: Record<FieldErrorCode, Sentence> = sentences

const FORMATS: Readonly<Record<string, string>> = {
  date: 'a date like 2030-01-31',
  'ip-network': 'an address like 192.0.2.7 or a network like 192.0.2.0/24',
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
}

function counted(count: string | number | undefined, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function article(noun: string): string {
  if (noun.startsWith('one of')) return noun
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`
}
