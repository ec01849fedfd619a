// A process of an app that verifies one token again and again: forked by the test, which asks how it went over IPC.
import { setTimeout as pass } from 'node:timers/promises'

import { AccessError, verifier, type VerifierOptions } from '../../../clients/node/src/index.ts'
import { urlSent } from './stream-proxy.ts'

export interface Watched {
  readonly options: Pick<VerifierOptions, 'url' | 'clientId' | 'clientSecret'>
  readonly token: string
}

export interface Progress {
  /** How many requests in a row were accepted without a question. */
  readonly remembered: number
  /** When the last request was sent that was accepted, in milliseconds since 1970. */
  readonly acceptedAt: number
  /** What the last request got, and when it was sent. */
  readonly status: number
  readonly sentAt: number
}

let progress: Progress = { remembered: 0, acceptedAt: 0, status: 0, sentAt: 0 }

process.on('message', (message: Watched | 'progress') => {
  if (message === 'progress') process.send?.(progress)
  else void watch(message)
})

async function watch({ options, token }: Watched): Promise<void> {
  let questions = 0
  const { verify } = verifier({
    ...options,
    log: () => undefined,
    fetch: (url, request) => {
      if (urlSent(url).endsWith('/introspection')) questions += 1
      return fetch(url, request)
    },
  })
  for (;;) {
    const before = questions
    const sentAt = Date.now()
    const status = await verify(`Bearer ${token}`).then(
      () => 200,
      (error: unknown) => (error instanceof AccessError ? error.status : 500),
    )
    progress = {
      remembered: status === 200 && questions === before ? progress.remembered + 1 : 0,
      acceptedAt: status === 200 ? sentAt : progress.acceptedAt,
      status,
      sentAt,
    }
    await pass(5)
  }
}
