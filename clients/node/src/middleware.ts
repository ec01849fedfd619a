// What asks the verifier before a route of a framework runs. None of them needs the framework to be installed.
import { AccessError, type Caller, type Demands } from './caller.ts'
import type { Authorized, Verifier } from './verifier.ts'

interface Request {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  caller?: Caller | undefined
}

interface ExpressResponse {
  status(code: number): this
  set(headers: Readonly<Record<string, string>>): this
  json(body: unknown): unknown
}

/** For Express: `app.use(expressCaller(verifier))`. Sets `request.caller`, or answers with 401, 403 or 503. */
export function expressCaller(verifier: Verifier, options: CallerOptions = {}) {
  return (request: Request, response: ExpressResponse, next: (error?: unknown) => void): void => {
    void callerOf(verifier, request, options).then(
      (caller) => {
        request.caller = caller
        next()
      },
      (error: unknown) => {
        if (error instanceof AccessError) response.status(error.status).set(error.headers).json(bodyOf(error))
        else next(error)
      },
    )
  }
}

export interface CallerOptions extends Demands {
  /** Lets requests without a token through; `caller` is then undefined. */
  readonly optional?: boolean
}

interface FastifyReply {
  code(status: number): this
  headers(headers: Readonly<Record<string, string>>): this
  send(body: unknown): unknown
}

/** For Fastify, as `preHandler` or `onRequest`. Sets `request.caller`, or answers with 401, 403 or 503. */
export function fastifyCaller(verifier: Verifier, options: CallerOptions = {}) {
  return async (request: Request, reply: FastifyReply): Promise<unknown> => {
    try {
      request.caller = await callerOf(verifier, request, options)
      return undefined
    } catch (error) {
      if (!(error instanceof AccessError)) throw error
      return reply.code(error.status).headers(error.headers).send(bodyOf(error))
    }
  }
}

/** For handlers of a standard `Request`, as those of Hono and Next.js: a handler that also gets the caller. */
export function withCaller<Rest extends readonly unknown[]>(
  verifier: Verifier,
  handle: (request: globalThis.Request, caller: Caller, ...rest: Rest) => Response | Promise<Response>,
  demands: Demands = {},
) {
  return async (request: globalThis.Request, ...rest: Rest): Promise<Response> => {
    const found = await verifier.verify(request, demands).catch((error: unknown) => answerTo(error))
    return found instanceof Response ? found : handle(request, found, ...rest)
  }
}

function answerTo(error: unknown): Response {
  if (error instanceof AccessError)
    return Response.json(bodyOf(error), { status: error.status, headers: error.headers })
  throw error
}

function callerOf(verifier: Verifier, request: Authorized, { optional = false, ...demands }: CallerOptions) {
  return optional ? verifier.verifyIfSent(request, demands) : verifier.verify(request, demands)
}

function bodyOf({ status, message }: AccessError): object {
  return { status, detail: message }
}
