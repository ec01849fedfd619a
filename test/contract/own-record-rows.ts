import * as row from './row.ts'
import { faulty, get, newUser, replaceMe, type Row, shows, tokenForm } from './row.ts'

const alice = { username: 'alice', email: 'alice@example.com', full_name: 'Alice Example', password: 'alicepw' }
const ALICE = shows('alice', 'alice@example.com', 'Alice Example')
/** The legacy app's answer, with the new token of the session. */
const renewed = (answer: row.Answer): Pick<Row, 'ours' | 'why'> => ({
  ours: { ...answer, token: true },
  why: 'renewed',
})
const ALICE_SECOND = shows('alice', 'alice2@example.com', 'Alice Second')
const NOTHING_HERE: row.Answer = { status: 404, detail: 'No such route. The API is described at /openapi.json.' }

/** `PUT /users/me/`, in the order of the recording. */
export const OWN_RECORD_ROWS: readonly Row[] = [
  {
    case: 'all fields, another password, just after signing in',
    as: 'alice',
    first: 'signs in again',
    send: replaceMe({
      username: 'alice',
      email: 'alice2@example.com',
      full_name: 'Alice Second',
      password: 'alicepw2',
    }),
    origin: ALICE_SECOND,
    ...renewed(ALICE_SECOND),
  },
  {
    case: 'only the required fields: email and full name become null',
    as: 'alice',
    send: replaceMe({ username: 'alice', password: 'alicepw2' }),
    origin: shows('alice'),
  },
  {
    case: 'everything as before, the password too',
    as: 'alice',
    send: replaceMe(alice),
    origin: ALICE,
    ...renewed(ALICE),
  },
  {
    case: 'a user cannot change their own role: the field is ignored',
    as: 'alice',
    send: replaceMe({ ...alice, role: 'admin' }),
    origin: ALICE,
  },
  {
    case: 'no password',
    as: 'alice',
    send: replaceMe({ username: 'alice' }),
    origin: faulty('/password'),
    ours: faulty('/password field.missing'),
    why: 'problems',
  },
  {
    case: 'no name',
    as: 'alice',
    send: replaceMe({ password: 'p' }),
    origin: faulty('/username'),
    ours: faulty('/username field.missing'),
    why: 'problems',
  },
  {
    case: 'a taken username',
    as: 'alice',
    send: replaceMe({ username: 'bob', email: 'alice@example.com', password: 'alicepw' }),
    origin: row.CRASH,
    ours: row.NAME_TAKEN,
    why: 'crash',
  },
  {
    case: 'a taken email address',
    as: 'alice',
    send: replaceMe({ username: 'alice', email: 'bob@example.com', password: 'alicepw' }),
    origin: row.CRASH,
    ours: row.EMAIL_TAKEN,
    why: 'crash',
  },
  { case: 'no token', send: replaceMe({ username: 'alice', password: 'alicepw' }), origin: row.NOT_AUTHENTICATED },
  {
    case: 'a disabled user',
    as: 'dave',
    send: replaceMe({ username: 'dave', password: 'davepw' }),
    origin: row.INACTIVE,
    ours: row.NOT_VALIDATED,
    why: 'disabled',
  },
  {
    case: 'without the trailing slash',
    as: 'alice',
    send: { ...replaceMe({ username: 'alice', password: 'alicepw' }), path: '/users/me' },
    origin: row.notAllowed('GET'),
    ours: shows('alice'),
    why: 'me',
  },
  {
    case: 'another name',
    as: 'carol',
    send: replaceMe({ username: 'carol2', email: null, full_name: 'Carol Renamed', password: 'carolpw' }),
    origin: shows('carol2', null, 'Carol Renamed'),
  },
  {
    case: 'the token from before the rename',
    as: 'carol',
    send: get('/users/me/'),
    origin: row.NOT_VALIDATED,
    ours: shows('carol2', null, 'Carol Renamed'),
    why: 'rename',
  },
]

/** Paths of no user's record, in the order of the recording. */
export const OTHER_ROWS: readonly Row[] = [
  { case: 'the description of the API', send: { method: 'HEAD', path: '/openapi.json' }, origin: { status: 200 } },
  { case: 'the docs page', send: { method: 'HEAD', path: '/docs' }, origin: { status: 200 } },
  {
    case: 'the second docs page',
    send: { method: 'HEAD', path: '/redoc' },
    origin: { status: 200 },
    ours: { status: 404 },
    why: 'pages',
  },
  {
    case: 'the root path',
    send: get('/'),
    origin: row.NOT_FOUND,
    ours: { status: 303, headers: { location: '/sign-in' } },
    why: 'pages',
  },
  {
    case: 'an unknown path',
    send: get('/nope'),
    origin: row.NOT_FOUND,
    ours: NOTHING_HERE,
    why: 'problems',
  },
  {
    case: 'POST to an unknown path',
    send: { method: 'POST', path: '/nope' },
    origin: row.NOT_FOUND,
    ours: NOTHING_HERE,
    why: 'problems',
  },
]

/** Differences that no recorded request shows. */
export const ADDED_ROWS: readonly Row[] = [
  {
    case: 'the empty credentials that the docs page of the legacy app sends along',
    send: { ...tokenForm({ username: 'johndoe', password: 'secret{code}' }), authorization: 'Basic Og==' },
    origin: row.TOKEN,
  },
  {
    case: 'the code in a field of its own',
    send: tokenForm({ username: 'johndoe', password: 'secret', totp: '{code}' }),
    ours: row.TOKEN,
    why: 'apart',
  },
  {
    case: 'a user who has not set up an authenticator app yet',
    send: tokenForm({ username: 'erin', password: 'erinpw' }),
    ours: {
      status: 403,
      detail: 'The password is correct, but this account has no second step. Set one up at /sign-in or POST /attempts.',
    },
    why: 'enrolment',
  },
  {
    case: 'a user with a passkey and no authenticator app',
    as: 'erin',
    first: 'is given a passkey',
    send: { ...tokenForm({ username: 'erin', password: 'erinpw' }), authorization: null },
    ours: {
      status: 403,
      detail:
        'The password is correct, but this route cannot take the second step of this account. Sign in at /sign-in or POST /attempts, or use an API token.',
    },
    why: 'elsewhere',
  },
  {
    case: 'a new user with a password of seven characters',
    as: 'johndoe',
    send: newUser({ ...alice, username: 'alice2', email: null }),
    asRecorded: true,
    ours: faulty('/password password.too_short'),
    why: 'checked',
  },
  {
    case: 'another password, long after signing in',
    as: 'carol',
    send: replaceMe({ username: 'carol2', password: 'alicepw2' }),
    origin: shows('carol2'),
    ours: {
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="insufficient_user_authentication", max_age=600' },
    },
    why: 'recentAuthentication',
  },
  {
    case: 'the right password and code after five wrong ones',
    as: 'johndoe',
    first: 'is refused five times',
    send: { ...tokenForm({ username: 'johndoe', password: 'secret{code}' }), authorization: null },
    origin: row.TOKEN,
    ours: { status: 429, detail: 'Too many attempts. Wait, then try again.', headers: { 'retry-after': '30' } },
    why: 'limited',
  },
]
