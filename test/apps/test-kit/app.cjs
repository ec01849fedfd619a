// An app as people write them: its users sign in with Doorward, and it asks at each request whether they still are.
const { createHash, randomBytes } = require('node:crypto')
const { once } = require('node:events')
const { createServer } = require('node:http')

const random = () => randomBytes(32).toString('base64url')

/** Starts the app; resolves to its URL and a function that stops it. `client` is known once its redirect URI is. */
exports.startApp = async () => {
  const server = createServer((request, response) => void respond(app, request, response))
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const url = `http://localhost:${server.address().port}`
  const app = { url, sessions: new Map(), client: undefined, stop: () => server.close() }
  return app
}

async function respond(app, request, response) {
  const url = new URL(request.url, app.url)
  const [, id = ''] = /app=([\w-]+)/.exec(request.headers.cookie ?? '') ?? []
  const pages = { '/': home, '/sign-in': signIn, '/callback': callback }
  const { location, session, ...answer } = (await pages[url.pathname]?.(app, app.sessions.get(id), url)) ?? {
    status: 404,
  }
  if (session) {
    const fresh = random()
    app.sessions.set(fresh, session)
    response.setHeader('set-cookie', `app=${fresh}; Path=/; HttpOnly`)
  }
  if (location) response.setHeader('location', String(location))
  response.writeHead(location ? 303 : (answer.status ?? 200)).end(answer.body)
}

async function home(app, session) {
  if (!session?.token) return { location: '/sign-in' }
  const { active } = await ask(app, 'token/introspection', { token: session.token })
  return active ? { body: `Hello ${session.name}` } : { status: 401, body: 'You are signed out.' }
}

function signIn({ client, url }) {
  const session = { verifier: random(), state: random() }
  const location = new URL(`${client.issuer}/auth`)
  location.search = new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: `${url}/callback`,
    scope: 'openid profile',
    state: session.state,
    code_challenge: createHash('sha256').update(session.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return { location, session }
}

async function callback(app, session, { searchParams }) {
  if (session?.state !== searchParams.get('state')) return { status: 400, body: 'This is no sign-in that began here.' }
  const { access_token: token } = await ask(app, 'token', {
    grant_type: 'authorization_code',
    code: searchParams.get('code'),
    redirect_uri: `${app.url}/callback`,
    code_verifier: session.verifier,
  })
  const me = await fetch(`${app.client.issuer}/me`, { headers: { authorization: `Bearer ${token}` } })
  return { location: '/', session: { token, name: (await me.json()).preferred_username } }
}

async function ask({ client }, path, fields) {
  const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`
  const body = new URLSearchParams(fields)
  return (await fetch(`${client.issuer}/${path}`, { method: 'POST', headers: { authorization }, body })).json()
}
