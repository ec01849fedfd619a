// Every intended difference between Doorward and the legacy app, with its reason.

interface Explained {
  /** What Doorward does; a heading. */
  readonly what: string
  readonly why: string
}

export const DIFFERENCES = {
  once: {
    what: 'A code works once',
    why: 'The legacy app accepts the same six digits repeatedly within their half minute, so an attacker who sees them on a screen or in a log can replay them. RFC 6238 §5.2 asks for one use.',
  },
  window: {
    what: 'The code before and the one after the present one are accepted',
    why: 'Typing takes time and clocks differ a little; RFC 6238 §5.2 allows for it. Each code works once, and none older than the last one used.',
  },
  names: {
    what: 'Usernames are case-insensitive',
    why: 'Two users cannot have names that differ only in case or in Unicode form, so a user can sign in with any spelling. A legacy database with both `Ada` and `ada` keeps both: for these the exact spelling counts.',
  },
  limited: {
    what: 'Guesses are rate-limited',
    why: 'Five wrong passwords or codes are allowed; after that guesses are blocked for half a minute, then twice as long each time, up to an hour. The answer is 429 with `Retry-After`, for unknown names too. The legacy app allows all million codes to be tried.',
  },
  problems: {
    what: 'Errors are problem documents',
    why: 'They follow RFC 9457 (`application/problem+json`). `detail` is there as before, but always a sentence; invalid fields are listed under `errors`, each with a pointer and a code, and never with what was sent. The legacy app puts the list into `detail` and sends the input back, passwords included.',
  },
  reading: {
    what: 'A body that cannot be parsed is not an invalid field',
    why: 'Invalid JSON is answered with 400, a content type that the route does not accept with 415.',
  },
  slash: {
    what: 'A trailing slash makes no difference',
    why: 'The legacy app redirects, and clients lose their body or their token in the redirect.',
  },
  permission: {
    what: 'A missing permission is 403',
    why: '403 is the status for it; 400 means that the request itself is invalid. The sentence is the same.',
  },
  crash: {
    what: 'No request causes a 500',
    why: 'An unknown id is 404, a taken username or email is 409.',
  },
  checked: {
    what: 'New usernames, email addresses and passwords are validated',
    why: 'An empty name, an email address without an @ and an easily guessed password are refused. Users of a legacy database keep such values, and the check-up lists the users whose name or email address is invalid.',
  },
  disabled: {
    what: 'A disabled user is signed out at once',
    why: 'The legacy app hands out a token and refuses it later. Here the sign-in is refused like any other, and the user’s tokens are revoked.',
  },
  rename: {
    what: 'A token survives a rename',
    why: 'It is opaque and stands for a session, not for a name; it ends with the session, at once when that is revoked.',
  },
  recentAuthentication: {
    what: 'A new password requires a recent authentication',
    why: 'An attacker with an open session must not be able to lock its owner out: the last full sign-in, or `POST /session/proof`, must be at most ten minutes old. All other sessions of the user end.',
  },
  renewed: {
    what: 'A new password comes with a new token',
    why: 'The answer contains `access_token`, `token_type` and `expires_in` beside the record, and the token of the request has ended, so that a copy of it no longer works. The legacy app’s tokens do not depend on the password. If the password stays the same, so does the token.',
  },
  enrolment: {
    what: 'New users set up their own authenticator app',
    why: 'The legacy app generates the TOTP secret and never shows it, so an administrator has to read it from the database. Here `POST /users` also answers with an invitation link that works once; only the user sees the secret, and cannot sign in until it is confirmed. A first password may be left out, because the user chooses one.',
  },
  digits: {
    what: 'An id is written in digits',
    why: '`1.0` is not the id of a user.',
  },
  more: {
    what: 'There are more routes and methods',
    why: 'Users can be listed, changed and deleted; `HEAD` works wherever `GET` does (RFC 9110 §9.3.2).',
  },
  me: {
    what: '`/users/me` is the signed-in user, with and without a slash',
    why: 'Without the slash the legacy app takes `me` for an id.',
  },
  pages: {
    what: 'The root path redirects to the sign-in page',
    why: 'Doorward has HTML pages. The API is described at `/docs` only, which has what `/redoc` showed.',
  },
  elsewhere: {
    what: 'A passkey is not a code',
    why: 'The route takes a password and a code. A user with a passkey and no authenticator app is referred, after the right password, to another sign-in: at `/sign-in`, at `POST /attempts`, or with an API token. For such a user the whole `password` field is the password.',
  },
  apart: {
    what: 'The code may have its own field',
    why: 'In the field `totp` of the same form, for clients that need not append it to the password.',
  },
} as const satisfies Record<string, Explained>

export type Difference = keyof typeof DIFFERENCES

interface Substitute {
  /** The password that the replay sends instead. */
  readonly ours: string
  readonly why: string
}

const SHORT = 'shorter than eight characters'

/** Passwords of the recording that Doorward refuses as new ones, with those that are sent instead. */
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
