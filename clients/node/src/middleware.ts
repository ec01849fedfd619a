// What asks who sends a request before a route of a framework runs. None of them needs the framework to be installed.
import { AccessError, type Demands } from './caller.ts'
import type { Connected } from './remote-user.ts'

/** What knows who sends a request: `verifier()` by its access token, `remoteUsers()` by the headers of a reverse proxy. */
export interface CallerSource<Who, Wanted> {
  readonly verify: (request: Connected, demands?: Wanted) => Promise<Who>
  readonly verifyIfSent: (request: Connected, demands?: Wanted) => Promise<Who | undefined>
}

/** The demands of the route: on a caller's token, or on a user behind a proxy. */
export type CallerOptions<Wanted = Demands> = Wanted & {
  /** Lets requests without a token or user through, whatever is demanded of the others; `caller` is then undefined. */
  readonly optional?: boolean
}

interface Request extends Connected {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  caller?: unknown
}

interface ExpressResponse {
  status(code: number): this
  set(headers: Readonly<Record<string, string>>): this
  json(body: unknown): unknown
}

/** For Express: `app.use(expressCaller(verifier))`. Sets `request.caller`, or answers with 401, 403 or 503. */
export function expressCaller<Who, Wanted>(source: CallerSource<Who, Wanted>, options?: CallerOptions<Wanted>) {
  return (request: Request, response: ExpressResponse, next: (error?: unknown) => void): void => {
    void callerOf(source, request, options).then(
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

interface FastifyReply {
  code(status: number): this
  headers(headers: Readonly<Record<string, string>>): this
  send(body: unknown): unknown
}

/** For Fastify, as `preHandler` or `onRequest`. Sets `request.caller`, or answers with 401, 403 or 503. */
export function fastifyCaller<Who, Wanted>(source: CallerSource<Who, Wanted>, options?: CallerOptions<Wanted>) {
  return async (request: Request, reply: FastifyReply): Promise<unknown> => {
    try {
      request.caller = await callerOf(source, request, options)
      return undefined
    } catch (error) {
      if (!(error instanceof AccessError)) throw error
      return reply.code(error.status).headers(error.headers).send(bodyOf(error))
    }
  }
}

type Handler<Who, Rest extends readonly unknown[]> = (
  request: globalThis.Request,
  caller: Who,
  ...rest: Rest
) => Response | Promise<Response>

interface IpAddressOf<Rest extends readonly unknown[]> {
  /** Returns the IP address of the connection, for `remoteUsers()`: a standard `Request` does not have it. */
  readonly ipAddressOf?: (request: globalThis.Request, ...rest: Rest) => string | undefined
}

/**
 * For handlers of a standard `Request`, as those of Hono and Next.js: a handler that also gets the caller. What follows the request is handed
 * on, such as the context of Hono in `app.get('/me', (context) => handler(context.req.raw, context))`.
 */
export function withCaller<Who, Wanted, Rest extends readonly unknown[]>(
  source: CallerSource<Who, Wanted>,
  handle: Handler<Who | undefined, Rest>,
  options: CallerOptions<Wanted> & IpAddressOf<Rest> & { readonly optional: true },
): (request: globalThis.Request, ...rest: Rest) => Promise<Response>
export function withCaller<Who, Wanted, Rest extends readonly unknown[]>(
  source: CallerSource<Who, Wanted>,
  handle: Handler<Who, Rest>,
  options?: Wanted & IpAddressOf<Rest>,
): (request: globalThis.Request, ...rest: Rest) => Promise<Response>
export function withCaller<Who, Wanted, Rest extends readonly unknown[]>(
  source: CallerSource<Who, Wanted>,
  handle: Handler<Who | undefined, Rest>,
  { ipAddressOf, ...options }: Partial<CallerOptions<Wanted>> & IpAddressOf<Rest> = {},
) {
  return async (request: globalThis.Request, ...rest: Rest): Promise<Response> => {
    const { headers } = request
    const asked =
      ipAddressOf === undefined ? { headers } : { headers, socket: { remoteAddress: ipAddressOf(request, ...rest) } }
    const found = await callerOf(source, asked, options as CallerOptions<Wanted>).catch(answerTo)
    return found instanceof Response ? found : handle(request, found, ...rest)
  }
}

function answerTo(error: unknown): Response {
  if (error instanceof AccessError)
    return Response.json(bodyOf(error), { status: error.status, headers: error.headers })
  throw error
}

function callerOf<Who, Wanted>(
  source: CallerSource<Who, Wanted>,
  request: Connected,
  options?: CallerOptions<Wanted>,
): Promise<Who | undefined> {
  const { optional = false, ...demands } = options ?? {}
  return optional ? source.verifyIfSent(request, demands as Wanted) : source.verify(request, demands as Wanted)
}

function bodyOf({ status, message }: AccessError): object {
  return { status, detail: message }
}
