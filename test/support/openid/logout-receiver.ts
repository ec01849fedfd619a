// What takes the logout tokens of apps: a real server on loopback, whose answer the test chooses.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import type { Job } from '#foundation/job.ts'
import { backChannelJob } from '#use-cases/openid/back-channel.job.ts'
import { freePort } from '../server/ports.ts'
import type { Server } from '../server/start.ts'

export interface LogoutToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly text: string
  /** The parameters of the form. */
  readonly parameters: readonly string[]
}

export interface LogoutReceiver {
  readonly uri: string
  /** What came, in its order; those that got no good answer too. */
  readonly received: LogoutToken[]
  /** Answers each request from now on; 200 by default. */
  answer: (response: ServerResponse) => void
  stop(): Promise<void>
  again(): Promise<void>
}

/** Starts a receiver; it is stopped with the test. */
export async function startReceiver(t: TestContext): Promise<LogoutReceiver> {
  const port = await freePort()
  const site = createServer((request, response) => void take(request, response))
  const receiver: LogoutReceiver = {
    uri: `http://127.0.0.1:${port}/logout`,
    received: [],
    answer: (response) => void response.writeHead(200).end(),
    async stop() {
      site.close()
      site.closeAllConnections()
    },
    async again() {
      site.listen(port, '127.0.0.1')
      await once(site, 'listening')
    },
  }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    receiver.received.push({ ...readToken(form.get('logout_token') ?? ''), parameters: [...form.keys()] })
    receiver.answer(response)
  }
  await receiver.again()
  t.after(() => receiver.stop())
  return receiver
}

function readToken(text: string): Omit<LogoutToken, 'parameters'> {
  const [header = '', claims = ''] = text.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as LogoutToken['claims']
  return { header: read(header), claims: read(claims), text }
}

/** Chains what was recorded and lets a node notify the apps, until nothing is due. */
export async function notifyApps(server: Server, job: Job = backChannelJob()): Promise<void> {
  const signal = new AbortController().signal
  await chainPending(server.doorward)
  await job.run(jobContext(server.doorward), signal)
  await job.settle?.()
}
