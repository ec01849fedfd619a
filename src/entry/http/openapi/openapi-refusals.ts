import type { FastifyContextConfig } from 'fastify'

import { Refusal, type RefusalCode, type RefusalFacts, REFUSALS } from '#foundation/kernel/refusal.ts'
import { STATUS_OF, toProblem } from '#foundation/web/http/problem.ts'
import { isOpen, scopesOfRoute } from '../permission.ts'

/** The properties of a route that decide which error codes it can answer with. */
export interface RefusingRoute {
  readonly method: string
  readonly config: FastifyContextConfig
  readonly readsBody: boolean
  readonly readsParameters: boolean
}

const PROBLEM = 'application/problem+json'
const SAMPLE_ID = '019a0000-0000-7000-8000-000000000000'
const SAMPLE_FACTS: Partial<Record<RefusalCode, RefusalFacts>> = {
  'request.validation_failed': { fieldErrors: [{ pointer: '/username', code: 'field.missing' }] },
  'throttle.blocked': { retryAfter: 30 },
  'help.mail_limit': { retryAfter: 1800 },
  'access.reauthentication_required': { maxAge: 600 },
  'access.insufficient_scope': { scope: 'self:read' },
  'role.in_use': { users: 3 },
  'role.named_by_policy': { policies: ['Help desk'] },
  'role.named_by_app': { apps: ['Wiki'] },
  'group.named_by_app': { apps: ['Wiki'] },
  'role.named_by_host': { hosts: ['wiki.example.org'] },
  'group.named_by_host': { hosts: ['wiki.example.org'] },
  'policy.exemption_useless': { secondFactor: 'required' },
}

/** An example of each error, by its code. Every route that can answer with the error refers to it. */
export type RefusalExamples = Map<string, object>

/** The error responses of a route, one for each status. Their examples are added to `examples`. */
export function refusalResponses(
  route: RefusingRoute,
  examples: RefusalExamples,
  publicUrl: string,
): Record<string, object> {
  const byStatus = Map.groupBy(refusalsOf(route), (code) => STATUS_OF[REFUSALS[code].kind])
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [String(status), responseFor(codes, examples, publicUrl)]),
  )
}

/** Every error code of a route: the codes that it declares, and those that follow from its access and its input. */
function refusalsOf({ method, config, readsBody, readsParameters }: RefusingRoute): RefusalCode[] {
  const access = config.access ?? 'anyone'
  const open = isOpen(access)
  const codes: RefusalCode[] = []
  if (!open) {
    const scopes = scopesOfRoute({ ...config, access, method })
    codes.push('access.not_authenticated', 'access.invalid_token')
    codes.push(scopes === undefined ? 'access.session_required' : 'access.insufficient_scope')
  }
  if (!open && access !== 'signed-in') codes.push('access.insufficient_permissions', 'access.second_factor_missing')
  if (!open && method !== 'GET') codes.push('request.cross_origin')
  if (config.authentication) codes.push('access.reauthentication_required')
  // A body is read even if the route has no schema for one, so reading it can fail.
  if (method !== 'GET') codes.push('request.unreadable', 'request.too_large', 'request.unsupported_media_type')
  if (readsBody || readsParameters) codes.push('request.validation_failed')
  // What waits for a second admin is answered with the request, which the route's own answers describe.
  codes.push(...(config.refusals ?? []).filter((code) => code !== 'approval.waiting'))
  const asksDatabase = !open || readsBody || readsParameters || codes.length > 0
  if (asksDatabase) codes.push('service.busy', 'service.unavailable')
  return [...new Set(codes)]
}

function responseFor(codes: readonly RefusalCode[], examples: RefusalExamples, publicUrl: string): object {
  const problems = codes.map((code) => ({
    code,
    ...toProblem(new Refusal(code, SAMPLE_FACTS[code]), { publicUrl, instance: SAMPLE_ID }),
  }))
  for (const { code, body } of problems) examples.set(code, { summary: body.title, value: body })
  const headers = new Set(problems.flatMap((problem) => Object.keys(problem.headers)))
  return {
    description: codes.map((code) => `\`${code}\`: ${REFUSALS[code].detail}`).join('\n\n'),
    ...(headers.size > 0 && {
      headers: Object.fromEntries([...headers].map((name) => [name, { type: 'string' }])),
    }),
    content: {
      [PROBLEM]: {
        // The list grows with the versions: a client takes a code that it does not know for its status.
        schema: { allOf: [{ $ref: 'Problem#' }], properties: { code: { enum: codes } } },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  }
}

/** The parts of a documented answer by which it can be shared. */
export interface DocumentedAnswer {
  readonly $ref?: string
  headers?: object
  readonly content?: Readonly<Record<string, { readonly examples?: object }>>
}

/**
 * Moves the error answers that several operations have to the shared components, named for their codes: two fifths of the document repeated them.
 * @returns the components
 */
export function shareRefusals(
  operations: readonly { responses: Readonly<Record<string, DocumentedAnswer>> }[],
): Readonly<Record<string, DocumentedAnswer>> {
  const named = (answer: DocumentedAnswer): string => Object.keys(answer.content?.[PROBLEM]?.examples ?? {}).join('-')
  const answers = operations.flatMap(({ responses }) => Object.values(responses))
  const alike = Map.groupBy(answers, named)
  const isShared = (answer: DocumentedAnswer): boolean =>
    named(answer) !== '' && (alike.get(named(answer))?.length ?? 0) > 1
  for (const operation of operations) {
    const shown = Object.entries(operation.responses).map(([status, answer]) => {
      return [status, isShared(answer) ? { $ref: `#/components/responses/${named(answer)}` } : answer] as const
    })
    operation.responses = Object.fromEntries(shown)
  }
  const shared = [...alike].flatMap(([name, [first]]) =>
    first !== undefined && isShared(first) ? [[name, first] as const] : [],
  )
  return Object.fromEntries(shared.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'A problem document (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'A page about this kind of problem.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened and what to do now.' },
    instance: { type: 'string', description: 'The id of the request, as in `X-Request-Id` and in the log.' },
    code: { type: 'string', description: 'What programs should look at.' },
    refusal: {
      type: 'string',
      description:
        'Where credentials were refused: the reference by which an admin finds out why, at `GET /refusals/{id}`. It tells nothing by itself.',
    },
    scope: { type: 'string', description: 'The scope that an API token lacks.' },
    users: { type: 'integer', description: 'How many users are concerned.' },
    policies: { type: 'array', items: { type: 'string' }, description: 'The names of the policies concerned.' },
    apps: { type: 'array', items: { type: 'string' }, description: 'The names of the apps concerned.' },
    hosts: { type: 'array', items: { type: 'string' }, description: 'The names of the protected hosts concerned.' },
    errors: {
      type: 'array',
      description: 'What is wrong with which field.',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: {
            type: 'string',
            description: 'A JSON Pointer (RFC 6901) to the field; empty for the whole input.',
          },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
}
