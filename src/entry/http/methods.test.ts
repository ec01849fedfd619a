// Every path that the program registers, asked with every method that it lacks.
import type { FastifyContextConfig, InjectOptions } from 'fastify'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { declaredConfigs } from '#test/support/requests/live-routes.ts'
import { start } from '#test/support/server/start.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const
type Method = (typeof METHODS)[number]
/** The types of `inject` leave TRACE out. */
type InjectMethod = NonNullable<InjectOptions['method']>

interface Path {
  readonly pattern: string
  /** A URL of the path. */
  readonly url: string
  readonly has: readonly Method[]
  readonly lacks: readonly Method[]
  readonly isPage: boolean
}

function pathsOf(declared: ReadonlyMap<string, FastifyContextConfig>): Path[] {
  const routes = [...declared].map(([route, config]) => {
    const [method = '', pattern = ''] = route.split(' ')
    return { method, pattern, config }
  })
  return [...Map.groupBy(routes, ({ pattern }) => pattern)].map(([pattern, ones]) => {
    const routed = ones.map((one) => (one.method === 'GET' ? ['GET', 'HEAD'] : [one.method])).flat()
    const has = METHODS.filter((method) => routed.includes(method))
    return {
      pattern,
      url: pattern.replaceAll(/:\w+/g, PARAMETER).replace('*', PARAMETER),
      has,
      lacks: METHODS.filter((method) => !has.includes(method)),
      isPage: ones.some(({ config }) => config.page === true),
    }
  })
}

/** Whether a path with a parameter has the method, and its URLs include this one. */
function isHidden({ pattern, url }: Path, method: Method, paths: readonly Path[]): boolean {
  const includes = (other: string): boolean =>
    new RegExp(`^${other.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+').replace('*', '.+')}$`).test(url)
  return paths.some((other) => other.pattern !== pattern && other.has.includes(method) && includes(other.pattern))
}

/** Stands for each parameter. */
const PARAMETER = 'a-parameter'
/** A form that no route reads, and the cookie of a browser. */
const SENT = { 'content-type': 'text/odd', cookie: 'session=token; __Host-session=token' }
const hasBody = (method: Method): boolean => !['GET', 'HEAD', 'TRACE'].includes(method)

interface Asked {
  readonly path: Path
  readonly method: Method
  readonly url: string
}

/** Each path with each method that it lacks; with the first of them also in the other forms of its URL. */
function lackingRequests(paths: readonly Path[]): Asked[] {
  return paths.flatMap((path) =>
    path.lacks.flatMap((method, index) => {
      const urls = index === 0 ? [path.url, ...otherFormsOf(path.url)] : [path.url]
      return urls.map((url) => ({ path, method, url }))
    }),
  )
}

test('a method that a path lacks is answered with those that it has, before session and body are read', async (t) => {
  let statements = 0
  const server = await start(t, { onStatement: () => (statements += 1) })
  const paths = pathsOf(await declaredConfigs(server))
  for (const { path, method, url } of lackingRequests(paths)) {
    const asked = `${method} ${url}`
    const [before, logged] = [statements, server.logLines.length]
    const sent = { headers: SENT, ...(hasBody(method) && { payload: 'x' }) }
    const { statusCode, headers, body } = await server.app.inject({ method: method as InjectMethod, url, ...sent })
    assert.deepEqual([statusCode, headers.allow], [405, path.has.join(', ')], asked)
    // The URL of a link contains a secret.
    assert.ok(!body.includes(PARAMETER) || !path.pattern.includes(':token'), asked)
    const [line] = server.logLines.slice(logged)
    assert.deepEqual([line?.['method'], line?.['route'], line?.['status']], [method, path.pattern, 405], asked)
    const isPage = path.isPage && !hasBody(method) && method !== 'TRACE'
    assert.match(String(headers['content-type']), isPage ? /^text\/html/ : /^application\/problem\+json/, asked)
    // A page shows who is signed in.
    assert.ok(isPage || statements === before, `${asked} reads the database`)
  }
})

test('a path without parameters keeps its own methods where a path with parameters has more', async (t) => {
  const server = await start(t)
  const paths = pathsOf(await declaredConfigs(server))
  const hidden = lackingRequests(paths).filter(({ path, method }) => isHidden(path, method, paths))
  assert.ok(hidden.length > 0)
  for (const { path, method, url } of hidden) {
    const { statusCode, headers } = await server.app.inject({ method: method as InjectMethod, url })
    assert.deepEqual([statusCode, headers.allow], [405, path.has.join(', ')], `${method} ${url}`)
  }
})

test('a preflight request is answered at every path with its methods, from configured origins only', async (t) => {
  const origin = 'https://app.example.org'
  const server = await start(t, { settings: { cors_origins: origin } })
  // A path that declares OPTIONS answers a preflight request by itself.
  const paths = pathsOf(await declaredConfigs(server)).filter(({ has }) => !has.includes('OPTIONS'))
  for (const { url, has } of paths) {
    const asks = (from: string) =>
      server.app.inject({
        method: 'OPTIONS',
        url,
        headers: { origin: from, 'access-control-request-method': 'DELETE' },
      })
    const { statusCode, headers } = await asks(origin)
    assert.deepEqual([statusCode, headers['access-control-allow-methods']], [204, has.join(', ')], url)
    assert.equal((await asks('https://evil.example')).statusCode, 405, url)
  }
})

test('HEAD is answered with the headers of GET, and without content', async (t) => {
  const server = await start(t)
  const seen = async (method: 'GET' | 'HEAD', url: string) => {
    const { statusCode, headers, body } = await server.app.inject({ method, url })
    const { date: _date, 'x-request-id': _id, 'content-length': length, ...rest } = headers
    return { answer: { statusCode, ...rest, length: Number(length) > 0 }, body }
  }
  const paths = pathsOf(await declaredConfigs(server)).filter(({ has }) => has.includes('GET'))
  assert.ok(paths.length > 100)
  for (const { url, has } of paths) {
    const [get, head] = [await seen('GET', url), await seen('HEAD', url)]
    assert.deepEqual([head.answer, head.body, has.includes('HEAD')], [get.answer, '', true], url)
  }
})

test('a path that nothing has is unknown with every method, and so is a method that no path has', async (t) => {
  const { app } = await start(t)
  for (const method of METHODS) {
    for (const url of ['/nope', '/users/x/nope/nope', '/Users', '//users', `/users/${'x'.repeat(201)}`])
      assert.equal((await app.inject({ method: method as InjectMethod, url })).statusCode, 404, `${method} ${url}`)
  }
  for (const url of ['/users', '/users/me', '/users/x'])
    assert.equal((await app.inject({ method: 'PROPFIND' as InjectMethod, url })).statusCode, 404, url)
})

/** The URL with a slash behind it, and with a character in its encoded form. */
function otherFormsOf(url: string): string[] {
  return [`${url}/`, url.replace(/\w$/, (last) => `%${last.charCodeAt(0).toString(16)}`)]
}
