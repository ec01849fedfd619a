// Everything in which Doorward is not like the origin app on purpose, and why.

interface Explained {
  /** What is so here; a heading. */
  readonly what: string
  readonly why: string
}

export const DIFFERENCES = {
  once: {
    what: 'A code works once',
    why: 'The origin app takes the same six digits as often as they come within their half minute, so whoever reads them over a shoulder or from a log can use them too. RFC 6238 §5.2 asks for one use.',
  },
  window: {
    what: 'The code before and the one after the present one are accepted',
    why: 'People type slowly and clocks are a little off; RFC 6238 §5.2 allows for it. Each still works once, and none older than the last one used.',
  },
  names: {
    what: 'A name is found whatever its case',
    why: 'Names that differ only in case or in Unicode form can no longer belong to two people, so nobody needs to remember how theirs is spelled. A database that came with both `Ada` and `ada` keeps both: there the exact spelling counts.',
  },
  limited: {
    what: 'Guessing gets slower',
    why: 'Five wrong passwords or codes are free; the next must wait half a minute, then twice as long each time, up to an hour. The answer is 429 with `Retry-After`, for names nobody has as well. The origin app lets anyone try all million codes.',
  },
  problems: {
    what: 'Errors are problem documents',
    why: 'They follow RFC 9457 (`application/problem+json`). `detail` is there as before, but always a sentence; faulty fields are listed under `errors`, each with a pointer and a code, and never with what was sent. The origin app puts the list into `detail` and sends the input back, passwords included.',
  },
  reading: {
    what: 'What cannot be read is not a faulty field',
    why: 'JSON that is broken is answered 400, a content type that the route does not read 415.',
  },
  slash: {
    what: 'A trailing slash makes no difference',
    why: 'The origin app redirects, and clients lose their body or their token on the way.',
  },
  permission: {
    what: 'A missing permission is 403',
    why: 'That is what the status is for; 400 means that the request itself is wrong. The sentence is the same.',
  },
  crash: {
    what: 'Nothing that is sent provokes a 500',
    why: 'An unknown id is 404, a name or address somebody has is 409.',
  },
  checked: {
    what: 'New names, addresses and passwords are checked',
    why: 'An empty name, an address without an @ and a password that anyone would guess help nobody. Users who came with such values keep them, and the check-up lists whoever has a name or an address that is none.',
  },
  disabled: {
    what: 'Who is disabled is out at once',
    why: 'The origin app hands out a token and refuses it later. Here the sign-in is refused like any other, and the tokens that there were have ended.',
  },
  rename: {
    what: 'A token survives a rename',
    why: 'It is opaque and stands for a session, not for a name; it ends with the session, at once when that is revoked.',
  },
  proof: {
    what: 'Another password needs a recent proof',
    why: 'Whoever finds an open session must not be able to lock its owner out: the last full sign-in, or `POST /session/proof`, must be at most ten minutes old. All other sessions of the user end.',
  },
  renewed: {
    what: 'Another password comes with another token',
    why: 'The answer contains `access_token`, `token_type` and `expires_in` beside the record, and the token of the request has ended, so that a copy of it no longer works. The origin app’s tokens do not depend on the password. If the password stays the same, so does the token.',
  },
  enrolment: {
    what: 'Newcomers set up their own authenticator app',
    why: 'The origin app makes the code secret and shows it to nobody, so an administrator has to read it out of the database. Here `POST /users` also answers with an invitation link that works once; nobody but its owner sees the secret, and until it is confirmed there is no way in. A first password may be left out, because the newcomer chooses one.',
  },
  digits: {
    what: 'An id is written in digits',
    why: '`1.0` is not the name of a user.',
  },
  more: {
    what: 'There are more routes and methods',
    why: 'Users can be listed, changed and deleted; `HEAD` works wherever `GET` does (RFC 9110 §9.3.2).',
  },
  me: {
    what: '`/users/me` is the signed-in user, with and without a slash',
    why: 'Without the slash the origin app takes `me` for an id.',
  },
  pages: {
    what: 'The bare address leads to the sign-in page',
    why: 'Doorward has pages for people. The API is described at `/docs` only, which has what `/redoc` showed.',
  },
  elsewhere: {
    what: 'A passkey is no code',
    why: 'The route takes a password and a code. A user who has a passkey and no authenticator app is told, after the right password, to sign in elsewhere: at `/sign-in`, at `POST /attempts`, or with an API token. For such a user the whole `password` field is the password.',
  },
  apart: {
    what: 'The code may stand apart',
    why: 'In the field `totp` of the same form, for clients that need not glue it to the password.',
  },
} as const satisfies Record<string, Explained>

export type Difference = keyof typeof DIFFERENCES

interface Substitute {
  /** What the replay sends in its place. */
  readonly ours: string
  readonly why: string
}

const SHORT = 'shorter than eight characters'

/** Passwords of the recording that Doorward takes from nobody new, and the ones that stand in for them. */
export const SUBSTITUTES: Readonly<Record<string, Substitute>> = {
  alicepw: { ours: 'alice has seven keys', why: SHORT },
  bobpw: { ours: 'bob has seven keys', why: SHORT },
  carolpw: { ours: 'carol has seven keys', why: SHORT },
  davepw: { ours: 'dave has seven keys', why: SHORT },
  erinpw: { ours: 'erin has seven keys', why: SHORT },
  frankpw: { ours: 'frank has seven keys', why: SHORT },
  p: { ours: 'plain seven keys', why: SHORT },
  x: { ours: 'crossed seven keys', why: SHORT },
  ['x'.repeat(100)]: { ours: 'one hundred bytes '.repeat(6).slice(0, 100), why: 'one character, a hundred times' },
}
