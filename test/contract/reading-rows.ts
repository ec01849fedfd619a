import * as row from './row.ts'
import { faulty, get, type Row, shows, tokenForm } from './row.ts'

const JOHN = shows('johndoe', 'johndoe@example.com', 'John Doe')
const ALICE = shows('alice', 'alice@example.com', 'Alice Example')

const EXPIRED = 1_600_000_000
const FAR_AHEAD = 9_999_999_999

/** A token in the format of the legacy app (RFC 7519), with an invalid signature. */
function madeUpToken(claims: object): string {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return [...parts, Buffer.alloc(32, JSON.stringify(claims)).toString('base64url')].join('.')
}

function withToken(token: string): row.Sent {
  return { ...get('/users/me/'), authorization: `Bearer ${token}` }
}

/** `GET /users/me/`, in the order of the recording. */
export const ME_ROWS: readonly Row[] = [
  { case: 'an admin', as: 'johndoe', send: get('/users/me/'), origin: JOHN },
  { case: 'a user', as: 'alice', send: get('/users/me/'), origin: ALICE },
  { case: 'a user without email and full name', as: 'carol', send: get('/users/me/'), origin: shows('carol') },
  { case: 'no token', send: get('/users/me/'), origin: row.NOT_AUTHENTICATED },
  { case: 'an empty token', send: { ...get('/users/me/'), authorization: 'Bearer ' }, origin: row.NOT_VALIDATED },
  {
    case: 'another scheme',
    send: { ...get('/users/me/'), authorization: 'Basic am9objpzZWNyZXQ=' },
    origin: row.NOT_AUTHENTICATED,
  },
  {
    case: 'the scheme in small letters',
    as: 'johndoe',
    send: { ...get('/users/me/'), authorization: 'bearer {token}' },
    origin: JOHN,
  },
  { case: 'a malformed token', send: withToken('abc.def.ghi'), origin: row.NOT_VALIDATED },
  {
    case: 'a token of the legacy app that has expired',
    send: withToken(madeUpToken({ sub: 'johndoe', exp: EXPIRED })),
    origin: row.NOT_VALIDATED,
  },
  { case: 'a token without a name in it', send: withToken(madeUpToken({ exp: FAR_AHEAD })), origin: row.NOT_VALIDATED },
  {
    case: 'a token for an unknown name',
    send: withToken(madeUpToken({ sub: 'ghost', exp: FAR_AHEAD })),
    origin: row.NOT_VALIDATED,
  },
  {
    case: 'a token signed with another key',
    send: withToken(madeUpToken({ sub: 'johndoe', exp: FAR_AHEAD })),
    origin: row.NOT_VALIDATED,
  },
  {
    case: 'a token in the query is ignored',
    as: 'johndoe',
    send: { ...get('/users/me/?access_token={token}'), authorization: null },
    origin: row.NOT_AUTHENTICATED,
  },
  {
    case: 'without the trailing slash, as an admin',
    as: 'johndoe',
    send: get('/users/me'),
    origin: faulty('/user_id'),
    ours: JOHN,
    why: 'me',
  },
  {
    case: 'without the trailing slash, as a user',
    as: 'alice',
    send: get('/users/me'),
    origin: row.NO_PERMISSION,
    ours: ALICE,
    why: 'me',
  },
  { case: 'without the trailing slash, no token', send: get('/users/me'), origin: row.NOT_AUTHENTICATED },
  {
    case: 'HEAD',
    as: 'johndoe',
    send: { method: 'HEAD', path: '/users/me/' },
    origin: { status: 405, headers: { allow: 'GET' } },
    ours: { status: 200 },
    why: 'more',
  },
  {
    case: 'DELETE, long after signing in',
    as: 'johndoe',
    send: { method: 'DELETE', path: '/users/me/' },
    origin: row.notAllowed('GET'),
    ours: {
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="insufficient_user_authentication", max_age=600' },
    },
    why: 'more',
  },
  {
    case: 'a token for a disabled user',
    as: 'dave',
    phone: 'dave',
    first: 'is disabled',
    send: { ...tokenForm({ username: 'dave', password: 'davepw{code}' }), authorization: null },
    origin: row.TOKEN,
    ours: row.INCORRECT,
    why: 'disabled',
  },
  {
    case: 'a disabled user',
    as: 'dave',
    send: get('/users/me/'),
    origin: row.INACTIVE,
    ours: row.NOT_VALIDATED,
    why: 'disabled',
  },
  {
    case: 'a disabled user, at another route',
    as: 'dave',
    send: get('/users/1'),
    origin: row.INACTIVE,
    ours: row.NOT_VALIDATED,
    why: 'disabled',
  },
]

function unknown(what: string, path: string): Row {
  return { case: what, as: 'johndoe', send: get(path), origin: row.CRASH, ours: row.NO_USER, why: 'crash' }
}

function notForUsers(what: string, path: string): Row {
  return { case: what, as: 'alice', send: get(path), origin: row.NO_PERMISSION, ours: row.FORBIDDEN, why: 'permission' }
}

/** `GET /users/{user_id}`, in the order of the recording. */
export const BY_ID_ROWS: readonly Row[] = [
  { case: 'another user, as an admin', as: 'johndoe', send: get('/users/2'), origin: ALICE },
  { case: 'an admin’s own id', as: 'johndoe', send: get('/users/1'), origin: JOHN },
  unknown('an unknown id', '/users/9999'),
  unknown('0', '/users/0'),
  unknown('a negative id', '/users/-1'),
  {
    case: 'not a number',
    as: 'johndoe',
    send: get('/users/abc'),
    origin: faulty('/user_id'),
    ours: faulty('/id field.type'),
    why: 'problems',
  },
  {
    case: '1.0',
    as: 'johndoe',
    send: get('/users/1.0'),
    origin: JOHN,
    ours: faulty('/id field.type'),
    why: 'digits',
  },
  unknown('a number too large for any id', '/users/99999999999999999999'),
  notForUsers('by a user who is not an admin', '/users/1'),
  notForUsers('their own id, by a user who is not an admin', '/users/2'),
  notForUsers('not a number, by a user who is not an admin', '/users/abc'),
  { case: 'no token', send: get('/users/1'), origin: row.NOT_AUTHENTICATED },
  {
    case: 'with a trailing slash',
    as: 'johndoe',
    send: get('/users/1/'),
    origin: row.redirected('/users/1'),
    ours: JOHN,
    why: 'slash',
  },
]
