// Times the lists and pages of an admin by HTTP, one after the other.
import { startSession } from '#domain/sessions/session.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import type { Context } from '#foundation/context.ts'
import { median } from './load.ts'
import type { Row } from './table.ts'

/** The longest time of a list, a page or a plan, in milliseconds. */
const MOST_TIME = 100

/** The sessions of a user, for the API and for the pages. */
export type BothSessions = Readonly<Record<'bearer' | 'cookie', string>>

export interface TimedRequest {
  readonly method?: 'POST'
  readonly body?: { readonly scope: string; readonly scope_ref?: string; readonly second_factor: string }
}

/** A path that begins so is a page. */
const PAGES = ['/admin/', '/account/']

/** Inserts an admin who is signed in. */
export async function insertAdmin(ctx: Context): Promise<BothSessions> {
  const user = await insertUser(ctx, { username: 'root', role: 'admin', secondFactorAt: ctx.now })
  return sessionsOf(ctx, user)
}

export async function sessionsOf(
  ctx: Context,
  user: Parameters<typeof startSession>[1]['user'],
): Promise<BothSessions> {
  const session = async (transport: 'bearer' | 'cookie'): Promise<string> =>
    (await startSession(ctx, { user, methods: ['password', 'totp'], transport })).token.reveal()
  return { bearer: await session('bearer'), cookie: await session('cookie') }
}

export async function timeRequests(
  engine: string,
  rounds: number,
  { url, sessions }: { readonly url: string; readonly sessions: BothSessions },
  requests: readonly (readonly [path: string, request: TimedRequest])[],
): Promise<Row[]> {
  const rows: Row[] = []
  for (const [path, { method = 'GET', body }] of requests) {
    const signedIn = PAGES.some((start) => path.startsWith(start))
      ? { cookie: `session=${sessions.cookie}` }
      : { authorization: `Bearer ${sessions.bearer}` }
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const begun = performance.now()
      const headers = { ...signedIn, ...(body && { 'content-type': 'application/json' }) }
      const answer = await fetch(`${url}${path}`, {
        method,
        headers,
        redirect: 'manual',
        body: body === undefined ? null : JSON.stringify(body),
      })
      await answer.text()
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
      times.push(performance.now() - begun)
    }
    const what = `${engine}: ${method} ${path}${body ? ` of ${body.scope}` : ''}, ms`
    const note = `${Math.max(...times).toFixed(0)} ms at most`
    rows.push({ what, measured: median(times), target: MOST_TIME, better: 'less', note })
  }
  return rows
}
