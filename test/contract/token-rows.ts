import { faulty, get, INCORRECT, notAllowed, redirected, type Row, TOKEN, tokenForm } from './row.ts'

const missingBoth = faulty('/username', '/password')
const oursMissingBoth = faulty('/username field.missing', '/password field.missing')

/** `POST /token`, in the order of the recording. */
export const TOKEN_ROWS: readonly Row[] = [
  {
    case: 'password with the six digits appended',
    send: tokenForm({ username: 'johndoe', password: 'secret{code}' }),
    origin: TOKEN,
  },
  {
    case: 'with grant_type=password',
    send: tokenForm({ grant_type: 'password', username: 'johndoe', password: 'secret{code}' }),
    origin: TOKEN,
  },
  {
    case: 'the same code again',
    send: tokenForm({ username: 'johndoe', password: 'secret{used}' }),
    origin: TOKEN,
    ours: INCORRECT,
    why: 'once',
  },
  {
    case: 'with scope, client_id and client_secret, which are ignored',
    send: tokenForm({
      grant_type: 'password',
      username: 'johndoe',
      password: 'secret{code}',
      scope: 'a b',
      client_id: 'x',
      client_secret: 'y',
    }),
    origin: TOKEN,
  },
  {
    case: 'the code of half a minute ago',
    send: tokenForm({ username: 'johndoe', password: 'secret{earlier}' }),
    origin: INCORRECT,
    ours: TOKEN,
    why: 'window',
  },
  {
    case: 'the code of half a minute ahead',
    send: tokenForm({ username: 'johndoe', password: 'secret{later}' }),
    origin: INCORRECT,
    ours: TOKEN,
    why: 'window',
  },
  { case: 'a wrong code', send: tokenForm({ username: 'johndoe', password: 'secret{wrong}' }), origin: INCORRECT },
  { case: 'no code', send: tokenForm({ username: 'johndoe', password: 'secret' }), origin: INCORRECT },
  {
    case: 'a wrong password with the right code',
    send: tokenForm({ username: 'johndoe', password: 'wrong{code}' }),
    origin: INCORRECT,
  },
  { case: 'an unknown name', send: tokenForm({ username: 'nobody', password: 'secret{code}' }), origin: INCORRECT },
  {
    case: 'the name in another case',
    send: tokenForm({ username: 'JohnDoe', password: 'secret{code}' }),
    origin: INCORRECT,
    ours: TOKEN,
    why: 'names',
  },
  {
    case: 'the name with a space behind it',
    send: tokenForm({ username: 'johndoe ', password: 'secret{code}' }),
    origin: INCORRECT,
  },
  {
    case: 'the email instead of the name',
    send: tokenForm({ username: 'johndoe@example.com', password: 'secret{code}' }),
    origin: INCORRECT,
  },
  {
    case: 'another grant_type',
    send: tokenForm({ grant_type: 'client_credentials', username: 'johndoe', password: 'secret{code}' }),
    origin: faulty('/grant_type'),
    ours: faulty('/grant_type field.choice'),
    why: 'problems',
  },
  {
    case: 'neither name nor password',
    send: tokenForm({ grant_type: 'password' }),
    origin: missingBoth,
    ours: oursMissingBoth,
    why: 'problems',
  },
  { case: 'an empty body', send: tokenForm({}), origin: missingBoth, ours: oursMissingBoth, why: 'problems' },
  { case: 'an empty name', send: tokenForm({ username: '', password: 'x' }), origin: INCORRECT, asRecorded: true },
  {
    case: 'a password shorter than six characters',
    send: tokenForm({ username: 'johndoe', password: 'abc' }),
    origin: INCORRECT,
  },
  {
    case: 'JSON instead of a form',
    send: { method: 'POST', path: '/token', json: { username: 'johndoe', password: 'secret000000' } },
    origin: missingBoth,
    ours: oursMissingBoth,
    why: 'problems',
  },
  {
    case: 'multipart/form-data',
    send: {
      method: 'POST',
      path: '/token',
      type: 'multipart/form-data; boundary=XX',
      text: multipart({ username: 'johndoe', password: 'secret{code}' }),
    },
    origin: TOKEN,
  },
  {
    case: 'a password of more than 72 bytes',
    send: tokenForm({ username: 'johndoe', password: `${'x'.repeat(200)}{code}` }),
    origin: INCORRECT,
  },
  {
    case: 'with a trailing slash',
    send: { ...tokenForm({ username: 'johndoe', password: 'secret{code}' }), path: '/token/' },
    origin: redirected('/token'),
    ours: TOKEN,
    why: 'slash',
  },
  { case: 'GET', send: get('/token'), origin: notAllowed('POST') },
  { case: 'OPTIONS', send: { method: 'OPTIONS', path: '/token' }, origin: notAllowed('POST') },
]

function multipart(fields: Readonly<Record<string, string>>): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--XX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return `${parts.join('')}--XX--\r\n`
}
