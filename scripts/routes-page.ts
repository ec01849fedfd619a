// Generates docs/routes.md from the declarations of the routes.
import { fastify, type FastifyContextConfig } from 'fastify'

import { isOpen, scopesOfRoute } from '#entry/http/permission.ts'
import { ROUTES } from '#entry/http/routes.ts'

const HEAD = `# Routes

Every route and page, in the order in which the server adds them. Each declares its access where its URL stands, and
\`src/entry/http/access.ts\` enforces it before a body is read, but for forms whose session has ended (decision 0017).

- *Access*: \`anyone\`; \`attempt\`, the token of a sign-in attempt in the body or in its cookie; \`signed-in\`, every session; otherwise
  a permission, with a second one after “and”, or another that opens the route too after “or”. *Recent* means that the session must have
  verified a factor a short time ago.
- *Token*: the scopes with which an API token may use the route; “–” where none may.
- *Codes*: the [error codes](error-codes.md) that the route declares. \`/docs\` of a running server adds those that follow from its access,
  its method and its input, such as \`access.invalid_token\`, \`request.validation_failed\` and \`service.busy\`.

This page is made by \`npm run docs\` from the routes. The server also has \`/docs\` and \`/openapi.json\`, which describe the API.

## API

| Method | Path | Access | Token | Codes |
| --- | --- | --- | --- | --- |
`

const PAGES_HEAD = `
## Pages

A page shows a refusal as a sentence, and takes no API token.

| Method | Path | Access |
| --- | --- | --- |
`

interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly config: FastifyContextConfig
}

/** The text of `docs/routes.md`. */
export async function routesPage(): Promise<string> {
  const routes = await declaredRoutes()
  const api = routes.filter(({ config }) => config.page !== true).map(apiLine)
  const pages = routes.filter(({ config }) => config.page === true).map(pageLine)
  return HEAD + api.join('') + PAGES_HEAD + pages.join('')
}

/** Adds every route to an application that is never started, and collects what each declares. */
async function declaredRoutes(): Promise<DeclaredRoute[]> {
  const found: DeclaredRoute[] = []
  const app = fastify()
  app.addHook('onRoute', ({ method, url, config = {} }) => {
    const methods = [method].flat().filter((one) => one !== 'HEAD')
    found.push(...methods.map((one) => ({ method: one, url, config })))
  })
  for (const add of ROUTES) add(app)
  await app.close()
  return found
}

function apiLine({ method, url, config }: DeclaredRoute): string {
  const { access = 'anyone', refusals = [] } = config
  const scopes = scopesOfRoute({ ...config, access, method })
  const token = isOpen(access) || scopes === undefined ? '–' : scopes.map(code).join(' ')
  return `| ${method} | ${code(url)} | ${accessOf(config)} | ${token} | ${refusals.map(code).join(' ') || '–'} |\n`
}

function pageLine({ method, url, config }: DeclaredRoute): string {
  return `| ${method} | ${code(url)} | ${accessOf(config)} |\n`
}

function accessOf({ access = 'anyone', or, besides, authentication }: FastifyContextConfig): string {
  const other = or === undefined ? '' : ` or ${code(or)}`
  const second = besides === undefined ? '' : ` and ${code(besides)}`
  return `${code(access)}${other}${second}${authentication === undefined ? '' : ', recent'}`
}

function code(text: string): string {
  return `\`${text}\``
}
