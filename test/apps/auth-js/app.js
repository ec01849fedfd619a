// An app that signs its users in with Auth.js, by Node's own web server: `/` answers with the session, `/sign-out` ends it here and at the
// provider. Auth.js has pages for the rest: `/auth/signin` and `/auth/signout`.
import { Auth } from '@auth/core'
import { getToken } from '@auth/core/jwt'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT } = process.env
const ORIGIN = `http://127.0.0.1:${PORT}`
const secret = randomBytes(32).toString('hex')

const config = {
  basePath: '/auth',
  trustHost: true,
  secret,
  providers: [
    {
      id: 'doorward',
      name: 'Doorward',
      type: 'oidc',
      issuer: ISSUER,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      // Name and email come from the userinfo endpoint, not from the ID token.
      idToken: false,
    },
  ],
  callbacks: {
    jwt: ({ token, account, profile }) =>
      account ? { ...token, sub: profile.sub, username: profile.preferred_username, idToken: account.id_token } : token,
    session: ({ session, token }) => ({
      ...session,
      user: { ...session.user, id: token.sub, username: token.username },
    }),
    // Auth.js leads to the app itself only, unless this says otherwise.
    redirect: ({ url, baseUrl }) => (url.startsWith(`${baseUrl}/`) || url.startsWith(`${ISSUER}/`) ? url : baseUrl),
  },
}

/** The session as Auth.js answers it to a page: `null` where no user is signed in. */
function session(request) {
  return Auth(new Request(`${ORIGIN}/auth/session`, { headers: request.headers }), config)
}

/** Leads to the sign-out of Auth.js, and from there to that of the provider, which recognizes the user by the ID token. */
async function signOut(request) {
  const { end_session_endpoint: end } = await (await fetch(`${ISSUER}/.well-known/openid-configuration`)).json()
  const { idToken } = await getToken({ req: request, secret })
  const url = `${end}?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: `${ORIGIN}/bye` })}`
  const location = `${ORIGIN}/auth/signout?${new URLSearchParams({ callbackUrl: url })}`
  return new Response(null, { status: 303, headers: { location } })
}

const PAGES = { '/': session, '/sign-out': signOut, '/bye': () => new Response('Signed out') }

async function answer(incoming, outgoing) {
  const { method, url, headers } = incoming
  const body = method === 'POST' ? { body: Readable.toWeb(incoming), duplex: 'half' } : {}
  const request = new Request(ORIGIN + url, { method, headers, ...body })
  const [path] = url.split('?', 1)
  const page = path.startsWith('/auth/') ? (asked) => Auth(asked, config) : PAGES[path]
  const response = (await page?.(request)) ?? new Response('Not found', { status: 404 })
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
  outgoing.end(await response.text())
}

createServer((incoming, outgoing) => void answer(incoming, outgoing)).listen(Number(PORT), '127.0.0.1')
