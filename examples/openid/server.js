// An app that people sign in to with Doorward, by OpenID Connect: `/` greets them, `/sign-in` sends them there, `/callback` is where they return.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import * as oidc from 'openid-client'

const { ISSUER = 'http://localhost:8000/oidc', PORT = '3000', CLIENT_ID, CLIENT_SECRET } = process.env
const APP = `http://localhost:${PORT}/`

// The library refuses `http`, which is right for anything but a try on one machine.
const execute = ISSUER.startsWith('http://localhost:') ? [oidc.allowInsecureRequests] : []
const authentication = oidc.ClientSecretBasic(CLIENT_SECRET)
const doorward = await oidc.discovery(new URL(ISSUER), CLIENT_ID, {}, authentication, { execute })

/** What the app knows of each browser, by its cookie: a sign-in that has begun, then the user. A real app stores it, and ends it in time. */
const sessions = new Map()

const PAGES = { 'GET /': home, 'GET /sign-in': signIn, 'GET /callback': callback, 'POST /sign-out': signOut }

function home({ user }) {
  if (!user) return { body: '<p>You are not signed in.</p><p><a href="/sign-in">Sign in with Doorward</a></p>' }
  const button = '<form method="post" action="/sign-out"><button>Sign out</button></form>'
  return { body: `<p>You are signed in as <b>${escaped(user.name)}</b>.</p>${button}` }
}

async function signIn() {
  const begun = { verifier: oidc.randomPKCECodeVerifier(), state: oidc.randomState(), nonce: oidc.randomNonce() }
  const location = oidc.buildAuthorizationUrl(doorward, {
    redirect_uri: `${APP}callback`,
    scope: 'openid profile email',
    code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
    state: begun.state,
    nonce: begun.nonce,
  })
  return { location, session: { begun } }
}

async function callback({ begun }, url) {
  if (!begun) return { location: APP }
  const checks = { pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce }
  const tokens = await oidc.authorizationCodeGrant(doorward, url, checks)
  const { sub } = tokens.claims()
  const { name, preferred_username } = await oidc.fetchUserInfo(doorward, tokens.access_token, sub)
  // `sub` never changes, so it is what an app stores. Names are for people.
  return { location: APP, session: { user: { sub, name: name ?? preferred_username }, idToken: tokens.id_token } }
}

/** Ends the session here, and then at Doorward. */
function signOut({ idToken }) {
  const wanted = { post_logout_redirect_uri: APP, ...(idToken && { id_token_hint: idToken }) }
  return { location: oidc.buildEndSessionUrl(doorward, wanted), session: {} }
}

async function answer(request, id) {
  try {
    const url = new URL(request.url, APP)
    const page = PAGES[`${request.method} ${url.pathname}`]
    if (!page) return { status: 404, body: '<p>Not found</p>' }
    return await page(sessions.get(id) ?? {}, url)
  } catch (error) {
    const reason = escaped(error.error_description ?? error.message)
    return { status: 400, body: `<p>The sign-in failed: ${reason}</p><p><a href="/">Back</a></p>` }
  }
}

async function respond(request, response) {
  const [, id] = /(?:^|; )app_session=([\w-]+)/.exec(request.headers.cookie ?? '') ?? []
  const { status = 200, location, body = '', session } = await answer(request, id)
  if (session) {
    // A new cookie each time, so that one that was set before the sign-in opens nothing after it (session fixation).
    const fresh = randomBytes(32).toString('base64url')
    sessions.delete(id)
    sessions.set(fresh, session)
    response.setHeader('set-cookie', `app_session=${fresh}; Path=/; HttpOnly; SameSite=Lax`)
  }
  if (location) return response.writeHead(303, { location: String(location) }).end()
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  response.end(`<!doctype html><html lang="en"><title>Notes</title><h1>Notes</h1>${body}</html>`)
}

const server = createServer((request, response) => void respond(request, response))
server.listen(Number(PORT), 'localhost', () => process.stdout.write(`Open ${APP}\n`))

function escaped(text) {
  return String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
