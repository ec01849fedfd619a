import { AccessError, type Caller, type Demands, refused, requireDemands } from './caller.ts'
import { EndingStream, steadyNow } from './ending-stream.ts'
import { jwtIn, KeyChecks } from './jwt.ts'
import { TokenMemory } from './token-memory.ts'

export interface VerifierOptions {
  /** Of the server, such as `https://id.example.org`. */
  readonly url: string
  /** The app that this program is, with its secret; for the token of a resource, the app that serves the resource. */
  readonly clientId: string
  readonly clientSecret: string
  /** The URIs of the resources that this program serves. */
  readonly resources?: readonly string[]
  /** Milliseconds for one question. */
  readonly timeout?: number
  readonly fetch?: typeof fetch
  readonly now?: () => number
  /** Is given a sentence when asking fails, and when it works again. */
  readonly log?: (sentence: string) => void
}

/** A request as the frameworks have it, or only its header. */
export type Authorized =
  | { readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>> }
  | string

export interface Verifier {
  /** Returns who sends a request; throws an `AccessError` otherwise. */
  readonly verify: (request: Authorized, demands?: Demands) => Promise<Caller>
  /** The same, but undefined for a request without a token. */
  readonly verifyIfSent: (request: Authorized, demands?: Demands) => Promise<Caller | undefined>
  /** Ends the connection by which this program hears of endings; what is verified afterwards is asked about. */
  readonly close: () => void
}

const TIMEOUT = 2000
const WORKS = 'Doorward answers again.'
/** Questions that are under way at once; further ones wait for as long as one may take. */
const MOST_AT_ONCE = 50

/** How long it is remembered that a token is worth nothing, and of how many. */
const REFUSED_FOR = 1000
const MOST_REFUSED = 1000

/**
 * Verifies access tokens: asks Doorward about one (RFC 7662), and remembers the answer while it hears of all endings. JWTs for its resources it
 * checks by the published keys and by the endings. So who was disabled or signed out is refused within two seconds, whatever becomes of the
 * connection.
 */
export function verifier(options: VerifierOptions): Verifier {
  const questions = new Questions(options)
  const now = options.now ?? Date.now
  const verifyToken = async (token: string, demands: Demands): Promise<Caller> => {
    const caller = questions.remembered(token) ?? (await questions.ask(token))
    if (caller === undefined) throw refused(401, 'invalid_token', 'The token is not valid, or not for this program')
    requireDemands(caller, demands, now())
    return caller
  }
  const verifyIfSent = async (request: Authorized, demands: Demands = {}): Promise<Caller | undefined> => {
    const header = headerOf(request)
    if (header === undefined) return undefined
    const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(header) ?? []
    if (token === undefined) throw refused(401, 'invalid_request', 'The header Authorization holds no bearer token')
    return verifyToken(token, demands)
  }
  return {
    verifyIfSent,
    async verify(request, demands) {
      const caller = await verifyIfSent(request, demands)
      if (caller === undefined) throw new AccessError(401, 'No access token was sent', 'Bearer')
      return caller
    },
    close: () => questions.close(),
  }
}

function headerOf(request: Authorized): string | undefined {
  if (typeof request === 'string') return request
  const { headers } = request
  const found = headers instanceof Headers ? headers.get('authorization') : headers['authorization']
  return typeof found === 'string' ? found : undefined
}

/** One question at a time for each token, and a limited number at once: a burst of requests is no burst of questions, nor is a stream that was cut. */
class Questions {
  readonly #options: VerifierOptions
  readonly #memory = new TokenMemory()
  readonly #refused = new Map<string, number>()
  readonly #stream: EndingStream
  readonly #keys: KeyChecks
  readonly #underWay = new Map<string, Promise<Caller | undefined>>()
  readonly #waiting: (() => void)[] = []
  #asking = 0
  #fails = false

  constructor(options: VerifierOptions) {
    this.#options = options
    this.#stream = new EndingStream({
      url: baseOf(options),
      authorization: authorizationOf(options),
      fetch: (...request) => (options.fetch ?? fetch)(...request),
      hear: (ending) => this.#memory.hear(ending),
      forget: () => this.#memory.forget(),
    })
    this.#keys = new KeyChecks((path) => readJson(path, options))
  }

  close(): void {
    this.#stream.close()
  }

  /** Returns who sends a token, if that may be believed without a question. */
  remembered(token: string): Caller | undefined {
    return this.#stream.isLive() ? this.#memory.find(token) : undefined
  }

  /** Returns undefined for a token that is worth nothing here. Throws an `AccessError` of 503 if that cannot be found out. */
  ask(token: string): Promise<Caller | undefined> {
    const known = this.#underWay.get(token)
    if (known !== undefined) return known
    if (steadyNow() < (this.#refused.get(token) ?? -Infinity)) return Promise.resolve(undefined)
    const asked = this.#checkOrAsk(token).finally(() => this.#underWay.delete(token))
    this.#underWay.set(token, asked)
    return asked
  }

  async #checkOrAsk(token: string): Promise<Caller | undefined> {
    const jwt = jwtIn(token)
    const caller = await (jwt === undefined ? this.#inTurn(token) : this.#check(token, jwt))
    if (caller !== undefined) return caller
    if (this.#refused.size >= MOST_REFUSED) this.#refused.clear()
    this.#refused.set(token, steadyNow() + REFUSED_FOR)
    return undefined
  }

  /** Without the stream nothing says whether a JWT has ended, and it cannot be asked about. */
  async #check(token: string, jwt: NonNullable<ReturnType<typeof jwtIn>>): Promise<Caller | undefined> {
    const { resources = [], now = Date.now, timeout = TIMEOUT } = this.#options
    const { exp, aud } = jwt.claims
    if (![aud].flat().some((one) => resources.includes(String(one)))) return undefined
    const since = steadyNow()
    const isValid = await this.#keys.isValid(jwt, now()).catch((error: unknown) => this.#unknown(describe(error)))
    const caller = callerOf({ ...jwt.claims, active: true, token_type: 'Bearer' }, this.#options)
    if (!isValid || caller === undefined) return undefined
    if (!(await this.#stream.becomesLive(timeout))) this.#unknown('the stream of endings is cut')
    this.#say(false, WORKS)
    if (this.#memory.hasEnded(caller)) return undefined
    this.#memory.remember(token, caller, {
      since,
      lifetime: Number(exp) * 1000 - now(),
      isJwt: true,
    })
    return caller
  }

  async #inTurn(token: string): Promise<Caller | undefined> {
    if (this.#asking < MOST_AT_ONCE) this.#asking += 1
    else await this.#turn()
    try {
      return await this.#answerTo(token)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#asking -= 1
      else next()
    }
  }

  /** Resolves when a question that ends hands its turn on. */
  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(new AccessError(503, 'Too many questions wait for Doorward'))
      }, this.#options.timeout ?? TIMEOUT)
      this.#waiting.push(go)
    })
  }

  async #answerTo(token: string): Promise<Caller | undefined> {
    for (let isFirst = true; ; isFirst = false) {
      const since = steadyNow()
      const { generation } = this.#stream
      const { claims, lifetime } = await introspect(token, this.#options).catch((error: unknown) =>
        this.#unknown(describe(error)),
      )
      this.#say(false, WORKS)
      const caller = callerOf(claims, this.#options)
      if (caller === undefined) return undefined
      if (!this.#memory.heardSince(since, caller)) {
        const canHear = generation !== undefined && generation === this.#stream.generation
        if (canHear) this.#memory.remember(token, caller, { since, lifetime, isJwt: false })
        return caller
      }
      // Made before the ending, perhaps, and delivered after it. The second answer was asked for after that.
      if (!isFirst) return caller
    }
  }

  /** Without an answer the request is refused. It says nothing about the token, therefore 503 and not 401. */
  #unknown(reason: string): never {
    this.#say(true, `Doorward could not be asked about a token: ${reason}. Requests are refused with 503.`)
    throw new AccessError(503, 'Doorward could not be asked about the token')
  }

  /** Once for each change, since it concerns every request. */
  #say(fails: boolean, sentence: string): void {
    if (this.#fails !== fails) (this.#options.log ?? warn)(sentence)
    this.#fails = fails
  }
}

function warn(sentence: string): void {
  console.warn(sentence)
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}

function baseOf({ url }: VerifierOptions): string {
  return url.replace(/\/$/, '')
}

/** RFC 6749 §2.3.1: both are encoded as in a form before they are joined. */
function authorizationOf({ clientId, clientSecret }: VerifierOptions): string {
  return `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}`
}

/** Rejects where nothing was learned about the token, also if the answer breaks off or is no JSON. */
async function introspect(token: string, options: VerifierOptions): Promise<{ claims: Claims; lifetime: number }> {
  const since = steadyNow()
  const answer = await send('/oidc/token/introspection', options, {
    method: 'POST',
    headers: { authorization: authorizationOf(options) },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
  })
  // 400 is an answer about the token. Other errors are about this program or the server, such as a wrong secret (401).
  if (answer.status === 400) return { claims: { active: false }, lifetime: 0 }
  const claims = await jsonIn(answer)
  // A process that was stopped reads what came meanwhile before it sees that the time is over.
  if (steadyNow() - since > (options.timeout ?? TIMEOUT)) throw new Error('the answer came late')
  const { exp } = claims
  // By the clock of the server, if it says it.
  const sentAt = Date.parse(answer.headers.get('date') ?? '') || (options.now ?? Date.now)()
  return { claims, lifetime: typeof exp === 'number' ? exp * 1000 - sentAt : 0 }
}

async function readJson(path: string, options: VerifierOptions): Promise<Claims> {
  return jsonIn(await send(path, options))
}

function send(path: string, options: VerifierOptions, request: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(options.timeout ?? TIMEOUT)
  return (options.fetch ?? fetch)(baseOf(options) + path, { ...request, redirect: 'error', signal })
}

async function jsonIn(answer: Response): Promise<Claims> {
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  const claims: unknown = await answer.json()
  if (typeof claims !== 'object' || claims === null) throw new Error('the answer holds no claims')
  return claims as Claims
}

type Claims = Readonly<Record<string, unknown>> & { readonly active?: boolean }

/** Undefined for a token that has ended, is no access token, or is for another program. */
function callerOf(claims: Claims, { clientId, resources = [] }: VerifierOptions): Caller | undefined {
  const { active, sub, aud, client_id: client, token_type: kind, scope, roles, groups, acr, auth_time: time } = claims
  const audience = [aud ?? client].flat()
  const isForUs = audience.some((one) => one === clientId || resources.includes(String(one)))
  if (active !== true || kind !== 'Bearer' || typeof sub !== 'string' || typeof client !== 'string' || !isForUs)
    return undefined
  return {
    subject: sub,
    clientId: client,
    scopes: typeof scope === 'string' ? scope.split(' ') : [],
    roles: textsIn(roles),
    groups: textsIn(groups),
    acr: typeof acr === 'string' ? acr : undefined,
    authenticatedAt: typeof time === 'number' ? new Date(time * 1000) : undefined,
    claims,
  }
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []
}
