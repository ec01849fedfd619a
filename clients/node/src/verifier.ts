import { AccessError, type Caller, type Demands, refused, requireDemands } from './caller.ts'

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
}

const TIMEOUT = 2000
/** Questions that are under way at once; further ones wait for as long as one may take. */
const MOST_AT_ONCE = 50

/** Asks Doorward about each access token (RFC 7662). So who was disabled or signed out is refused at the next request. */
export function verifier(options: VerifierOptions): Verifier {
  const questions = new Questions(options)
  const now = options.now ?? Date.now
  const verifyToken = async (token: string, demands: Demands): Promise<Caller> => {
    const caller = await questions.ask(token)
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
  }
}

function headerOf(request: Authorized): string | undefined {
  if (typeof request === 'string') return request
  const { headers } = request
  const found = headers instanceof Headers ? headers.get('authorization') : headers['authorization']
  return typeof found === 'string' ? found : undefined
}

/** One question at a time for each token, and a limited number at once: a burst of requests is no burst of questions. */
class Questions {
  readonly #options: VerifierOptions
  readonly #underWay = new Map<string, Promise<Caller | undefined>>()
  readonly #waiting: (() => void)[] = []
  #asking = 0
  #fails = false

  constructor(options: VerifierOptions) {
    this.#options = options
  }

  /** Returns undefined for a token that is worth nothing here. Throws an `AccessError` of 503 if that cannot be found out. */
  ask(token: string): Promise<Caller | undefined> {
    const known = this.#underWay.get(token)
    if (known !== undefined) return known
    const asked = this.#inTurn(token).finally(() => this.#underWay.delete(token))
    this.#underWay.set(token, asked)
    return asked
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
    const claims = await introspect(token, this.#options).catch((error: unknown) => this.#unknown(describe(error)))
    this.#say(false, 'Doorward answers again.')
    return callerOf(claims, this.#options)
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

/** Rejects where nothing was learned about the token, also if the answer breaks off or is no JSON. */
async function introspect(token: string, options: VerifierOptions): Promise<Claims> {
  const { url, clientId, clientSecret, timeout = TIMEOUT } = options
  // RFC 6749 §2.3.1: both are encoded as in a form before they are joined.
  const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
  const answer = await (options.fetch ?? fetch)(`${url.replace(/\/$/, '')}/oidc/token/introspection`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(credentials)}` },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  })
  // 400 is an answer about the token. Other errors are about this program or the server, such as a wrong secret (401).
  if (answer.status === 400) return { active: false }
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
