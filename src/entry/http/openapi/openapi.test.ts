// How the document is made from the declarations of routes; test/stories/openapi.test.ts compares it with the server.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'

import { REFUSALS } from '#foundation/kernel/refusal.ts'
import type { App } from '#foundation/web/http/app.ts'
import { distinguishedBy, named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'
import { ROUTES } from '../routes.ts'

interface OpenApiDocument {
  readonly info: { readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly components: Readonly<
    Record<'schemas' | 'securitySchemes' | 'examples' | 'responses', Readonly<Record<string, unknown>>>
  >
}

interface Response {
  readonly description?: string
  readonly headers?: object
  readonly content?: Readonly<
    Record<string, { readonly schema?: object; readonly examples?: Record<string, { $ref: string }> }>
  >
}

const Pet = named('Pet', Type.Object({ name: Type.String() }))
const LOUDNESS = { name: 'Loudness', description: 'How loud it is there.', always: false }
const Home = sentWith(LOUDNESS, named('Home', Type.Object({ pets: Type.Array(Pet), favourite: nullable(Pet) })))

function pets(app: App): void {
  app.post(
    '/homes/:id/pets',
    {
      config: { access: 'users:write', authentication: 'recent', refusals: ['resource.stale', 'throttle.blocked'] },
      schema: {
        operationId: 'addPet',
        summary: 'Add a pet',
        tags: ['pets'],
        params: Type.Object({ id: Type.Integer({ description: 'Which home.' }) }),
        querystring: Type.Object({ loud: Type.Optional(Type.Boolean()) }),
        body: Type.Object({ name: Type.String() }),
        response: { 200: Home, 204: Type.Null({ description: 'Nothing changed.' }) },
      },
    },
    () => ({ pets: [], favourite: null }),
  )
  app.get('/page', { config: { access: 'anyone', page: true } }, () => 'page')
}

async function documentOf(t: TestContext, routes: readonly ((app: App) => void)[]): Promise<OpenApiDocument> {
  const { app } = await openGuardedApp(t, routes)
  const reply = await app.inject('/openapi.json')
  assert.equal(reply.statusCode, 200)
  assert.deepEqual(reply.json(), JSON.parse(JSON.stringify(await app.openApi())))
  return reply.json<OpenApiDocument>()
}

test('named schemas are listed once and referred to, also inside others and where they may be null', async (t) => {
  const { components, paths } = await documentOf(t, [pets])
  assert.deepEqual(components.schemas['Home'], {
    type: 'object',
    required: ['pets', 'favourite'],
    properties: {
      pets: { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
      favourite: { anyOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'null' }] },
    },
  })
  assert.deepEqual(Object.keys(components.schemas), ['Home', 'Pet', 'Problem'])
  assert.doesNotMatch(JSON.stringify({ components, paths }), /x-name|x-header|x-or-null|x-distinguished|\$id/)
})

test('a union that a field distinguishes lists the values of that field with their schemas', async (t) => {
  const Cat = named('Cat', Type.Object({ kind: Type.Literal('cat') }))
  const Dog = named('Dog', Type.Object({ kind: Type.Literal('dog'), loud: Type.Boolean() }))
  const Animal = named('Animal', distinguishedBy('kind', Type.Union([Cat, Dog])))
  const animals = (app: App): void => {
    const schema = { operationId: 'showAnimal', summary: 'An animal', tags: ['pets'], response: { 200: Animal } }
    app.get('/animal', { config: { access: 'anyone' }, schema }, () => ({ kind: 'cat' as const }))
  }
  const { components } = await documentOf(t, [animals])
  assert.deepEqual(components.schemas['Animal'], {
    anyOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: {
      propertyName: 'kind',
      mapping: { cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog' },
    },
  })
})

test('the codes of an error answer are an enum, and an answer that several operations have is listed once', async (t) => {
  const bodies = (app: App): void =>
    ['/one', '/other'].forEach((url) => {
      const schema = { operationId: `send${url.slice(1)}`, summary: 'Send', tags: ['pets'], response: { 200: Pet } }
      app.post(url, { config: { access: 'anyone' }, schema }, () => ({ name: 'Tom' }))
    })
  const { components, paths } = await documentOf(t, [bodies, pets])
  const shared = { $ref: '#/components/responses/service.busy-service.unavailable' }
  for (const url of ['/one', '/other', '/homes/{id}/pets']) {
    const { responses } = { ...paths[url]?.['post'] } as { responses: Readonly<Record<string, object>> }
    assert.deepEqual(responses['503'], shared)
  }
  const { content } = components.responses['service.busy-service.unavailable'] as Response
  assert.deepEqual(content?.['application/problem+json']?.schema, {
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    properties: { code: { enum: ['service.busy', 'service.unavailable'] } },
  })
  const { responses } = { ...paths['/homes/{id}/pets']?.['post'] } as { responses: Readonly<Record<string, Response>> }
  assert.deepEqual(Object.keys(responses['412']?.content?.['application/problem+json']?.examples ?? {}), [
    'resource.stale',
  ])
})

/** The only operation of `pets`. */
async function petOperation(t: TestContext) {
  const { paths, components } = await documentOf(t, [pets])
  const operation = { ...paths['/homes/{id}/pets']?.['post'], components }
  return operation as typeof operation & { readonly responses: Readonly<Record<string, Response>> }
}

test('an answer lists its header, and its description is its own or else the summary of its route', async (t) => {
  const { responses } = await petOperation(t)
  const { headers, description } = responses['200'] ?? {}
  assert.deepEqual(headers, {
    Loudness: { description: 'How loud it is there.', required: false, schema: { type: 'string' } },
  })
  assert.equal(description, 'Add a pet')
  assert.deepEqual(responses['204'], { description: 'Nothing changed.' })
})

test('two different schemas of one name are refused', async (t) => {
  const OtherPet = named('Pet', Type.Object({ age: Type.Integer() }))
  const otherPets = (app: App): void => {
    const schema = { operationId: 'showPet', summary: 'A pet', tags: ['pets'], response: { 200: OtherPet } }
    app.get('/pets', { config: { access: 'anyone' }, schema }, () => ({ age: 7 }))
  }
  const { app } = await openGuardedApp(t, [pets, otherPets])
  await assert.rejects(app.openApi(), /two different schemas are named Pet/)
})

for (const missing of ['operationId', 'summary', 'tags'] as const) {
  test(`a documented route without ${missing} stops the boot`, async (t) => {
    const schema = { operationId: 'showPet', summary: 'A pet', tags: ['pets'], [missing]: undefined }
    const bare = (app: App): void => void app.get('/pets', { config: { access: 'anyone' }, schema }, () => ({}))
    await assert.rejects(openGuardedApp(t, [bare]), /the route GET \/pets needs an operationId, a summary and tags/)
  })
}

test('two apps in one process describe their own routes', async (t) => {
  const [first, second] = [await documentOf(t, [pets]), await documentOf(t, ROUTES)]
  assert.deepEqual(Object.keys(first.paths), ['/homes/{id}/pets'])
  assert.equal(second.paths['/homes/{id}/pets'], undefined)
})

test('a route lists its error codes: those that it declares, and those that its access and its input imply', async (t) => {
  const { responses, components } = await petOperation(t)
  const refusals = Object.entries(responses).map(([status, { content }]) => {
    const examples = content?.['application/problem+json']?.examples ?? {}
    for (const [code, { $ref }] of Object.entries(examples)) {
      assert.equal($ref, `#/components/examples/${code}`)
      const { value } = components.examples[code] as { value: { status: number } }
      assert.equal(String(value.status), status)
    }
    return [status, Object.keys(examples)]
  })
  assert.deepEqual(Object.fromEntries(refusals), {
    200: [],
    204: [],
    400: ['request.unreadable'],
    401: ['access.not_authenticated', 'access.invalid_token', 'access.reauthentication_required'],
    403: [
      'access.session_required',
      'access.insufficient_permissions',
      'access.second_factor_missing',
      'request.cross_origin',
    ],
    412: ['resource.stale'],
    413: ['request.too_large'],
    415: ['request.unsupported_media_type'],
    422: ['request.validation_failed'],
    429: ['throttle.blocked'],
    503: ['service.busy', 'service.unavailable'],
  })
})

test('parameters, the strict body and the security schemes are described', async (t) => {
  const { paths, components } = await documentOf(t, [pets])
  const operation = paths['/homes/{id}/pets']?.['post'] ?? {}
  const parameters = operation['parameters'] as { name: string; in: string; required?: boolean }[]
  assert.deepEqual(
    parameters.map((one) => `${one.name} in ${one.in}${one.required ? '' : ', optional'}`),
    ['loud in query, optional', 'id in path', 'If-Match in header, optional'],
  )
  const body = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' } },
    additionalProperties: false,
  }
  assert.deepEqual(operation['requestBody'], { required: true, content: { 'application/json': { schema: body } } })
  assert.deepEqual(operation['security'], [{ bearer: [] }, { password: [] }, { cookie: [] }])
  assert.deepEqual(Object.keys(components.securitySchemes), ['bearer', 'password', 'cookie'])
  assert.deepEqual(Object.keys(paths), ['/homes/{id}/pets'])
})

test('the document says first how each kind of user authorizes, an API token before all others', async (t) => {
  const { info } = await documentOf(t, [pets])
  const userKinds = [...info.description.matchAll(/^\d\. \*\*(.*?):/gm)].map(([, kind]) => kind)
  assert.deepEqual(userKinds, [
    'Anyone',
    'You have an authenticator app',
    'You have a passkey and no app',
    'You have no second step yet',
  ])
  for (const [, code = ''] of info.description.matchAll(/`(\w+\.\w+)`/g)) assert.ok(Object.hasOwn(REFUSALS, code), code)
})

test('the document is sent compressed to clients that accept it', async (t) => {
  const { app } = await openGuardedApp(t, [pets])
  const plain = await app.inject('/openapi.json')
  const packed = await app.inject({ url: '/openapi.json', headers: { 'accept-encoding': 'gzip, br' } })
  assert.deepEqual([plain.headers['content-encoding'], packed.headers['content-encoding']], [undefined, 'br'])
  assert.deepEqual(brotliDecompressSync(packed.rawPayload), plain.rawPayload)
  assert.equal(packed.headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(packed.headers['vary'], 'accept-encoding')
})

test('a route has the tag of its section, unless it names another', async (t) => {
  const homes = (app: App): void => {
    const schema = { operationId: 'showHome', summary: 'A home', response: { 200: Home } }
    app.get('/homes/:id', { config: { access: 'anyone' }, schema }, () => ({ pets: [], favourite: null }))
    pets(app)
  }
  const { app } = await openGuardedApp(t, [Object.assign(homes, { tag: 'homes' })])
  const { paths } = (await app.openApi()) as OpenApiDocument
  assert.deepEqual(paths['/homes/{id}']?.['get']?.['tags'], ['homes'])
  assert.deepEqual(paths['/homes/{id}/pets']?.['post']?.['tags'], ['pets'])
})

test('an operation says who may use it, as its route declares it: in words, and as `x-access` for programs', async (t) => {
  const config = {
    access: 'users:read',
    or: 'audit:read',
    besides: 'policy:write',
    refusals: ['approval.waiting'],
  } as const
  const homes = (app: App): void => {
    const schema = { summary: 'A home', description: 'Of pets.', tags: ['homes'], response: { 200: Home } }
    app.get('/a', { config, schema: { ...schema, operationId: 'a' } }, () => ({ pets: [], favourite: null }))
    const recent = { access: 'signed-in', authentication: 'recent' } as const
    app.get('/b', { config: recent, schema: { ...schema, operationId: 'b' } }, () => ({ pets: [], favourite: null }))
    const open = { access: 'anyone' } as const
    app.get('/c', { config: open, schema: { ...schema, operationId: 'c' } }, () => ({ pets: [], favourite: null }))
  }
  const { paths } = await documentOf(t, [homes])
  const shown = Object.values(paths).map(({ get }) => [get?.['x-access'], get?.['description']])
  assert.deepEqual(shown, [
    [
      {
        access: 'users:read',
        or: 'audit:read',
        besides: 'policy:write',
        scopes: ['users:read', 'policy:write'],
        secondAdmin: true,
      },
      'Of pets.\n\nIt needs the permission `users:read` or `audit:read` and `policy:write`. ' +
        'An API token needs the scopes `users:read` and `policy:write`. ' +
        'With the two-person rule a second admin may have to agree; the answer then names the request.',
    ],
    [
      { access: 'signed-in', recent: true, scopes: [] },
      'Of pets.\n\nFor every signed-in user. ' +
        'It needs a session in which you confirmed it’s you a short time ago. API tokens are refused.',
    ],
    [{ access: 'anyone' }, 'Of pets.'],
  ])
})
